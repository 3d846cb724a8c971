"""The texts of points and recommendations, and the refs of points: what every change of them keeps."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assessments import Assessment
from tracker.models.recommendations import Recommendation, RecommendationWording
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.queries.wordings import made_at_of_update


def reword(
    session: Session, point: ActionPoint, text: str, now: datetime, *, was_split: bool = False
) -> None:
    """The text that it had is kept: entries made until now are marked as made on it."""
    if point.text != text or was_split:
        session.add(PointWording(action_point_id=point.id, text=point.text, until=now, was_split=was_split))
        point.text = text


def reword_recommendation(session: Session, recommendation: Recommendation, text: str, now: datetime) -> None:
    """The same for the text of a recommendation: assessments of the whole that were made until now are marked."""
    if recommendation.text != text:
        session.add(
            RecommendationWording(recommendation_id=recommendation.id, text=recommendation.text, until=now)
        )
        recommendation.text = text


def moment_after_entries(session: Session, now: datetime, which: ColumnElement[bool]) -> datetime:
    """`now`, or the moment after the last entry and the last rewording of these recommendations: `now` was taken before
    this transaction waited for the lock of the review, and what others wrote meanwhile is about the text that stood.
    Call it under the lock."""
    recommendations = select(Recommendation.id).where(which)
    points = select(ActionPoint.id).where(ActionPoint.recommendation_id.in_(recommendations))
    moments = union_all(
        select(func.max(made_at_of_update())).where(ProgressUpdate.action_point_id.in_(points)),
        select(func.max(Assessment.published_at)).where(Assessment.recommendation_id.in_(recommendations)),
        select(func.max(PointWording.until)).where(PointWording.action_point_id.in_(points)),
        select(func.max(RecommendationWording.until)).where(
            RecommendationWording.recommendation_id.in_(recommendations)
        ),
    )
    last = max((each for each in session.scalars(moments) if each is not None), default=None)
    return now if last is None or last < now else last + timedelta(microseconds=1)


def list_all_points(session: Session, recommendation_id: int) -> Sequence[ActionPoint]:
    """In their order, retired ones too; read again."""
    query = select(ActionPoint).where(ActionPoint.recommendation_id == recommendation_id)
    query = query.order_by(ActionPoint.order, ActionPoint.id)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def next_ref(recommendation: Recommendation, points: Sequence[ActionPoint]) -> str:
    """A12.5, one more than any that was ever there: the ref of a retired point, and one that a point had formerly, is
    never given to another."""
    begin = f"{recommendation.ref}."
    refs = [ref for point in points for ref in (point.ref, point.formerly) if ref]
    numbers = [ref.removeprefix(begin) for ref in refs if ref.startswith(begin)]
    return f"{begin}{max((int(each) for each in numbers if each.isdecimal()), default=0) + 1}"


def renumber(
    recommendation: Recommendation, points: Sequence[ActionPoint], ref: str, review: Review, now: datetime
) -> None:
    """Its points are named after it. Of a review that is public it keeps the number that it had, as a former one."""
    for point in points:
        point.ref = f"{ref}{point.ref.removeprefix(recommendation.ref)}"
    if review.is_published:
        former = {"ref": recommendation.ref, "until": now.isoformat()}
        recommendation.former_refs = [*recommendation.former_refs, former]
    recommendation.ref = ref


def number_anew(points: Sequence[ActionPoint]) -> None:
    """Their order as they stand in the list."""
    for order, point in enumerate(points, start=1):
        point.order = order
