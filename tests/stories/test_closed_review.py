"""A closed review stays readable and takes no entries, whichever door they come through; nothing typed is lost."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, NOW, Cast, make_assessment, make_update
from tests.evidence_files import PDF
from tests.stories import assessments, updates
from tests.stories.assessments import withdraw_link
from tests.stories.pages import buttons_of, contents, link_of
from tests.strict_client import SignIn, StrictClient, find_form, text_of, values_of
from tracker.database import Database
from tracker.failures import ReviewClosed
from tracker.models.evidence import Visibility
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.queries.work import list_waiting
from tracker.services.assessments import publish_assessment
from tracker.services.evidence.attachments import Limits, Upload, attach_to_update
from tracker.services.updates import workflow

CLOSED = "This review was closed on 22 November 2026 and takes no entries any more"
TABLES = ("progress_updates", "assessments", "evidence", "history_lines")


def close(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Review).where(Review.code == people.REVIEW).values(closed_at=NOW))


def test_an_update_that_was_being_written_comes_back_with_its_text(
    signed_in: SignIn, database: Database
) -> None:
    # Given a focal point who has a form of a new update open, and one of a draft
    focal_point = signed_in("focal_point")
    new = focal_point.get(updates.NEW)
    draft = updates.write(focal_point)
    change = focal_point.get(f"/updates/{draft}/change")
    # When the review is closed before they are sent
    close(database)
    before = {table: contents(database)[table] for table in TABLES}
    for loaded in (new, change):
        for button in ("keep", "submit"):
            answer = focal_point.send_from(
                loaded, None, button, **{**updates.TEXT, "reason": "The south is done."}
            )
            # Then each form comes back with its text and the day
            assert answer.status_code == 409
            assert CLOSED in text_of(answer)
            typed = values_of(find_form(answer, None))
            assert typed["reason"] == "The south is done."
            assert typed["done"] == updates.TEXT["done"]
        # Also one that nobody could submit
        answer = focal_point.send_from(
            loaded, None, "submit", **{**updates.TEXT, "reason": "", "source_link": "no link"}
        )
        assert answer.status_code == 409
        assert CLOSED in text_of(answer)
        assert values_of(find_form(answer, None))["source_link"] == "no link"
    # And nothing was stored
    assert {table: contents(database)[table] for table in TABLES} == before
    # Whoever opens one only now reads why there is none
    late = focal_point.get(updates.NEW)
    assert late.status_code == 409
    assert "This review is closed" in text_of(late)
    assert "faster" not in text_of(late)


def test_an_assessment_that_was_being_written_comes_back_with_its_text(
    signed_in: SignIn, database: Database
) -> None:
    lead = signed_in("lead")
    form, previewed = lead.get(assessments.NEW), assessments.preview(lead)
    close(database)
    for answer in (
        lead.send_from(form, None, "preview", **assessments.TEXT),
        lead.send_from(previewed, "/publish", "publish"),
        lead.send_from(previewed, "/publish", "publish", narrative=""),
    ):
        assert answer.status_code == 409
        assert CLOSED in text_of(answer)
        assert values_of(find_form(answer, None))["reason"] == assessments.TEXT["reason"]
    assert contents(database)["assessments"] == []


def test_an_assessment_that_is_sent_again_after_the_review_was_closed_was_published(
    signed_in: SignIn, database: Database
) -> None:
    lead = signed_in("lead")
    previewed = assessments.preview(lead)
    first = lead.send_from(previewed, "/publish", "publish")
    close(database)
    again = lead.send_from(previewed, "/publish", "publish")
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.location == first.location
    assert len(contents(database)["assessments"]) == 1


def test_no_step_goes_on_but_a_return_a_discard_and_a_withdrawal(
    signed_in: SignIn, client: StrictClient, database: Database, cast: Cast
) -> None:
    # Given an update in each state and an assessment
    with database.transaction() as session:
        ids = {state: make_update(session, cast, state).id for state in UpdateState}
        make_assessment(session, cast)
    focal_point, officer = signed_in("focal_point"), signed_in("validating_officer")
    coordinator, lead = signed_in("coordinator"), signed_in("lead")
    loaded = {
        (officer, "validate"): officer.get(f"/updates/{ids[UpdateState.SUBMITTED]}"),
        (coordinator, "publish"): coordinator.get(f"/updates/{ids[UpdateState.VALIDATED]}/publish"),
        (focal_point, "submit"): focal_point.get(f"/updates/{ids[UpdateState.DRAFT]}"),
    }
    close(database)
    # When the steps are sent from pages that were opened before
    for (person, verb), page in loaded.items():
        answer = person.send_from(page, f"/{verb}")
        assert answer.status_code == 409, verb
        assert CLOSED in text_of(answer), verb
    # Then nobody is offered a step or a form any more, and is told so
    for person, state in ((officer, UpdateState.SUBMITTED), (coordinator, UpdateState.VALIDATED)):
        page = person.get(f"/updates/{ids[state]}")
        assert "The review was closed on 22 November 2026" in text_of(page)
        assert not {"Validate", "Publish"} & set(buttons_of(page))
        assert link_of(page, "Publish") is None
    for person, address in ((focal_point, updates.NEW), (lead, assessments.NEW)):
        refused = person.get(address)
        assert refused.status_code == 409
        assert CLOSED in text_of(refused)
        assert link_of(person.get(updates.PAGE), "Write an update on A12.1") is None
        assert link_of(person.get(updates.PAGE), "Assess A12.1") is None
    assert "It stays readable and takes no entries any more." in text_of(client.get(updates.PAGE))
    # But what must always be possible is
    returned = officer.send(f"/updates/{ids[UpdateState.SUBMITTED]}/return", comment="For the next review.")
    assert returned.status_code == 303
    assert focal_point.send(f"/updates/{ids[UpdateState.DRAFT]}/discard").status_code == 303
    assert lead.send(withdraw_link(lead)).status_code == 303


@pytest.fixture
def closed(session: Session, cast: Cast) -> Session:
    """With a draft, a submitted and a validated update of before."""
    for state in (UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.VALIDATED):
        make_update(session, cast, state)
    review = session.scalars(select(Review).where(Review.code == people.REVIEW)).one()
    review.closed_at = NOW
    session.flush()
    return session


def test_every_verb_that_makes_an_entry_refuses(closed: Session, cast: Cast) -> None:
    """Whichever door they come through: the command line and later imports call the same verbs."""
    query = select(ProgressUpdate).options(joinedload(ProgressUpdate.organisation))
    rows = {row.state: row for row in closed.scalars(query)}
    draft, submitted = rows[UpdateState.DRAFT], rows[UpdateState.SUBMITTED]
    writer, officer, coordinator = cast["focal_point"], cast["validating_officer"], cast["coordinator"]
    point, limits = people.point(closed), Limits(1000, 1000)
    for verb in (
        lambda: workflow.write_update(closed, writer, people.point(closed, "A12.4"), GOOD_UPDATE, NOW),
        lambda: workflow.change_update(closed, writer, draft, draft.version, GOOD_UPDATE, NOW),
        lambda: workflow.submit_update(closed, writer, draft, NOW),
        lambda: workflow.validate_update(closed, officer, submitted, NOW),
        lambda: workflow.publish_update(closed, coordinator, rows[UpdateState.VALIDATED], NOW),
        lambda: attach_to_update(
            closed, writer, draft, [Upload("order.pdf", PDF)], Visibility.PUBLIC, limits, NOW
        ),
        lambda: publish_assessment(closed, cast["lead"], point.recommendation, point, GOOD_ASSESSMENT, NOW),
        lambda: publish_assessment(closed, cast["lead"], point.recommendation, None, GOOD_ASSESSMENT, NOW),
    ):
        with pytest.raises(ReviewClosed) as refused:
            verb()
        assert refused.value.at == NOW


def test_what_was_returned_waits_for_nobody_and_a_draft_for_its_writer(closed: Session, cast: Cast) -> None:
    query = select(ProgressUpdate).where(ProgressUpdate.state == UpdateState.SUBMITTED)
    submitted = closed.scalars(query.options(joinedload(ProgressUpdate.organisation))).one()
    workflow.return_update(closed, cast["validating_officer"], submitted, "For the next review.", NOW)
    assert [row.state for row in list_waiting(closed, cast["focal_point"])] == [UpdateState.DRAFT]
