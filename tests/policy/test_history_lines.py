"""Who may see which line of the history: a table written by hand, for every role and every kind of line."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, make_update
from tests.policy.rows import table, ticked
from tracker.models.accounts import Role
from tracker.models.history import HistoryLine
from tracker.models.levels import Voice
from tracker.models.organisations import OrganisationKind
from tracker.models.updates import UpdateState
from tracker.policy import history
from tracker.policy.actors import SYSTEM, Actor
from tracker.queries.history.filter import HistoryFilter
from tracker.queries.history.lines import list_lines
from tracker.queries.updates import list_history
from tracker.services.updates.workflow import discard_update, return_update

VERBS = (
    "publish_update",
    "assign",
    "write_update",
    "submit_update",
    "validate_update",
    "return_update",
    "discard_update",
    "create_account",
    "create_organisation",
)
# Columns: as VERBS.
SEES_LINES = """
focal_point         x x - - - - - - -
alternate           x x - - - - - - -
validating_officer  x x - - - - - - -
other_focal_point   x x - - - - - - -
coordinator         x x x x x x x x x
contributor         x x - - - - - - -
silent_contributor  x x - - - - - - -
lead                x x - - - - - - -
other_lead          x x - - - - - - -
ombudsperson        x x - - - - - - -
registrar           x x - - - - - - -
administrator       x x - - - - - - -
visitor             x x - - - - - - -
system              x x x x x x x x x
"""


@pytest.fixture
def lines(session: Session, cast: Cast) -> list[HistoryLine]:
    """A line of every verb at least, and of no other."""
    make_update(session, cast, UpdateState.PUBLISHED)
    submitted = make_update(session, cast, UpdateState.SUBMITTED)
    return_update(session, cast["validating_officer"], submitted, "Name the region.", NOW)
    discard_update(session, cast["focal_point"], make_update(session, cast, UpdateState.DRAFT), NOW)
    session.flush()
    found = list(session.scalars(select(HistoryLine)))
    assert {line.verb for line in found} == set(VERBS)
    return found


def seen(session: Session, actor: Actor) -> set[int]:
    return set(session.scalars(select(HistoryLine.id).where(history.visible_history_lines(actor))))


def test_the_table_of_lines_is_what_sql_selects_and_what_can_see_allows(
    session: Session, cast: Cast, lines: list[HistoryLine]
) -> None:
    assert set(table(SEES_LINES)) == {*cast.actors, "system"}
    for name, cells in table(SEES_LINES).items():
        actor, verbs = SYSTEM if name == "system" else cast[name], ticked(cells, VERBS)
        expected = {line.id for line in lines if line.verb in verbs}
        assert seen(session, actor) == expected, f"SQL shows {name} something else"
        by_row = {line.id for line in lines if history.can_see_history_line(actor, line)}
        assert by_row == expected, f"can_see_history_line allows {name} something else"


def test_handles_and_numbers_are_shown_to_nobody_but_whom_may_follow_the_history(
    session: Session, cast: Cast, lines: list[HistoryLine]
) -> None:
    for name, actor in cast.actors.items():
        shown = list_lines(session, actor, HistoryFilter()).lines
        assert shown
        tells = {(line.number is not None, line.sentence is not None) for line in shown}
        assert tells == {(name == "coordinator",) * 2}, name


def test_who_did_what_to_a_published_update_is_shown_to_its_insiders_alone(
    session: Session, cast: Cast
) -> None:
    update = make_update(session, cast, UpdateState.PUBLISHED)
    verbs = ["write_update", "submit_update", "validate_update", "publish_update"]
    insiders = {"focal_point", "alternate", "validating_officer", "coordinator"}
    for name, actor in cast.actors.items():
        shown = [line.verb for line in list_history(session, actor, update)]
        assert shown == (verbs if name in insiders else []), name


@pytest.mark.parametrize("kind_of_organisation", [None, *OrganisationKind])
def test_only_a_coordinator_of_the_state_sees_more_than_everybody(
    session: Session, lines: list[HistoryLine], kind_of_organisation: OrganisationKind | None
) -> None:
    """Also for accounts that cannot be made: a coordinator of a CSO."""
    public = {line.id for line in lines if line.is_public}
    for role in Role:
        actor = Actor(roles=frozenset({role}), organisation_kind=kind_of_organisation, state_code="KGZ")
        is_state = kind_of_organisation is not None and kind_of_organisation.voice == Voice.STATE
        follows = is_state and role == Role.COORDINATOR
        assert (seen(session, actor) == public) is not follows, f"{role} of {kind_of_organisation}"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_public_line_cannot_be_hidden_by_another_word_for_true(
    session: Session, cast: Cast, lines: list[HistoryLine]
) -> None:
    """SQLite stores any value as a truth value; the chain would still hold."""
    before = seen(session, cast["visitor"])
    assert len(before) == 4
    for value in ("2", "-1", "'so'"):
        session.execute(text(f"UPDATE history_lines SET is_public = {value} WHERE verb = 'assign'"))
        assert seen(session, cast["visitor"]) == before, value
