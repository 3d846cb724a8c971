"""The page of one's own work: what waits since when, what is under way, what to do where nothing is assigned."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import delete

from tests.cast import GOOD_UPDATE, NOW, Cast, make_update
from tests.stories.pages import by_class, link_of, words_of
from tests.strict_client import SignIn, text_of
from tracker.database import Database
from tracker.models.assignments import Assignment
from tracker.models.updates import UpdateState

EARLIER = replace(GOOD_UPDATE, as_of_on=date(2024, 5, 1))


def test_the_coordinator_reads_since_when_each_update_waits_and_what_to_press(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        update = make_update(session, cast, UpdateState.VALIDATED, now=NOW)
        address = f"/updates/{update.id}"
    page = signed_in("coordinator").get("/work")
    assert "1 update has waited for you for" in text_of(page)
    assert link_of(page, "Read and publish") == address
    assert "days" in words_of(by_class(page, "work")[0])
    assert "Where most levels are missing Ministry of" in text_of(page)


def test_an_instance_without_assignments_says_once_what_to_do(signed_in: SignIn, database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(Assignment))
    said = text_of(signed_in("coordinator").get("/work"))
    assert "44 recommendations have no lead" in said
    # The review that is prepared comes before the one that is shown
    prepared = "Your work 2 of 7 steps to prepare KGZ-4 are done. 44 recommendations of KGZ-3 have no lead"
    assert prepared in said
    assert "Assign the recommendations of KGZ-3" in said
    assert "flask" not in said
    assert "Combat corruption" not in said
    assert "assigned to nothing yet" in text_of(signed_in("focal_point").get("/work"))


def test_where_some_reach_nobody_each_has_its_reason_and_its_button(signed_in: SignIn) -> None:
    page = signed_in("coordinator").get("/work")
    said = text_of(page)
    assert link_of(page, "Assign many at once") == "/assignments/KGZ-3"
    assert said.count("Assign A") == 25
    assert said.count("No organisation leads it.") == 25


def test_what_is_submitted_and_what_is_old_are_told_apart(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    # Given an entry of long ago, and a submitted update
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED, text=EARLIER, now=NOW - timedelta(days=800))
        make_update(session, cast, UpdateState.SUBMITTED, ref="A12.2")
    page = signed_in("focal_point").get("/work")
    row = words_of(by_class(page, "work")[-1])
    assert "1 of 5 points reported by your organisation" in row
    assert "1 of 5 points submitted" in row
    assert "more than a year ago" in row
    assert not by_class(page, "status--done")
    # And the button goes on where an entry is lacking
    assert link_of(page, "Update A12.3") == "/updates/new/KGZ-3/A12.3"
