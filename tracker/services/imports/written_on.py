"""Whether an import has become part of what people work on, so that it cannot be undone any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, union
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assessments import Assessment
from tracker.models.assignments import Assignment
from tracker.models.communications import CommunicationRecommendation
from tracker.models.recommendation_links import RecommendationLink
from tracker.models.recommendations import Recommendation, RecommendationWording
from tracker.models.translations import RecommendationTranslation
from tracker.models.updates import ProgressUpdate


def list_points_with_entries(session: Session, recommendation_ids: Sequence[int]) -> set[int]:
    """The action points of these recommendations on which somebody wrote, or writes."""
    points = select(ActionPoint.id).where(ActionPoint.recommendation_id.in_(recommendation_ids))
    updates = select(ProgressUpdate.action_point_id).where(ProgressUpdate.action_point_id.in_(points))
    assessments = select(Assessment.action_point_id).where(Assessment.action_point_id.in_(points))
    return {each for each in session.scalars(union(updates, assessments)) if each is not None}


def list_assessed(session: Session, recommendation_ids: Sequence[int]) -> set[int]:
    """Those of these recommendations of which somebody assessed the whole."""
    query = select(Assessment.recommendation_id).where(
        Assessment.recommendation_id.in_(recommendation_ids), Assessment.action_point_id.is_(None)
    )
    return set(session.scalars(query))


def list_used(session: Session, added: Sequence[int], own_drafts: Sequence[UUID] = ()) -> list[int]:
    """Those recommendations that people use since they were added: an update in any state, an assessment (also one that
    was withdrawn: its tombstone stays), an assignment, a link, a translation, other points, a position of today, or it
    is retired. `own_drafts`: made by the import itself."""
    used: tuple[ColumnElement[bool], ...] = (
        _has_update(own_drafts),
        _has(Assessment),
        _has(Assignment),
        _has(CommunicationRecommendation),
        exists().where(
            or_(
                RecommendationLink.later_id == Recommendation.id,
                RecommendationLink.earlier_id == Recommendation.id,
            )
        ),
        _points(func.count()) != 1,
        _points(func.count(ActionPoint.retired_at)) != 0,
        exists().where(PointWording.action_point_id.in_(_own_points())),
        _has(RecommendationWording),
        _has(RecommendationTranslation),
        Recommendation.retired_at.is_not(None),
        Recommendation.position_now.is_not(None),
        Recommendation.context_note != "",
    )
    query = select(Recommendation.id).where(Recommendation.id.in_(added), or_(*used))
    return list(session.scalars(query.order_by(Recommendation.order)))


def list_worked_on(
    session: Session, changed: Sequence[int], since: datetime | None, own_drafts: Sequence[UUID] = ()
) -> list[int]:
    """Those recommendations on which somebody wrote an entry, or of which somebody reworded, divided or retired a
    point, since the import changed them."""
    points = _own_points()
    worked = or_(
        _has_update(own_drafts, ProgressUpdate.recorded_at >= since),
        exists().where(Assessment.recommendation_id == Recommendation.id, Assessment.published_at >= since),
        exists().where(PointWording.action_point_id.in_(points), PointWording.until > since),
        exists().where(
            RecommendationWording.recommendation_id == Recommendation.id, RecommendationWording.until > since
        ),
        exists().where(ActionPoint.recommendation_id == Recommendation.id, ActionPoint.retired_at >= since),
    )
    query = select(Recommendation.id).where(Recommendation.id.in_(changed), worked)
    return list(session.scalars(query.order_by(Recommendation.order)))


def _own_points() -> Any:
    return (
        select(ActionPoint.id)
        .where(ActionPoint.recommendation_id == Recommendation.id)
        .correlate(Recommendation)
    )


def _points(counted: Any) -> Any:
    query = select(counted).where(ActionPoint.recommendation_id == Recommendation.id)
    return query.correlate(Recommendation).scalar_subquery()


def _has(table: Any) -> ColumnElement[bool]:
    return exists().where(table.recommendation_id == Recommendation.id)


def _has_update(own_drafts: Sequence[UUID], *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        ProgressUpdate.action_point_id.in_(_own_points()), ProgressUpdate.id.not_in(own_drafts), *more
    )
