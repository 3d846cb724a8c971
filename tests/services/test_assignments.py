"""Who leads what: the lead changes hands in one step, twice changes nothing, and only within a State."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import NOW, TODAY, Cast
from tests.services.refusals import refused
from tracker.database import Database
from tracker.failures import BadInput, NotAllowed
from tracker.history.sentences import sentence_of
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM, Actor
from tracker.queries.assignments import Assigned
from tracker.services.assignment_plans import Planned, apply_plan
from tracker.services.assignments import assign
from tracker.services.organisations.creation import create_organisation
from tracker.services.organisations.endings import end_organisation
from tracker.services.organisations.successions import Day

LEAD, SUPPORTING = AssignmentKind.LEAD, AssignmentKind.SUPPORTING
BEGAN = date(2025, 1, 1)


def give(
    session: Session, key: str, kind: AssignmentKind, actor: Actor = SYSTEM, today: date = TODAY
) -> None:
    organisation = session.scalars(select(Organisation).where(Organisation.key == key)).one()
    assign(session, actor, people.recommendation(session), organisation, kind, today, NOW)
    session.flush()


def assigned(session: Session) -> set[tuple[str, str, date, date | None]]:
    query = select(Organisation.key, Assignment.kind, Assignment.from_on, Assignment.to_on).join(Assignment)
    query = query.where(Assignment.recommendation_id == people.recommendation(session).id)
    return {tuple(row) for row in session.execute(query)}  # type: ignore[misc]


def version(session: Session) -> int:
    return session.scalars(select(Review.figures_version).where(Review.code == people.REVIEW)).one()


def test_the_lead_changes_hands_and_the_past_stays(session: Session) -> None:
    give(session, "secretariat", LEAD)
    assert assigned(session) == {
        ("ministry-a", "lead", BEGAN, TODAY),
        ("ministry-b", "supporting", BEGAN, None),
        ("secretariat", "lead", TODAY, None),
    }


def test_a_supporter_that_becomes_the_lead_supports_no_more(session: Session) -> None:
    give(session, "ministry-b", LEAD)
    assert assigned(session) == {
        ("ministry-a", "lead", BEGAN, TODAY),
        ("ministry-b", "supporting", BEGAN, TODAY),
        ("ministry-b", "lead", TODAY, None),
    }


def test_a_lead_that_becomes_a_supporter_leaves_nobody_leading(session: Session) -> None:
    give(session, "ministry-a", SUPPORTING)
    current = {(key, kind) for key, kind, _, to_on in assigned(session) if to_on is None}
    assert current == {("ministry-a", "supporting"), ("ministry-b", "supporting")}


def test_another_supporter_ends_nobody(session: Session) -> None:
    give(session, "secretariat", SUPPORTING)
    current = {key for key, _, _, to_on in assigned(session) if to_on is None}
    assert current == {"ministry-a", "ministry-b", "secretariat"}


def test_assigning_twice_changes_nothing(session: Session) -> None:
    give(session, "secretariat", LEAD)
    count = session.scalar(select(func.count()).select_from(HistoryLine))
    before, moved = assigned(session), version(session)
    give(session, "secretariat", LEAD, today=date(2026, 12, 24))
    assert (assigned(session), version(session)) == (before, moved)
    assert session.scalar(select(func.count()).select_from(HistoryLine)) == count


def test_a_hand_over_dated_before_the_beginning_ends_on_the_day_it_began(session: Session) -> None:
    give(session, "secretariat", LEAD, today=date(2024, 1, 1))
    assert ("ministry-a", "lead", BEGAN, BEGAN) in assigned(session)


def test_an_assignment_writes_a_line_and_moves_the_figures(session: Session, cast: Cast) -> None:
    before = version(session)
    give(session, "secretariat", LEAD, actor=cast["coordinator"])
    line = session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(1)).one()
    assert sentence_of(line) == "coordinator made Secretariat of the Mechanism the lead of KGZ-3 A12"
    assert (line.subject, line.account_id) == ("recommendation KGZ-3 A12", cast["coordinator"].account_id)
    assert version(session) == before + 1


@pytest.mark.parametrize("who", ["focal_point", "validating_officer", "lead", "administrator", "visitor"])
def test_nobody_else_assigns(session: Session, cast: Cast, who: str) -> None:
    refused(session, Assignment, NotAllowed, lambda: give(session, "secretariat", LEAD, actor=cast[who]))


@pytest.mark.parametrize("key", ["cso-a", "ombudsperson"])
def test_an_independent_organisation_is_never_assigned(session: Session, key: str) -> None:
    refused(session, Assignment, BadInput, lambda: give(session, key, SUPPORTING))


def test_an_organisation_of_another_state_is_never_assigned(session: Session) -> None:
    """Not even by the operator."""
    create_organisation(session, SYSTEM, "rivers", OrganisationKind.GOVERNMENT, {"en": "Rivers"}, "UZB", NOW)
    refused(session, Assignment, BadInput, lambda: give(session, "rivers", SUPPORTING))


@pytest.mark.parametrize("kind", ["postgresql"])
def test_an_organisation_that_ended_a_moment_ago_gets_nothing(database: Database, cast: Cast) -> None:
    """It had not when the plan was made. (SQLite has one writer at a time.)"""
    who, day = cast["coordinator"], Day(TODAY, TODAY, NOW)
    with database.transaction() as session:
        names = {"en": "Ministry of Empty Rooms"}
        create_organisation(session, who, "rooms", OrganisationKind.GOVERNMENT, names, "KGZ", NOW)
    with database.writing() as late:
        rooms = late.scalars(select(Organisation).where(Organisation.key == "kgz-rooms")).one()
        recommendation = people.recommendation(late, "A1")
        review = late.get_one(Review, recommendation.review_id)
        plan = [Planned(Assigned(recommendation.id, "A1", ""), rooms, ())]
        with database.transaction() as session:
            ended = session.get_one(Organisation, rooms.id)
            end_organisation(session, who, ended, day, leaves_ownerless=False)
        with pytest.raises(BadInput, match="ended on 22 November 2026"):
            apply_plan(late, who, review, plan, TODAY, NOW)
