"""Who may see and who may do, as tables written by hand from docs/rules.md, for ten actors and more."""

from dataclasses import replace

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import TEN, Cast
from tests.policy.rows import ASSESSMENTS, STATES, PolicyEntries, add_entries, add_mails, table, ticked
from tracker.models.accounts import Role
from tracker.models.assessments import Assessment
from tracker.models.levels import Voice
from tracker.models.organisations import OrganisationKind
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.policy import accounts, actors, assessments, assignments, mails, updates
from tracker.policy.actors import SYSTEM, Actor
from tracker.queries.mails import list_mails

ELEVEN = (*TEN, "alternate")

# Columns: draft, submitted, returned, validated, published; first ministry A's, then ministry B's.
SEES_UPDATES = """
focal_point         x x x x x   - - - - x
alternate           x x x x x   - - - - x
validating_officer  x x x x x   - - - - x
other_focal_point   - - - - x   x x x x x
coordinator         x x x x x   x x x x x
contributor         - - - - x   - - - - x
lead                - - - - x   - - - - x
other_lead          - - - - x   - - - - x
ombudsperson        - - - - x   - - - - x
administrator       - - - - x   - - - - x
visitor             - - - - x   - - - - x
"""
# e edit and submit, d discard, v validate, r return, p publish. Ministry A has an officer, ministry B none.
# Both are assigned.
DOES_UPDATES = """
focal_point         ed c  e -  -   -  -   - -  -
alternate           ed c  e -  -   -  -   - -  -
validating_officer  -  vr - r  -   -  -   - -  -
other_focal_point   -  -  - -  -   ed c   e -  -
coordinator         -  r  - rp -   -  vrp - rp -
contributor         -  -  - -  -   -  -   - -  -
lead                -  -  - -  -   -  -   - -  -
other_lead          -  -  - -  -   -  -   - -  -
ombudsperson        -  -  - -  -   -  -   - -  -
administrator       -  -  - -  -   -  -   - -  -
visitor             -  -  - -  -   -  -   - -  -
"""
# Columns: write updates, follow updates, publish assessments, follow mails, assign, pages of one's own.
MAY = """
focal_point         x x - - - x
alternate           x x - - - x
validating_officer  - x - - - x
other_focal_point   x x - - - x
coordinator         - x - x x x
contributor         - - x - - x
silent_contributor  - - - - - x
lead                - - x - - x
other_lead          - - x - - x
ombudsperson        - - x - - x
registrar           - - - - - x
administrator       - - - - - x
visitor             - - - - - -
system              - - - - x -
"""
# Columns: of Open Window on a point, on a recommendation; both withdrawn; of Second Lamp; of the Ombudsperson.
WITHDRAWS = """
focal_point         - - - - - -
alternate           - - - - - -
validating_officer  - - - - - -
other_focal_point   - - - - - -
coordinator         - - - - - -
contributor         x x - - - -
silent_contributor  - - - - - -
lead                x x - - - -
other_lead          - - - - x -
ombudsperson        - - - - - x
registrar           - - - - - -
administrator       - - - - - -
visitor             - - - - - -
"""
UPDATES = [(ministry, state) for ministry in "ab" for state in STATES]


@pytest.fixture
def rows(session: Session, cast: Cast) -> PolicyEntries:
    return add_entries(session, cast)


def selected(session: Session, model: type, condition: ColumnElement[bool]) -> set[object]:
    return set(session.scalars(select(model.id).where(condition)))


def test_the_table_of_updates_is_what_sql_selects_and_what_can_see_allows(
    session: Session, cast: Cast, rows: PolicyEntries
) -> None:
    assert set(table(SEES_UPDATES)) == set(ELEVEN)
    for name, cells in table(SEES_UPDATES).items():
        expected = ticked(cells, UPDATES)
        found = selected(session, ProgressUpdate, updates.visible_updates(cast[name]))
        by_sql = {key for key, update in rows.updates.items() if update.id in found}
        by_row = {key for key, update in rows.updates.items() if updates.can_see_update(cast[name], update)}
        assert by_sql == expected, f"SQL shows {name} something else"
        assert by_row == expected, f"can_see_update allows {name} something else"


