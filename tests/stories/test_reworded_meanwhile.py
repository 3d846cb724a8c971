"""A point is reworded, split or merged while somebody writes: nobody's entry stands on a text that its author never
saw, and nothing typed is lost."""

import pytest
from werkzeug.test import TestResponse

from tests.evidence_files import PDF
from tests.stories import updates
from tests.stories.assessments import NEW, PAGE, TEXT, preview
from tests.stories.evidence import sent
from tests.stories.pages import by_class, by_id, contents, words_of
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database

POINTS = "/action-points/KGZ-3/A12"
CHANGED = "The text that you write about was changed after you opened this form, so nothing was stored."


def reword(coordinator: StrictClient) -> None:
    said = {"text": "The new text", "meaning": "same"}
    assert coordinator.send(f"{POINTS}.1/reword", "/reword", **said).status_code == 303


def split(coordinator: StrictClient) -> None:
    parts = {"part_1": "The new text", "part_2": "The rest of it"}
    assert coordinator.send(f"{POINTS}.1/split", "/split", **parts).status_code == 303


def assert_told(answer: TestResponse, typed: dict[str, str]) -> None:
    """The page has the new text and the form everything that was typed."""
    assert answer.status_code == 409
    assert CHANGED in text_of(answer)
    assert "The new text" in words_of(by_class(answer, "answering")[0])
    values = values_of(find_form(answer, None))
    assert {name: values[name] for name in typed} == typed


@pytest.mark.parametrize("change", [reword, split])
def test_an_assessment_is_published_on_what_its_author_read(
    signed_in: SignIn, client: StrictClient, database: Database, change: object
) -> None:
    lead, coordinator = signed_in("lead"), signed_in("coordinator")
    form, shown = lead.get(NEW), preview(lead)
    change(coordinator)  # type: ignore[operator]
    # When the form and the preview of the earlier text are sent
    told = lead.send_from(shown, "/publish", "publish", files=sent("proof.pdf", PDF))
    assert_told(told, TEXT)
    assert_told(lead.send_from(form, None, "preview", **TEXT), TEXT)
    # Nor does an incomplete form, or a look back at it, hide the change
    again = lead.send_from(lead.send_from(form, None, "preview", **{**TEXT, "reason": ""}), None, "preview")
    changed = lead.send_from(shown, NEW, "change")
    assert again.status_code == 422
    assert_told(lead.send_from(again, None, "preview", reason=TEXT["reason"]), TEXT)
    assert_told(lead.send_from(changed, None, "preview"), TEXT)
    assert contents(database)["assessments"] == contents(database)["evidence"] == []
    # Then, having read the new text, its author publishes
    assert lead.send_from(lead.send_from(told, NEW, "preview"), "/publish", "publish").status_code == 303
    point = words_of(by_id(client.get(PAGE), "A12.1"))
    assert TEXT["reason"] in point
    assert "earlier wording" not in point


def test_an_assessment_of_the_whole_is_published_on_what_its_author_read(
    signed_in: SignIn, database: Database
) -> None:
    lead, coordinator = signed_in("lead"), signed_in("coordinator")
    shown = preview(lead, "/assessments/new/KGZ-3/A12")
    corrected = coordinator.send("/editing/KGZ-3/A12", "/A12", text="The new text")
    assert corrected.status_code == 303
    assert_told(lead.send_from(shown, "/publish", "publish"), TEXT)
    assert contents(database)["assessments"] == []


@pytest.mark.parametrize("change", [reword, split])
def test_an_update_is_submitted_on_what_its_writer_read(
    signed_in: SignIn, client: StrictClient, database: Database, change: object
) -> None:
    focal_point, coordinator = signed_in("focal_point"), signed_in("coordinator")
    # Given a form of a new update, a draft with its page and its form
    new = focal_point.get(updates.NEW)
    draft = updates.write(focal_point)
    page, form = focal_point.get(f"/updates/{draft}"), focal_point.get(f"/updates/{draft}/change")
    before = updates.row(database, draft)
    change(coordinator)  # type: ignore[operator]
    # When each is submitted
    assert_told(focal_point.send_from(form, None, "submit", **updates.TEXT), updates.TEXT)
    told = focal_point.send_from(page, "/submit")
    assert told.status_code == 409
    assert "It now says: “The new text”" in text_of(told)
    assert updates.row(database, draft) == before
    # Then the page of the draft says what the point said before
    page = focal_point.get(f"/updates/{draft}")
    assert "The point was reworded after this update was begun. It said: “" in text_of(page)
    assert focal_point.send_from(page, "/submit").status_code == 303
    assert updates.step(signed_in("validating_officer"), draft, "validate") == 303
    assert updates.step(coordinator, draft, "publish") == 303
    assert "earlier wording" not in words_of(by_id(client.get(PAGE), "A12.1"))
    assert_told(focal_point.send_from(new, None, "submit", **updates.TEXT), updates.TEXT)


def test_a_draft_is_saved_whatever_the_point_says_now(signed_in: SignIn) -> None:
    focal_point = signed_in("focal_point")
    form = focal_point.get(updates.NEW)
    reword(signed_in("coordinator"))
    assert focal_point.send_from(form, None, "keep", **updates.TEXT).status_code == 303


def test_who_validates_and_publishes_reads_that_the_point_was_changed_since(
    signed_in: SignIn, client: StrictClient
) -> None:
    coordinator, officer = signed_in("coordinator"), signed_in("validating_officer")
    update = updates.write(signed_in("focal_point"), "submit")
    split(coordinator)
    since = "Published, it is marked as made on the earlier wording: “"
    page = officer.get(f"/updates/{update}")
    assert since in text_of(page)
    assert "so no figure will count this update" in text_of(page)
    assert officer.send_from(page, "/validate").status_code == 303
    publication = coordinator.get(f"/updates/{update}/publish")
    assert since in text_of(publication)
    assert coordinator.send_from(publication, "/publish").status_code == 303
    assert "Made on an earlier wording of this point" in words_of(by_id(client.get(PAGE), "A12.1"))
    assert since not in text_of(officer.get(f"/updates/{update}"))
