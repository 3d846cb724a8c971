"""A point that is no longer followed up: what was said on it stays readable, and nothing counts it any more."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import cast as people
from tests.stories.assessments import PAGE, preview, publish
from tests.stories.assessments import TEXT as ASSESSED
from tests.stories.pages import buttons_of, by_class, by_id, contents, link_of, refs_of, words_of
from tests.stories.updates import NEW, TEXT, published, step, write
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database

ASSESSING = "/assessments/new/KGZ-3/A12."


def retire(database: Database, ref: str) -> None:
    with database.transaction() as session:
        people.retire_point(session, ref, datetime(2026, 11, 20, 9, tzinfo=UTC))


@pytest.fixture
def said(signed_in: SignIn, database: Database, cast: people.Cast) -> None:
    """Both voices have spoken on A12.1, one of them several times, and an update waits on A12.2, when the two are
    retired."""
    published(signed_in)
    publish(signed_in("lead"))
    with database.transaction() as session:
        for hours in range(5):
            people.make_assessment(session, cast, now=people.NOW - timedelta(hours=hours))
    for ref in ("A12.1", "A12.2"):
        retire(database, ref)


@pytest.mark.usefixtures("said")
def test_what_was_said_on_it_stays_on_the_page(client: StrictClient) -> None:
    point = words_of(by_id(client.get(PAGE), "A12.1"))
    assert "No longer followed up since 20 November 2026" in point
    assert TEXT["reason"] in point
    assert "None of the complaints led to a charge." in point
    # Newest entries of the home page lead there
    assert 'href="/recommendations/KGZ-3/A12#A12.1"' in client.get("/").get_data(as_text=True)
    # It comes after the points that are followed up; one on which nobody spoke is left out
    titles = [words_of(each).split()[0] for each in by_class(client.get(PAGE), "point__title")]
    assert titles == ["A12.3", "A12.4", "A12.5", "A12.1"]


@pytest.mark.usefixtures("said")
def test_all_entries_on_it_are_a_page_like_those_of_others(client: StrictClient) -> None:
    address = link_of(client.get(PAGE), "All 7 entries on A12.1")
    assert address == f"{PAGE}/entries?point=A12.1"
    page = client.get(address)
    assert len(list(by_class(page, "history")[0])) == 7
    assert "No longer followed up since 20 November 2026" in text_of(page)
    # Written in another way it leads there, too
    assert client.get(f"{PAGE}/entries?point=a12.1").headers["Location"] == address
    # A point on which nobody spoke says so
    assert "Nobody has published an entry here yet." in text_of(client.get(f"{PAGE}/entries?point=A12.2"))


@pytest.mark.usefixtures("said")
def test_nothing_counts_it_and_nobody_writes_on_it(client: StrictClient, signed_in: SignIn) -> None:
    page = client.get(PAGE)
    table = words_of(by_class(page, "levels-table")[0])
    assert "In all no entry no entry" in table
    assert "A12.1" not in table
    assert (
        "2 points are no longer followed up and left out of these counts (1 of them with entries)."
        in text_of(page)
    )
    home = text_of(client.get("/"))
    assert "on any of the 135 points" in home
    assert "2 points are no longer followed up and in no figure, 1 of them with entries." in home
    assert "A12" not in refs_of(client.get("/recommendations?voice=state&level=partially_implemented"))
    assert "A12" not in refs_of(client.get("/recommendations?disagreement=contradicts"))
    for person, address in (("focal_point", NEW), ("lead", f"{ASSESSING}1")):
        reader = signed_in(person)
        assert address not in reader.get(PAGE).get_data(as_text=True)
        refused = reader.get(address)
        assert refused.status_code == 409
        assert "A12.1 was retired on 20 November 2026" in text_of(refused)


def test_nothing_that_was_begun_goes_on_and_every_text_is_kept(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    focal_point, officer, lead = signed_in("focal_point"), signed_in("validating_officer"), signed_in("lead")
    coordinator = signed_in("coordinator")
    # Given forms that are open, and updates that wait, when their points are retired
    new = focal_point.get("/updates/new/KGZ-3/A12.3")
    update, draft = write(focal_point, "submit"), write(focal_point, page="/updates/new/KGZ-3/A12.2")
    change, waiting = focal_point.get(f"/updates/{draft}/change"), officer.get(f"/updates/{update}")
    assessing, shown = lead.get(f"{ASSESSING}1"), preview(lead, f"{ASSESSING}2")
    for ref in ("A12.1", "A12.2", "A12.3"):
        retire(database, ref)
    # When they are sent, then each form comes back with its text and says why
    for answer in (
        focal_point.send_from(new, None, "submit", **TEXT),
        focal_point.send_from(change, None, "keep", **{**TEXT, "done": ""}),
        lead.send_from(assessing, None, "preview", **ASSESSED),
        lead.send_from(shown, "/publish", "publish"),
    ):
        assert answer.status_code == 422
        assert "was retired on 20 November 2026 and takes no entries any more" in text_of(answer)
        assert values_of(find_form(answer, None))["reason"] in (TEXT["reason"], ASSESSED["reason"])
    # And no step goes on
    assert officer.send_from(waiting, "/validate").status_code == 409
    page = officer.get(f"/updates/{update}")
    assert "A12.1 was retired on 20 November 2026 and takes no entries any more" in text_of(page)
    assert "Validate" not in buttons_of(page)
    for reader, address in (
        (focal_point, NEW),
        (lead, f"{ASSESSING}1"),
        (focal_point, f"/updates/{draft}/change"),
    ):
        assert reader.get(address).status_code == 409
    assert contents(database)["assessments"] == []
    # But what must always be possible is; and what is restored goes on
    assert focal_point.send(f"/updates/{draft}/discard").status_code == 303
    assert coordinator.send("/action-points/KGZ-3/A12", action="A12.1/restore").status_code == 303
    assert step(officer, update, "validate") == 303
    publication = coordinator.get(f"/updates/{update}/publish")
    retire(database, "A12.1")
    assert coordinator.send_from(publication, "/publish").status_code == 409
    assert TEXT["reason"] not in text_of(client.get(PAGE))
    assert coordinator.send(f"/updates/{update}/return", comment="For A12.4.").status_code == 303
