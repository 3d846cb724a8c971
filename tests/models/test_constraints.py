"""What the database itself refuses, whoever writes: on SQLite and PostgreSQL alike."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import NOW, TODAY
from tests.models.refusals import refused
from tracker.database import Database
from tracker.models.accounts import Account
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Level, Voice
from tracker.models.milestones import Milestone
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Mechanism, Review


def test_only_the_state_has_entries_without_a_level_and_it_speaks_of_points_alone(session: Session) -> None:
    ministry, window = (
        session.scalars(select(Organisation.id).where(Organisation.key == key)).one()
        for key in ("ministry-a", "cso-a")
    )

    def entry(**values: Any) -> CurrentEntry:
        point = people.point(session)
        plain = {
            "entry_id": uuid4(),
            "recommendation_id": point.recommendation_id,
            "action_point_id": point.id,
            "organisation_id": ministry,
            "voice": Voice.STATE,
            "level": None,
            "published_at": NOW,
        }
        return CurrentEntry(**(plain | values))

    of_others = {"voice": Voice.UN, "organisation_id": window}
    refused(session, entry(**of_others), "ck_current_entries_independent_entries_have_a_level")
    whole = {"action_point_id": None, "level": Level.PLANNED}
    refused(session, entry(**whole), "ck_current_entries_state_speaks_of_points")
    for steps in (-1, 5):
        refused(session, entry(steps_apart=steps), "ck_current_entries_steps_apart")
    session.add_all([entry(), entry(**of_others, **whole)])
    session.flush()


def test_a_window_never_ends_before_it_starts(session: Session) -> None:
    stored = session.scalars(select(Milestone).where(Milestone.key == "upr3_review")).one()
    values = {name: getattr(stored, name) for name in ("state_code", "kind", "label", "note", "certainty")}
    late = Milestone(
        **values, source="test", key="backwards", starts_on=TODAY, ends_on=TODAY - timedelta(days=1)
    )
    refused(session, late, "ck_milestones_window")


def test_a_date_that_a_person_entered_has_a_review(session: Session) -> None:
    stored = session.scalars(select(Milestone).where(Milestone.key == "upr3_review")).one()
    names = ("state_code", "kind", "label", "note", "certainty", "source", "starts_on", "ends_on")
    values = {name: getattr(stored, name) for name in names}
    refused(
        session, Milestone(**values, key="of nothing", is_by_hand=True), "ck_milestones_by_hand_of_a_review"
    )


def test_a_recommendation_has_one_lead_at_a_time(session: Session) -> None:
    lead = session.scalars(
        select(Assignment).join(Recommendation).where(
            Recommendation.ref == "A12", Assignment.kind == AssignmentKind.LEAD
        )
    ).one()  # fmt: skip
    other = session.scalars(select(Organisation).where(Organisation.key == "secretariat")).one()

    def assignment(organisation_id: int, kind: AssignmentKind, to_on: date | None = None) -> Assignment:
        return Assignment(
            recommendation_id=lead.recommendation_id,
            organisation_id=organisation_id,
            kind=kind,
            from_on=date(2025, 6, 1),
            to_on=to_on,
        )

    refused(session, assignment(other.id, AssignmentKind.LEAD), "uq_assignments_one_lead")
    refused(session, assignment(lead.organisation_id, AssignmentKind.SUPPORTING), "uq_assignments_current")
    refused(session, assignment(other.id, AssignmentKind.LEAD, date(2025, 5, 31)), "ck_assignments_period")
    session.add(assignment(other.id, AssignmentKind.LEAD, date(2025, 7, 1)))
    session.flush()


def test_an_organisation_does_not_end_before_it_begins(session: Session) -> None:
    made = Organisation(key="short", kind="cso", names={"en": "Short"})
    made.valid_from, made.valid_to = TODAY, TODAY - timedelta(days=1)
    refused(session, made, "ck_organisations_validity")


def test_cycles_are_counted_from_one(session: Session) -> None:
    refused(
        session,
        Review(code="KGZ-0", state_code="KGZ", mechanism=Mechanism.UPR, cycle=0),
        "ck_reviews_cycle",
    )


def test_handles_and_refs_are_given_once(session: Session) -> None:
    again = Account(handle="lead", passphrase_hash="x", created_at=NOW)
    refused(session, again, "uq_accounts_handle")
    point = people.point(session)
    twin = ActionPoint(recommendation_id=point.recommendation_id, ref=point.ref, order=99, text="twin")
    refused(session, twin, "uq_action_points_recommendation_id_ref")


def test_an_instant_needs_its_zone_and_comes_back_in_utc(session: Session, database: Database) -> None:
    account = session.scalars(select(Account).where(Account.handle == "lead")).one()
    account.ended_at = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="time zone"), session.begin_nested():
        session.flush()
    session.rollback()
    account.ended_at = NOW
    session.commit()
    with database.reading() as other:
        found = other.scalars(select(Account).where(Account.handle == "lead")).one()
        assert found.ended_at == NOW
        assert found.ended_at.utcoffset() == timedelta(0)
