"""Who creates and changes the organisations of a State, and distributes its recommendations: its coordinator alone, in
SQL and by row alike, with two States in one instance."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import neighbours
from tests.cast import NOW, TODAY, Cast
from tests.neighbours import STATE, UNPUBLISHED, organisation_of
from tests.services.refusals import refused
from tracker.failures import NotAllowed, NotFound
from tracker.models.assignments import Assignment
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.reviews import Review
from tracker.policy import assignments, organisations
from tracker.policy.actors import SYSTEM
from tracker.queries.assignments import list_assigned, list_suggested, list_without_focal_point
from tracker.queries.organisations import (
    get_organisation_to_manage,
    list_assignable_organisations,
    list_former_organisations,
)
from tracker.queries.successions import get_belongings
from tracker.services.assignments import end_assignment
from tracker.services.organisations.successions import Day, merge_organisations

COORDINATORS = {"coordinator": "KGZ", "foreign_coordinator": STATE}


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture
def everybody(session: Session, cast: Cast) -> Cast:
    return neighbours.read_neighbours(session, cast)


def test_a_coordinator_manages_those_of_the_own_state_and_nobody_else_any(
    session: Session, everybody: Cast
) -> None:
    places = session.scalars(select(Organisation)).all()
    for name, actor in {**everybody.actors, "system": SYSTEM}.items():
        found = set(
            session.scalars(select(Organisation.id).where(organisations.organisations_to_manage(actor)))
        )
        assert found == {each.id for each in places if organisations.can_manage_organisation(actor, each)}, (
            name
        )
        states = {each.state_code for each in places if each.id in found}
        wanted = (
            {"KGZ", STATE} if name == "system" else {COORDINATORS[name]} if name in COORDINATORS else set()
        )
        assert states == wanted, name
        assert all(each.kind.is_of_the_state for each in places if each.id in found), name
        may = name in (*COORDINATORS, "system")
        assert organisations.may_manage_organisations(actor) == may, name
        assert assignments.may_assign(actor) == may, name


def test_a_coordinator_creates_organisations_of_the_own_state(everybody: Cast) -> None:
    for name, actor in everybody.actors.items():
        for state_code in ("KGZ", STATE, None):
            is_own = state_code is not None and COORDINATORS.get(name) == state_code
            for kind in OrganisationKind:
                may = organisations.may_create_organisation(actor, kind, state_code)
                assert may == (is_own and kind.is_of_the_state), (name, kind, state_code)


def test_nothing_of_the_other_state_is_listed(session: Session, everybody: Cast) -> None:
    who = everybody["coordinator"]
    hidden = session.scalars(select(Review.id).where(Review.code == UNPUBLISHED)).one()
    assert list_assigned(session, who, hidden) == []
    assert list_suggested(session, who, hidden) == []
    assert list_without_focal_point(session, who, STATE) == []
    assert list_assignable_organisations(session, who, STATE) == []
    assert list_former_organisations(session, who, "KGZ", 10) == []
    foreign = organisation_of(session, "other-ministry")
    assert get_belongings(session, who, foreign).people == 0
    for key in ("other-ministry", "cso-a", "unknown"):
        with pytest.raises(NotFound):
            get_organisation_to_manage(session, who, key)


def test_nobody_changes_across_the_border(session: Session, everybody: Cast) -> None:
    own, foreign = organisation_of(session, "ministry-a"), organisation_of(session, "other-ministry")
    day = Day(TODAY, TODAY, NOW)
    for who in COORDINATORS:
        for old, into in ((own, foreign), (foreign, own)):
            refused(
                session,
                Organisation,
                NotAllowed,
                lambda who=who, old=old, into=into: merge_organisations(
                    session, everybody[who], [old], into, day
                ),
            )
    held = session.scalars(select(Assignment).where(Assignment.organisation_id == foreign.id)).first()
    assert held is not None
    recommendation = neighbours.people.get_recommendation(
        session, SYSTEM, neighbours.PUBLISHED, neighbours.REF
    )
    refused(
        session,
        Assignment,
        NotAllowed,
        lambda: end_assignment(session, everybody["coordinator"], recommendation, foreign, TODAY, NOW),
    )
