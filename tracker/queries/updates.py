"""One update, loaded through sight, its history and what decides its next step."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.models.action_points import ActionPoint
from tracker.models.history import HistoryLine
from tracker.models.organisations import Assignment, AssignmentKind
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.updates import officer_of_update, visible_updates


def get_update(session: Session, actor: Actor, update_id: UUID) -> ProgressUpdate:
    """With its point, recommendation, review and organisation; unseen is the same as unknown."""
    recommendation = joinedload(ProgressUpdate.action_point).joinedload(ActionPoint.recommendation)
    found = select(ProgressUpdate).where(ProgressUpdate.id == update_id, visible_updates(actor))
    update = session.scalar(
        found.options(
            recommendation.joinedload(Recommendation.review),
            recommendation.joinedload(Recommendation.source),
            joinedload(ProgressUpdate.organisation),
        )
    )
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
    return session.scalar(
        select(Assignment.kind).where(
            Assignment.organisation_id == organisation_id,
            Assignment.recommendation_id == recommendation_id,
            Assignment.to_on.is_(None),
        )
    )


def has_officer(session: Session, update: ProgressUpdate) -> bool:
    """Has the organisation a validating officer other than the author?"""
    return bool(session.scalar(select(officer_of_update()).where(ProgressUpdate.id == update.id)))
