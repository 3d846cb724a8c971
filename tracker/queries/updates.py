"""One update, loaded through sight, its history and what decides its next step."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.models.action_points import ActionPoint
from tracker.models.history import HistoryLine
from tracker.models.organisations import Assignment, AssignmentKind
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.updates import officer_of_update, visible_updates

# Statements that every step asks are put together once: that takes longer than running them.
_RECOMMENDATION = joinedload(ProgressUpdate.action_point).joinedload(ActionPoint.recommendation)
_WHOLE = (
    select(ProgressUpdate)
    .where(ProgressUpdate.id == bindparam("id"))
    .options(
        _RECOMMENDATION.joinedload(Recommendation.review),
        _RECOMMENDATION.joinedload(Recommendation.source),
        joinedload(ProgressUpdate.organisation),
    )
)
_ASSIGNMENT_KIND = select(Assignment.kind).where(
    Assignment.organisation_id == bindparam("organisation"),
    Assignment.recommendation_id == bindparam("recommendation"),
    Assignment.to_on.is_(None),
)
_HAS_OFFICER = select(officer_of_update()).where(ProgressUpdate.id == bindparam("id"))


def get_update(
    session: Session, actor: Actor, update_id: UUID, *, for_change: bool = False
) -> ProgressUpdate:
    """With its point, recommendation, review and organisation; unseen is the same as unknown.

    `for_change` waits for whoever is changing the row now, so that the step is taken from where it stands
    afterwards (PostgreSQL; in SQLite there is one writer at a time anyway).
    """
    found = _WHOLE.where(visible_updates(actor))
    if for_change:
        found = found.with_for_update(of=ProgressUpdate)
    update = session.scalar(found, {"id": update_id})
    if update is None:
        raise NotFound
    return update


def list_history(session: Session, update: ProgressUpdate) -> Sequence[HistoryLine]:
    """The deeds on an update that the caller got through `get_update`, oldest first."""
    found = select(HistoryLine).where(HistoryLine.subject == f"update {update.id}")
    return session.scalars(found.order_by(HistoryLine.at, HistoryLine.id)).all()


def assignment_kind(
    session: Session, organisation_id: int | None, recommendation_id: int
) -> AssignmentKind | None:
    """How the organisation is assigned to the recommendation now; None: not at all."""
    asked = {"organisation": organisation_id, "recommendation": recommendation_id}
    return session.scalar(_ASSIGNMENT_KIND, asked)


def has_officer(session: Session, update: ProgressUpdate) -> bool:
    """Has the organisation a validating officer other than the author?"""
    return bool(session.scalar(_HAS_OFFICER, {"id": update.id}))
