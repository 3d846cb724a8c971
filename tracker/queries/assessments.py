"""One assessment, and those of an organisation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.assessments import visible_assessments
from tracker.queries.translations import shown_title


def get_assessment(
    session: Session, actor: Actor, assessment_id: UUID, *, for_change: bool = False
) -> Assessment:
    """`for_change` locks the row, as in `queries/updates.py`: somebody may be withdrawing it now."""
    query = select(Assessment).where(Assessment.id == assessment_id, visible_assessments(actor))
    if for_change:
        query = query.with_for_update(of=Assessment)
    assessment = session.scalar(query.options(joinedload(Assessment.organisation)))
    if assessment is None:
        raise NotFound
    return assessment


def get_place(session: Session, assessment: Assessment) -> tuple[str, str, str]:
    """Where an assessment stands: the code of the review, the refs of recommendation and point."""
    query = select(Review.code, Recommendation.ref).join(Review, Review.id == Recommendation.review_id)
    code, ref = session.execute(query.where(Recommendation.id == assessment.recommendation_id)).one()
    point = session.get(ActionPoint, assessment.action_point_id) if assessment.action_point_id else None
    return code, ref, point.ref if point else ref


def list_own_assessments(
    session: Session, actor: Actor, most: int, after: UUID | None = None
) -> tuple[Sequence[Any], UUID | None]:
    """The published assessments of the actor's organisation with their places, newest first: `most` of them, beginning
    with the newest or after the assessment `after`. The second value is the `after` of the next page, or None."""
    query = (
        select(
            Assessment.id,
            Assessment.level,
            Assessment.published_at,
            Review.code.label("review"),
            Recommendation.ref,
            shown_title(),
            ActionPoint.ref.label("point_ref"),
        )
        .join(Recommendation, Recommendation.id == Assessment.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .outerjoin(ActionPoint, ActionPoint.id == Assessment.action_point_id)
        .where(
            Assessment.organisation_id == actor.organisation_id,
            Assessment.published_at.is_not(None),
            visible_assessments(actor),
        )
    )
    if after is not None:
        last = select(Assessment.published_at).where(Assessment.id == after).scalar_subquery()
        same = and_(Assessment.published_at == last, Assessment.id > after)
        query = query.where(or_(Assessment.published_at < last, same))
    order = query.order_by(Assessment.published_at.desc(), Assessment.id)
    rows = session.execute(order.limit(most + 1)).all()
    return rows[:most], rows[most - 1].id if len(rows) > most else None