def test_everybody_sees_every_assessment_and_every_tombstone(
    session: Session, cast: Cast, rows: PolicyEntries
) -> None:
    for name in (*ELEVEN, "registrar", "silent_contributor"):
        found = selected(session, Assessment, assessments.visible_assessments(cast[name]))
        for said, assessment in rows.assessments.items():
            assert assessment.id in found, f"SQL hides “{said}” from {name}"
            assert assessments.can_see_assessment(cast[name], assessment), f"{name} cannot see “{said}”"


def test_an_assessment_that_is_neither_published_nor_withdrawn_would_be_seen_by_nobody(cast: Cast) -> None:
    """The database refuses such a row; the policy does not rely on that."""
    for name in ELEVEN:
        assert not assessments.can_see_assessment(cast[name], Assessment())


def test_a_tombstone_shows_nothing_but_its_day_and_place(rows: PolicyEntries) -> None:
    for name in ("point withdrawn", "recommendation withdrawn"):
        left = rows.assessments[name]
        assert (left.organisation_id, left.voice, left.level, left.published_at) == (None, None, None, None)
        assert left.reason + left.narrative + left.source_link + left.language == ""
        assert left.withdrawn_on == people.TODAY


@pytest.mark.parametrize("kind_of_organisation", [None, *OrganisationKind])
def test_sql_and_row_agree_for_every_role_in_every_organisation(
    session: Session, rows: PolicyEntries, kind_of_organisation: OrganisationKind | None
) -> None:
    """Also for accounts that cannot be made: a coordinator of a CSO, a contributor of a ministry."""
    for role in Role:
        for organisation_id in {row.organisation_id for row in rows.updates.values()}:
            actor = Actor(
                roles=frozenset({role}),
                organisation_kind=kind_of_organisation,
                organisation_id=organisation_id if kind_of_organisation else None,
                state_code="KGZ" if kind_of_organisation else None,
                may_publish=True,
            )
            found = selected(session, ProgressUpdate, updates.visible_updates(actor))
            allowed = {row.id for row in rows.updates.values() if updates.can_see_update(actor, row)}
            assert found == allowed, f"{role} of {kind_of_organisation}"
            is_state = kind_of_organisation is not None and kind_of_organisation.voice == Voice.STATE
            works = role in (Role.FOCAL_POINT, Role.ALTERNATE, Role.VALIDATING_OFFICER, Role.COORDINATOR)
            assert (len(found) > 2) == (is_state and works), f"{role} of {kind_of_organisation}"
            assert not (is_state and assessments.may_publish_assessments(actor))


def test_the_table_of_actions_on_updates(cast: Cast, rows: PolicyEntries) -> None:
    assert set(table(DOES_UPDATES)) == set(ELEVEN)
    for name, cells in table(DOES_UPDATES).items():
        for key, expected in zip(UPDATES, cells, strict=True):
            found = actions(cast[name], rows.updates[key], has_officer=key[0] == "a")
            assert found == expected.strip("-"), f"{name} on {key}: {found or 'nothing'}"


def test_without_an_assignment_a_draft_can_only_be_discarded(cast: Cast, rows: PolicyEntries) -> None:
    for name, cells in table(DOES_UPDATES).items():
        for key, told in zip(UPDATES, cells, strict=True):
            found = actions(cast[name], rows.updates[key], has_officer=key[0] == "a", assigned=False)
            assert found == told.strip("-").replace("e", ""), f"{name} on {key}: {found or 'nothing'}"


def actions(actor: Actor, update: ProgressUpdate, *, has_officer: bool, assigned: bool = True) -> str:
    found = {
        "e": updates.can_edit_update(actor, update, assigned=assigned),
        "d": updates.can_discard_update(actor, update),
        "c": updates.can_recall_update(actor, update),
        "v": updates.can_validate_update(actor, update, has_officer=has_officer),
        "r": updates.can_return_update(actor, update, has_officer=has_officer),
        "p": updates.can_publish_update(actor, update, has_officer=has_officer),
    }
    return "".join(letter for letter, allowed in found.items() if allowed)


