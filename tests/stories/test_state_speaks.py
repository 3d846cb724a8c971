"""The State speaks: from a focal point's draft to the published entry that never changes."""

import pytest

from tests.stories.pages import (
    ask,
    by_class,
    by_id,
    confirmed_at,
    contents,
    entries_of,
    id_of,
    link_of,
    refs_of,
    words_of,
)
from tests.stories.updates import NEW, PAGE, TEXT, published, row, step, write
from tests.strict_client import SignIn, StrictClient, find_form, names_of, text_of, token_of, values_of
from tracker import clock
from tracker.database import Database
from tracker.language import long_date


def test_an_update_goes_from_the_draft_to_the_public(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given a focal point who sees what the own organisation is assigned to
    focal_point, officer, coordinator = map(signed_in, ("focal_point", "validating_officer", "coordinator"))
    work = focal_point.get("/work")
    assert link_of(work, "A12") == PAGE
    assert link_of(work, "A24") is None
    # When a draft is written from the page of the point
    here = link_of(focal_point.get(PAGE), "Write an update on A12.1")
    assert here == NEW
    update = write(focal_point, "keep")
    # Then it waits for its writers, and nobody else sees it
    assert link_of(focal_point.get("/work"), "A12.1") == f"/updates/{update}"
    assert link_of(officer.get("/work"), "A12.1") is None
    assert TEXT["reason"] not in text_of(client.get(PAGE))
    assert TEXT["reason"] not in text_of(signed_in("lead").get(PAGE))
    # When it is submitted
    assert step(focal_point, update, "submit") == 303
    # Then it waits for the officer, not yet for the coordinator, and its writer sees that it is under way
    assert "Nothing waits for you." in text_of(focal_point.get("/work"))
    assert "Under way" in text_of(focal_point.get("/work"))
    assert link_of(officer.get("/work"), "A12.1") == f"/updates/{update}"
    assert link_of(coordinator.get("/work"), "A12.1") is None
    # When the officer validates it
    assert step(officer, update, "validate") == 303
    # Then it waits for the coordinator, and the public still sees nothing of it
    assert link_of(coordinator.get("/work"), "A12.1") == f"/updates/{update}"
    assert "The State gives no level yet on any of the 137 points." in text_of(client.get("/"))
    # When the coordinator publishes it
    answer = coordinator.send(f"/updates/{update}/publish", action="/publish")
    # Then everybody reads it, escaped, and the level has changed everywhere
    assert confirmed_at(coordinator, answer) == f"{PAGE}#A12.1"
    shown = words_of(by_id(client.get(PAGE), "A12.1"))
    for words in (TEXT["reason"], TEXT["done"], TEXT["obstacles"], TEXT["next_step"], "31 Mar 2027"):
        assert words in shown
    assert "Ministry of Clocks" in shown
    assert "focal_point" not in text_of(client.get(PAGE))
    home = text_of(client.get("/"))
    assert (
        "The State reports 0 of 137 points fully implemented and 1 partially. On 136 it gives no level."
        in home
    )
    found = client.get("/recommendations?level=partially_implemented&voice=state")
    assert refs_of(found) == ["A12"]
    # And the history says who did what
    states = ask(database, "SELECT DISTINCT state_code FROM history_lines WHERE subject LIKE 'update %'")
    assert states == [("KGZ",)]
    verbs = ask(database, "SELECT verb FROM history_lines WHERE subject LIKE 'update %' ORDER BY id")
    assert [each.verb for each in verbs] == [
        "write_update",
        "submit_update",
        "validate_update",
        "publish_update",
    ]


def test_a_returned_update_comes_back_with_its_comment_and_is_submitted_again(signed_in: SignIn) -> None:
    focal_point, officer = signed_in("focal_point"), signed_in("validating_officer")
    update = write(focal_point, "submit")
    # When the officer returns it without a word, the officer is asked for one
    empty = officer.send(f"/updates/{update}/return", comment="  ")
    assert empty.status_code == 422
    assert "Say what should be changed" in text_of(empty)
    # When the comment is there
    assert officer.send(f"/updates/{update}/return", comment="Name the districts.").status_code == 303
    # Then the author sees it and everything that was written
    assert "Returned" in text_of(focal_point.get("/work"))
    page = focal_point.get(f"/updates/{update}/change")
    assert "Name the districts." in text_of(page)
    assert values_of(find_form(page, "/change"))["done"] == TEXT["done"]
    # And submits it anew, better
    answer = focal_point.send(
        f"/updates/{update}/change", action="/change", button="submit", done="In Nookat and Uzgen."
    )
    assert answer.status_code == 303
    page = text_of(officer.get(f"/updates/{update}"))
    assert "Submitted" in page
    assert "In Nookat and Uzgen." in page
    # And the comment is no task any more, but the history says why it came back
    assert "Returned with this comment" not in page
    assert "Name the districts." in words_of(by_class(officer.get(f"/updates/{update}"), "history")[0])
    # The coordinator may return what was validated
    assert step(officer, update, "validate") == 303
    coordinator = signed_in("coordinator")
    assert coordinator.send(f"/updates/{update}/return", comment="Add the date.").status_code == 303
    assert "Add the date." in text_of(focal_point.get(f"/updates/{update}"))


def test_where_there_is_no_officer_the_coordinator_validates_and_publishes_in_one_click(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    update = write(signed_in("other_focal_point"), "submit", "/updates/new/KGZ-3/A24.1")
    coordinator = signed_in("coordinator")
    assert link_of(coordinator.get("/work"), "A24.1") == f"/updates/{update}"
    page = coordinator.get(f"/updates/{update}")
    asked = link_of(page, "Validate and publish")
    assert asked == f"/updates/{update}/publish"
    page = coordinator.get(asked)
    assert "has no validating officer who could read it" in text_of(page)
    assert coordinator.send_from(page, "/publish").status_code == 303
    assert TEXT["reason"] in text_of(client.get("/recommendations/KGZ-3/A24"))
    found = row(database, update)
    assert found.validated_at is not None
    assert found.published_at is not None


def test_where_there_is_an_officer_the_coordinator_waits(signed_in: SignIn, database: Database) -> None:
    update = write(signed_in("focal_point"), "submit")
    coordinator = signed_in("coordinator")
    page = coordinator.get(f"/updates/{update}")
    assert "Publish" not in text_of(page)
    token = token_of(coordinator)
    before = contents(database)
    for verb, status in (("publish", 409), ("validate", 403)):
        assert coordinator.post(f"/updates/{update}/{verb}", data=token).status_code == status
    assert contents(database) == before


def test_a_published_update_never_changes(signed_in: SignIn, database: Database) -> None:
    update = published(signed_in)
    before = contents(database)
    for person in ("focal_point", "alternate", "validating_officer", "coordinator", "other_focal_point"):
        client = signed_in(person)
        token = token_of(client)
        for verb in ("change", "submit", "recall", "validate", "return", "publish", "discard"):
            for fields in (
                {},
                {**TEXT, "reason": "Other", "comment": "Other", "submit": "1", "version": "9"},
            ):
                answer = client.post(f"/updates/{update}/{verb}", data={**token, **fields})
                assert answer.status_code in (403, 404, 409), (person, verb, fields, answer.status_code)
        for verb in ("change", "return", "publish", "discard"):
            assert client.get(f"/updates/{update}/{verb}").status_code in (403, 409), (person, verb)
    assert contents(database) == before


@pytest.mark.parametrize(
    ("person", "step_", "may_write"), [("coordinator", "publish", False), ("alternate", "submit", True)]
)
def test_who_comes_too_late_is_told_that_it_was_published_and_only_a_writer_is_advised_to_write(
    signed_in: SignIn, person: str, step_: str, may_write: bool
) -> None:
    update = published(signed_in)
    client = signed_in(person)
    answer = client.post(f"/updates/{update}/{step_}", data=token_of(client))
    assert answer.status_code == 409
    assert "This update is published already" in text_of(answer)
    assert f"It was published on {long_date(clock.day_in('Asia/Bishkek', clock.now()))}" in text_of(answer)
    assert ("write a new update on the same point" in text_of(answer)) is may_write
    assert "copy" not in text_of(answer)
    assert link_of(answer, "See the published update") == f"/updates/{update}"


def test_a_step_that_is_no_longer_possible_leads_to_the_update(signed_in: SignIn) -> None:
    update = write(signed_in("focal_point"), "submit")
    officer = signed_in("validating_officer")
    read = officer.get(f"/updates/{update}")
    assert step(signed_in("focal_point"), update, "recall") == 303
    answer = officer.send_from(read, "/validate")
    assert answer.status_code == 409
    assert link_of(answer, "See how the update stands now") == f"/updates/{update}"


def test_a_newer_update_supersedes_and_the_older_stays_in_the_history(
    signed_in: SignIn, client: StrictClient
) -> None:
    published(signed_in)
    second = write(signed_in("alternate"), "submit", level="fully_implemented", reason="The south follows.")
    assert step(signed_in("validating_officer"), second, "validate") == 303
    assert step(signed_in("coordinator"), second, "publish") == 303
    page = client.get(PAGE)
    [newest] = entries_of(page, "A12.1")
    assert "The south follows." in newest
    assert TEXT["reason"] not in newest
    [earlier] = by_class(page, "point__history")
    assert words_of(earlier).startswith("1 earlier entry on A12.1")
    assert TEXT["reason"] in words_of(earlier)


def test_what_was_submitted_stays_on_the_work_page_of_who_wrote_it(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    update = write(writer, "submit")
    page = writer.get("/work")
    assert "Under way" in text_of(page)
    assert f'href="/updates/{update}"' in page.get_data(as_text=True)
    assert "Under way" not in text_of(signed_in("validating_officer").get("/work"))
    assert "Under way" not in text_of(signed_in("other_focal_point").get("/work"))


def test_paragraphs_stay_paragraphs_wherever_the_text_is_read(
    signed_in: SignIn, client: StrictClient
) -> None:
    writer, officer, coordinator = (
        signed_in(each) for each in ("focal_point", "validating_officer", "coordinator")
    )
    text = "Two things were done.\n\n- a law\n- a training"
    update = write(writer, "submit", done=text)
    assert step(officer, update, "validate") == 303
    assert step(coordinator, update, "publish") == 303
    shown = [each for each in by_class(client.get(PAGE), "prose") if "".join(each.itertext()) == text]
    assert len(shown) == 1  # the class keeps line breaks


def test_a_supporting_organisation_has_no_level_and_cannot_give_one(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given a level by the leading ministry
    published(signed_in)
    # When a supporting one writes, its form has no level; a forged one is left out
    supporter = signed_in("other_focal_point")
    form = supporter.get(NEW)
    assert "level" not in names_of(find_form(form, None))
    assert "In short" in text_of(form)
    token = values_of(find_form(form, None))
    # Nothing on it asks for the reason of a level
    bare = supporter.post(NEW, data={**token, **TEXT, "reason": "", "submit": "1"})
    assert "Say in short how things stand" in text_of(bare)
    assert "level?" not in text_of(bare)
    assert "you chose this level" not in text_of(bare)
    long = supporter.post(NEW, data={**token, **TEXT, "reason": "y" * 20_001, "submit": "1"})
    assert "Shorten “In short” to 20,000 characters or fewer" in text_of(long)
    forged = {**token, **TEXT, "level": "regressed", "reason": "We helped.", "submit": "1"}
    answer = supporter.post(NEW, data=forged)
    assert answer.status_code == 303
    update = id_of(answer)
    assert "In short" in text_of(supporter.get(f"/updates/{update}"))
    # And even after it is published the State's level is the leading ministry's
    assert signed_in("coordinator").send(f"/updates/{update}/publish", action="/publish").status_code == 303
    found = row(database, update)
    assert found.level is None
    assert not found.led
    assert ask(database, "SELECT level FROM current_entries") == [("partially_implemented",)]
    page = words_of(by_id(client.get(PAGE), "A12.1"))
    assert "We helped." in page
    assert "Supporting entry, gives no level" in page


def test_a_draft_can_be_discarded_and_nothing_of_its_text_remains(
    signed_in: SignIn, database: Database
) -> None:
    focal_point = signed_in("focal_point")
    update = write(focal_point, done="A first thought.")
    focal_point.send(f"/updates/{update}/change", action="/change", button="keep", done="A second thought.")
    assert "A second thought." in text_of(focal_point.get(f"/updates/{update}"))
    assert focal_point.send(f"/updates/{update}/discard").status_code == 303
    assert focal_point.get(f"/updates/{update}").status_code == 410
    stored = repr(contents(database))
    assert "A first thought." not in stored
    assert "A second thought." not in stored
    assert "discard_update" in stored
