"""The register of communications."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.models.communications import Communication, CommunicationRecommendation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review


def list_communications(session: Session, state_code: str) -> list[Communication]:
    """Oldest first, undated last, with their requests."""
    found = select(Communication).where(Communication.state_code == state_code)
    found = found.options(selectinload(Communication.requests))
    return list(session.scalars(found.order_by(Communication.order, Communication.id)))


def list_linked_recommendations(session: Session, state_code: str) -> dict[int, list[tuple[str, str]]]:
    """By communication: the review and ref of each recommendation it is linked with."""
    found = (
        select(CommunicationRecommendation.communication_id, Review.code, Recommendation.ref)
        .join(Recommendation, Recommendation.id == CommunicationRecommendation.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .where(Review.state_code == state_code)
        .order_by(Recommendation.order)
    )
    linked: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for communication_id, review, ref in session.execute(found):
        linked[communication_id].append((review, ref))
    return linked