@pytest.mark.parametrize("has_officer", [True, False])
def test_whoever_wrote_an_update_never_validates_returns_or_publishes_it(
    cast: Cast, rows: PolicyEntries, has_officer: bool
) -> None:
    every = replace(
        cast["focal_point"],
        roles=frozenset({Role.FOCAL_POINT, Role.VALIDATING_OFFICER, Role.COORDINATOR}),
    )
    colleague = replace(every, account_id=cast["alternate"].account_id)
    told = {"draft": "ed", "submitted": "c", "returned": "e", "validated": "", "published": ""}
    after = {**told, "submitted": "cvr" if has_officer else "cvrp", "validated": "rp"}
    for state in STATES:
        update = rows.updates["a", state]
        assert actions(every, update, has_officer=has_officer) == told[state], f"the author, {state}"
        assert actions(colleague, update, has_officer=has_officer) == after[state], f"a colleague, {state}"


def test_nobody_does_anything_without_seeing_it(cast: Cast, rows: PolicyEntries) -> None:
    for name in ELEVEN:
        for update in rows.updates.values():
            for has_officer in (True, False):
                if actions(cast[name], update, has_officer=has_officer):
                    assert updates.can_see_update(cast[name], update)


def test_only_writers_of_an_assigned_organisation_write_an_update(cast: Cast) -> None:
    review, unpublished = Review(is_published=True), Review(is_published=False)
    for name in ELEVEN:
        writes = name in ("focal_point", "alternate", "other_focal_point")
        assert updates.can_write_update(cast[name], review, assigned=True) is writes
        assert not updates.can_write_update(cast[name], review, assigned=False)
        assert not updates.can_write_update(cast[name], unpublished, assigned=True)


def test_the_table_of_what_people_may_do(cast: Cast) -> None:
    functions = (
        updates.may_write_updates,
        updates.may_follow_updates,
        assessments.may_publish_assessments,
        mails.may_follow_mails,
        lambda actor: assignments.can_assign(actor, Review(state_code="KGZ")),
        actors.may_sign_in_pages,
    )
    assert set(table(MAY)) == {*cast.actors, "system"}
    for name, cells in table(MAY).items():
        actor = SYSTEM if name == "system" else cast[name]
        found = [function(actor) for function in functions]
        assert found == [cell == "x" for cell in cells], name
        assert accounts.may_create_accounts(actor) == (name == "system"), name


def test_the_table_of_who_withdraws_an_assessment(cast: Cast, rows: PolicyEntries) -> None:
    assert set(table(WITHDRAWS)) == set(cast.actors)
    for name, cells in table(WITHDRAWS).items():
        found = {
            said
            for said in ASSESSMENTS
            if assessments.can_withdraw_assessment(cast[name], rows.assessments[said])
        }
        assert found == ticked(cells, ASSESSMENTS), name


def test_the_coordinator_sees_the_mails_of_the_state_and_nobody_sees_another(
    session: Session, cast: Cast
) -> None:
    to_the_state = ("focal_point", "coordinator", "other_focal_point")
    to_others = ("contributor", "ombudsperson")
    added = add_mails(session, (*to_the_state, *to_others, "registrar", "administrator"))
    for name, actor in {**cast.actors, "system": SYSTEM}.items():
        expected = {"coordinator": {*to_the_state}, "system": {*to_the_state, *to_others}}.get(name, set())
        by_sql = {mail.handle for mail in list_mails(session, actor, most=50)}
        by_row = {mail.account.handle for mail in added if mails.can_see_mail(actor, mail)}
        assert by_sql == expected, f"SQL shows {name} something else"
        assert by_row == expected, f"can_see_mail allows {name} something else"


def test_the_operator_sees_every_update(session: Session, rows: PolicyEntries) -> None:
    found = selected(session, ProgressUpdate, updates.visible_updates(SYSTEM))
    assert found == {update.id for update in rows.updates.values()}
    assert all(updates.can_see_update(SYSTEM, update) for update in rows.updates.values())
