"""Who sees a file of evidence: seeing in SQL equals seeing by row, in a table written from docs/rules.md."""

from contextlib import nullcontext

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import TEN, Cast
from tests.policy.rows import STATES, PolicyEntries, add_entries, file_row, table, ticked
from tracker.failures import NotFound
from tracker.models.accounts import Role
from tracker.models.evidence import Evidence, Visibility
from tracker.models.organisations import OrganisationKind
from tracker.policy.actors import SYSTEM, Actor
from tracker.policy.evidence import can_see_evidence, visible_evidence
from tracker.queries.evidence import get_evidence

# Columns: draft, submitted, returned, validated, published; public then confidential files of ministry A, then of B.
SEES = """
focal_point         x x x x x  x x x x x   - - - - x  - - - - -
alternate           x x x x x  x x x x x   - - - - x  - - - - -
validating_officer  x x x x x  x x x x x   - - - - x  - - - - -
other_focal_point   - - - - x  - - - - -   x x x x x  x x x x x
coordinator         x x x x x  x x x x x   x x x x x  x x x x x
contributor         - - - - x  - - - - -   - - - - x  - - - - -
silent_contributor  - - - - x  - - - - -   - - - - x  - - - - -
lead                - - - - x  - - - - -   - - - - x  - - - - -
other_lead          - - - - x  - - - - -   - - - - x  - - - - -
ombudsperson        - - - - x  - - - - -   - - - - x  - - - - -
registrar           - - - - x  - - - - -   - - - - x  - - - - -
administrator       - - - - x  - - - - -   - - - - x  - - - - -
visitor             - - - - x  - - - - -   - - - - x  - - - - -
"""
VISIBILITIES = (Visibility.PUBLIC, Visibility.CONFIDENTIAL)
FILES = [
    (ministry, visibility, state) for ministry in "ab" for visibility in VISIBILITIES for state in STATES
]


@pytest.fixture
def rows(session: Session, cast: Cast) -> PolicyEntries:
    return add_entries(session, cast)


@pytest.fixture
def files(session: Session, rows: PolicyEntries) -> dict[object, Evidence]:
    """A public and a confidential one behind every update, one behind every assessment that stands."""
    made: dict[object, Evidence] = {
        (ministry, visibility, state): file_row(visibility, update_id=rows.updates[ministry, state].id)
        for ministry, visibility, state in FILES
    }
    standing = {name: said for name, said in rows.assessments.items() if said.withdrawn_on is None}
    made |= {name: file_row(Visibility.PUBLIC, assessment_id=said.id) for name, said in standing.items()}
    session.add_all(made.values())
    session.flush()
    return made


def seen(session: Session, actor: Actor, rows: PolicyEntries, files: dict[object, Evidence]) -> set[object]:
    """What both sides of the policy show, which must be the same."""
    found = set(session.scalars(select(Evidence.id).where(visible_evidence(actor))))
    by_sql = {key for key, each in files.items() if each.id in found}
    entries = {each.id: each for each in (*rows.updates.values(), *rows.assessments.values())}
    by_row = {
        key
        for key, each in files.items()
        if can_see_evidence(actor, each, entries[each.update_id or each.assessment_id])  # type: ignore[index]
    }
    assert by_sql == by_row, actor
    return by_sql


def test_the_table_of_files_is_what_sql_selects_and_what_can_see_allows(
    session: Session, cast: Cast, rows: PolicyEntries, files: dict[object, Evidence]
) -> None:
    assert set(table(SEES)) == set(cast.actors) >= set(TEN)
    of_assessments = {key for key in files if isinstance(key, str)}
    assert len(of_assessments) == 4
    for name, cells in table(SEES).items():
        expected = ticked(cells, FILES) | of_assessments
        assert seen(session, cast[name], rows, files) == expected, name


def test_the_address_of_a_file_opens_for_those_alone_who_see_it(
    session: Session, cast: Cast, rows: PolicyEntries, files: dict[object, Evidence]
) -> None:
    for name in ("visitor", "lead", "other_focal_point"):
        allowed = seen(session, cast[name], rows, files)
        assert allowed < set(files)
        for key, each in files.items():
            with nullcontext() if key in allowed else pytest.raises(NotFound):
                assert get_evidence(session, cast[name], each.id) is each


@pytest.mark.parametrize("kind_of_organisation", [None, *OrganisationKind])
def test_confidential_files_are_the_states_own_in_every_role_of_every_organisation(
    session: Session,
    rows: PolicyEntries,
    files: dict[object, Evidence],
    kind_of_organisation: OrganisationKind | None,
) -> None:
    for role in Role:
        for ministry in "ab":
            actor = Actor(
                roles=frozenset({role}),
                organisation_kind=kind_of_organisation,
                state_code="KGZ",
                organisation_id=rows.updates[ministry, STATES[0]].organisation_id,
                may_publish=True,
            )
            found = {key for key in seen(session, actor, rows, files) if key in FILES}
            confidential = {key[0] for key in FILES if key in found and key[1] == Visibility.CONFIDENTIAL}
            works = role in (Role.FOCAL_POINT, Role.ALTERNATE, Role.VALIDATING_OFFICER)
            own = {ministry} if actor.is_of_the_state and works else set()
            everything = {"a", "b"} if actor.is_of_the_state and role == Role.COORDINATOR else set()
            assert confidential == own | everything, f"{role} of {kind_of_organisation}"


def test_the_operator_sees_every_file(
    session: Session, rows: PolicyEntries, files: dict[object, Evidence]
) -> None:
    assert seen(session, SYSTEM, rows, files) == set(files)
