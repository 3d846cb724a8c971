"""Before a recommendation is changed by hand: who may, and that nobody else changes it at the same moment."""

from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from tracker.failures import NotAllowed
from tracker.history.lines import write_line
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.recommendations import can_edit_recommendation
from tracker.services.levels import bump_version
from tracker.services.reviews import refuse_closed


def lock_review(session: Session, actor: Actor, review_id: int) -> Review:
    """The row of the review is locked until the transaction ends, as every writer does, and is read again."""
    review = session.get_one(Review, review_id)
    if not can_edit_recommendation(actor, review):
        raise NotAllowed
    bump_version(session, review_id)
    session.refresh(review, _columns(Review))
    refuse_closed(review.closed_at)
    return review


def lock_recommendation(session: Session, actor: Actor, recommendation: Recommendation) -> Review:
    """The same; the columns of the recommendation are read again, its relationships stay loaded."""
    review = lock_review(session, actor, recommendation.review_id)
    session.refresh(recommendation, _columns(Recommendation))
    return review


def _columns(model: type[Any]) -> list[str]:
    return [column.key for column in inspect(model).column_attrs]


def write_edit(
    session: Session,
    actor: Actor,
    verb: str,
    recommendation: Recommendation,
    review: Review,
    now: datetime,
    *,
    facts: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """A line of the history about the recommendation or a point of it. Its subject names the row, because the ref may
    be corrected."""
    place = f"{review.code} {recommendation.ref}"
    write_line(
        session,
        actor,
        verb,
        subject_of(recommendation),
        at=now,
        state_code=review.state_code,
        facts={"recommendation": place, **(facts or {})},
        before=before,
        after=after,
        may_be_public=False,
    )


def subject_of(recommendation: Recommendation) -> str:
    return f"recommendation {recommendation.id}"
