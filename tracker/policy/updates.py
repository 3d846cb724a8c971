"""Updates: who may see, write, submit, recall, validate, return and publish them (docs/rules.md, "Updates").

Drafts and everything else unpublished are seen by the people of their own organisation of the State, also after it was
renamed, and by the coordinator of that State. Independent voices, the administrator and people of another State see
what is published, like everybody. The functions that take an update need it loaded with its organisation.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.reviews import reviews_taking_entries
from tracker.policy.roles import (
    ROLES_IN_MINISTRIES,
    ROLES_OF_THE_STATE,
    WRITERS,
    coordinates,
    coordinates_state,
)


def visible_updates(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_update` allows, as an SQL condition."""
    return or_(ProgressUpdate.state == UpdateState.PUBLISHED, insiders_of_updates(actor))


def can_see_update(actor: Actor, update: ProgressUpdate) -> bool:
    return update.state == UpdateState.PUBLISHED or is_insider_of_update(actor, update)


def insiders_of_updates(actor: Actor) -> ColumnElement[bool]:
    """The rows of which the actor sees everything, also what is confidential or unpublished, as an SQL condition."""
    return _insiders(actor, ProgressUpdate.organisation_id)


def insiders_of_discarded(actor: Actor) -> ColumnElement[bool]:
    """The same for an update that was discarded, by the line that tells it, joined with the organisation in its facts
    and with the account that did it. Older lines name no organisation: there it is that of the account."""
    told = HistoryLine.facts["organisation"].as_string()
    by_account = and_(told.is_(None), _insiders(actor, Account.organisation_id))
    return or_(_insiders(actor, Organisation.id), by_account)


def _insiders(actor: Actor, organisation_id: Any) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    if coordinates(actor):
        own_state = select(Organisation.id).where(Organisation.state_code == actor.state_code)
        return and_(organisation_id.in_(own_state))
    first = actor.first_organisation_id
    if first is None or not _works_for_the_state(actor):
        return false()
    own = select(Organisation.id).where(or_(Organisation.id == first, Organisation.original_id == first))
    return and_(organisation_id.in_(own))


def is_insider_of_update(actor: Actor, update: ProgressUpdate) -> bool:
    if actor.sees_all or _coordinates(actor, update):
        return True
    return _works_for_the_state(actor) and update.organisation.first_id == actor.first_organisation_id


def may_write_updates(actor: Actor) -> bool:
    """Focal points and alternates of an organisation of the State."""
    return actor.is_of_the_state and actor.has(*WRITERS)


def may_follow_updates(actor: Actor) -> bool:
    """Everybody who takes part in the work flow of updates."""
    return actor.is_of_the_state and actor.has(*ROLES_OF_THE_STATE)


def can_write_update(actor: Actor, review: Review, *, assigned: bool) -> bool:
    """On a point of a recommendation to which the actor's organisation is assigned, once the review is published."""
    return may_write_updates(actor) and review.is_published and assigned


def can_carry_update(actor: Actor, review: Review) -> bool:
    """Bring in what a ministry wrote elsewhere, as a draft of that ministry: the coordinator of its State, and the
    operator at the command line."""
    return actor.sees_all or coordinates_state(actor, review.state_code)


def can_edit_update(actor: Actor, update: ProgressUpdate, *, assigned: bool) -> bool:
    """Change and submit a draft or returned update: a focal point or alternate of its organisation, while
    that is assigned to the recommendation."""
    is_open = update.state in (UpdateState.DRAFT, UpdateState.RETURNED)
    return is_open and assigned and is_writer_of(actor, update)


def can_recall_update(actor: Actor, update: ProgressUpdate) -> bool:
    """A submitted one that nobody validated yet, by its writers: also when the assignment has ended or the review is
    closed, because what nobody will check can then be discarded, if it was never returned."""
    return update.state == UpdateState.SUBMITTED and is_writer_of(actor, update)


def can_discard_update(actor: Actor, update: ProgressUpdate) -> bool:
    """A draft, by its writers, also when the assignment has ended. Never what was once returned: the history tells why,
    and that goes with the draft."""
    return update.state == UpdateState.DRAFT and is_writer_of(actor, update)


def is_writer_of(actor: Actor, update: ProgressUpdate) -> bool:
    """One of the colleagues who write it: a focal point or alternate of its organisation."""
    return may_write_updates(actor) and update.organisation_id == actor.organisation_id


def can_validate_update(actor: Actor, update: ProgressUpdate, *, has_officer: bool) -> bool:
    """A submitted one: the organisation's officer; where it has none, the coordinator. Never the author."""
    if update.state != UpdateState.SUBMITTED or _wrote(actor, update):
        return False
    if has_officer:
        return _is_officer_of(actor, update)
    return _coordinates(actor, update)


