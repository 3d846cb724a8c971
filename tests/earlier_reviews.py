"""Recommendations of the Working Group in reviews of Kyrgyzstan that the seed leaves empty."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW
from tracker.models.action_points import ActionPoint
from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Position, Recommendation, RecommendationKind
from tracker.models.reviews import Review, Source
from tracker.policy.actors import SYSTEM
from tracker.queries.recommendations.recommendation import get_recommendation


def add_recommendation(
    session: Session,
    review_code: str,
    ref: str,
    text: str,
    *,
    kind: RecommendationKind = RecommendationKind.WG_RECOMMENDATION,
    position: Position = Position.SUPPORTED,
) -> Recommendation:
    """With one point, its text, and loaded with its review."""
    review = session.scalars(select(Review).where(Review.code == review_code)).one()
    last = select(func.max(Recommendation.order)).where(Recommendation.review_id == review.id)
    added = Recommendation(
        review_id=review.id,
        source_id=_source(session, review).id,
        kind=kind,
        ref=ref,
        order=(session.scalar(last) or 0) + 1,
        short_title=text[:60],
        text=text,
        position=position,
    )
    session.add(added)
    session.flush()
    session.add(ActionPoint(recommendation_id=added.id, ref=f"{ref}.1", order=1, text=text))
    session.flush()
    return get_recommendation(session, SYSTEM, review_code, ref)


def link(session: Session, later: Recommendation, earlier: Recommendation, kind: LinkKind) -> None:
    """As if somebody had decided it."""
    session.add(RecommendationLink(later_id=later.id, earlier_id=earlier.id, kind=kind, decided_at=NOW))
    session.flush()


def _source(session: Session, review: Review) -> Source:
    key = f"report of {review.code}"
    source = session.scalar(select(Source).where(Source.key == key))
    if source is None:
        source = Source(
            key=key, review_id=review.id, title="Report of the Working Group", dated_on=date(2026, 5, 1), language="en"
        )  # fmt: skip
        session.add(source)
        session.flush()
    return source
