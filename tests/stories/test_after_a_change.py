"""What people changed meanwhile is respected: a returned update, another lead, an organisation without people."""

from sqlalchemy import select

from tests.cast import TODAY, Cast, make_update
from tests.stories.pages import link_of
from tests.strict_client import SignIn, text_of
from tracker.database import Database
from tracker.models.assignments import Assignment
from tracker.models.updates import UpdateState


def test_a_returned_update_may_be_saved_unfinished(signed_in: SignIn, database: Database, cast: Cast) -> None:
    # Given an update that the officer returned
    with database.transaction() as session:
        made = make_update(session, cast, UpdateState.RETURNED).id
    # When its author empties the reason and saves it for later
    answer = signed_in("focal_point").send(f"/updates/{made}/change", None, "keep", reason="", source_link="")
    # Then it is kept as it is, and asked for only when it is submitted
    assert answer.status_code == 303
    again = signed_in("alternate").send(f"/updates/{made}/change", None, "submit")
    assert again.status_code == 422
    assert "Say why you chose this level" in text_of(again)


def test_an_organisation_that_lost_the_assignment_is_offered_to_discard_only(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        made = make_update(session, cast, UpdateState.DRAFT).id
    writer = signed_in("focal_point")
    open_form = writer.get(f"/updates/{made}/change")
    with database.transaction() as session:
        for held in session.scalars(select(Assignment)):
            held.to_on = TODAY
    # Whoever is writing just then gets the text back
    refused = writer.send_from(open_form, None, "keep", done="Twelve judges were trained in two regions.")
    assert refused.status_code == 403
    assert "Twelve judges were trained in two regions." in text_of(refused)
    page = text_of(writer.get(f"/updates/{made}"))
    assert "Discard this draft" in page
    assert "This organisation is no longer assigned to the recommendation" in page
    assert "Change" not in page
    assert writer.get(f"/updates/{made}/change").status_code == 403
    # And the list of work says so, until it is discarded
    assert "no longer assigned: discard it" in text_of(writer.get("/work"))
    assert writer.send(f"/updates/{made}/discard").status_code == 303
    assert "no longer assigned" not in text_of(writer.get("/work"))


def test_a_leading_ministry_without_a_focal_point_alarms_the_coordinator(
    signed_in: SignIn, database: Database
) -> None:
    coordinator = signed_in("coordinator")
    assert "A24 Violence against women" not in text_of(coordinator.get("/work"))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM account_roles WHERE role = 'focal_point'")
    page = text_of(coordinator.get("/work"))
    assert "A24 Violence against women" in page
    assert "Ministry of Bridges leads it and has no focal point." in page


def test_what_has_no_lead_is_shown_a_page_at_a_time(signed_in: SignIn, database: Database) -> None:
    coordinator = signed_in("coordinator")
    first = coordinator.get("/work")
    assert "42 recommendations of KGZ-3 have no lead with a focal point." in text_of(first)
    assert first.get_data(as_text=True).count("No organisation leads it.") == 25
    following = link_of(first, "Next page")
    assert following == "/work?page=2&mail=1#no-lead"
    second = coordinator.get(str(following))
    assert second.get_data(as_text=True).count("No organisation leads it.") == 17
    assert "42 recommendations of KGZ-3" in text_of(second)
    assert link_of(second, "Previous page") == "/work?page=1&mail=1#no-lead"
    # A page that has become empty leads to the first
    for address in ("/work?page=3", "/work?mail=2"):
        assert coordinator.get(address).headers["Location"] == "/work"
    assert coordinator.get("/reminders?page=2").headers["Location"] == "/reminders"
    assert coordinator.get("/work?page=x").status_code == 404