def can_return_update(actor: Actor, update: ProgressUpdate, *, has_officer: bool) -> bool:
    """With a comment, a submitted or validated one: the organisation's officer or the coordinator. Never the author."""
    is_checked = update.state in (UpdateState.SUBMITTED, UpdateState.VALIDATED)
    return is_checked and is_returner_of(actor, update, has_officer=has_officer)


def is_returner_of(actor: Actor, update: ProgressUpdate, *, has_officer: bool) -> bool:
    """One of those who return it, in the states in which that is possible."""
    if _wrote(actor, update):
        return False
    return _coordinates(actor, update) or (has_officer and _is_officer_of(actor, update))


def can_publish_update(actor: Actor, update: ProgressUpdate, *, has_officer: bool) -> bool:
    """The coordinator: a validated one, or a submitted one of an organisation without an officer."""
    if not is_publisher_of(actor, update):
        return False
    return update.state == UpdateState.VALIDATED or (
        update.state == UpdateState.SUBMITTED and not has_officer
    )


def is_publisher_of(actor: Actor, update: ProgressUpdate) -> bool:
    """Who publishes it, in the states in which that is possible."""
    return _coordinates(actor, update) and not _wrote(actor, update)


def officer_of_update() -> ColumnElement[bool]:
    """Has the organisation of an update a validating officer other than its author? As an SQL condition."""
    return (
        exists()
        .where(AccountRole.account_id == Account.id, AccountRole.role == Role.VALIDATING_OFFICER)
        .where(Account.organisation_id == ProgressUpdate.organisation_id, Account.ended_at.is_(None))
        .where(Account.id != ProgressUpdate.author_id)
    )


def assigned_to_update() -> ColumnElement[bool]:
    """Is the organisation of an update assigned to its recommendation now? As an SQL condition."""
    return exists().where(assignment_of_update(), ActionPoint.id == ProgressUpdate.action_point_id)


def assignment_of_update() -> ColumnElement[bool]:
    """The assignment that lets the organisation of an update write it: a condition on a query that joins the update,
    its point and assignments."""
    return and_(
        Assignment.organisation_id == ProgressUpdate.organisation_id,
        Assignment.recommendation_id == ActionPoint.recommendation_id,
        Assignment.to_on.is_(None),
    )


def waiting_updates(actor: Actor) -> ColumnElement[bool]:
    """The rows that wait for the actor: `can_edit_…`, `can_discard_…`, `can_validate_…` or `can_publish_update` allows
    the next step. In a closed review, and on a retired point, a draft waits to be discarded and what was handed in to
    be returned; with what was returned nothing can be done."""
    conditions: list[ColumnElement[bool]] = [false()]
    is_own = ProgressUpdate.organisation_id == actor.organisation_id
    by_another = ProgressUpdate.author_id != actor.account_id
    is_submitted = ProgressUpdate.state == UpdateState.SUBMITTED
    if may_write_updates(actor):
        conditions.append(and_(is_own, ProgressUpdate.state == UpdateState.DRAFT))
        conditions.append(
            and_(
                is_own,
                ProgressUpdate.state == UpdateState.RETURNED,
                assigned_to_update(),
                _place_takes_entries(),
            )
        )
    if _is_officer(actor):
        conditions.append(and_(is_own, is_submitted, by_another))
    if coordinates(actor):
        is_of_own_state = insiders_of_updates(actor)
        conditions.append(and_(is_of_own_state, ProgressUpdate.state == UpdateState.VALIDATED, by_another))
        conditions.append(and_(is_of_own_state, is_submitted, ~officer_of_update(), by_another))
    return or_(*conditions)


def _place_takes_entries() -> ColumnElement[bool]:
    """Of an update, as an SQL condition: its review is open, its recommendation and point are not retired."""
    of_point = select(Review.id).join(Recommendation, Recommendation.review_id == Review.id)
    of_point = of_point.join(ActionPoint, ActionPoint.recommendation_id == Recommendation.id)
    followed_up = (ActionPoint.retired_at.is_(None), Recommendation.retired_at.is_(None))
    is_own = ActionPoint.id == ProgressUpdate.action_point_id
    return of_point.where(is_own, reviews_taking_entries(), *followed_up).exists()


def _coordinates(actor: Actor, update: ProgressUpdate) -> bool:
    return coordinates_state(actor, update.organisation.state_code)


def _works_for_the_state(actor: Actor) -> bool:
    return actor.is_of_the_state and actor.has(*ROLES_IN_MINISTRIES)


def _is_officer(actor: Actor) -> bool:
    return actor.is_of_the_state and actor.has(Role.VALIDATING_OFFICER)


def _is_officer_of(actor: Actor, update: ProgressUpdate) -> bool:
    return _is_officer(actor) and update.organisation_id == actor.organisation_id


def _wrote(actor: Actor, update: ProgressUpdate) -> bool:
    return update.author_id == actor.account_id
