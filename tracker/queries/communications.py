"""The register of communications of a State."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.models.communications import Communication, CommunicationRecommendation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations


def list_communications(session: Session, _actor: Actor, state_code: str) -> list[Communication]:
    """Oldest first, undated last, with their requests. The register is public."""
    query = select(Communication).where(Communication.state_code == state_code)
    query = query.options(selectinload(Communication.requests))
    return list(session.scalars(query.order_by(Communication.order, Communication.id)))


def list_linked_recommendations(
    session: Session, actor: Actor, state_code: str
) -> dict[int, list[tuple[str, str]]]:
    """By communication: the review and ref of each recommendation it is linked with."""
    query = (
        select(CommunicationRecommendation.communication_id, Review.code, Recommendation.ref)
        .join(Recommendation, Recommendation.id == CommunicationRecommendation.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .where(Review.state_code == state_code, visible_recommendations(actor))
        .order_by(Recommendation.order)
    )
    linked: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for communication_id, review, ref in session.execute(query):
        linked[communication_id].append((review, ref))
    return linked


def list_references(session: Session, actor: Actor, recommendation_id: int) -> list[str]:
    """The references of the communications that are linked with a recommendation."""
    query = (
        select(Communication.reference)
        .join(CommunicationRecommendation, CommunicationRecommendation.communication_id == Communication.id)
        .join(Recommendation, Recommendation.id == CommunicationRecommendation.recommendation_id)
        .where(Recommendation.id == recommendation_id, visible_recommendations(actor))
        .order_by(Communication.order)
    )
    return list(session.scalars(query))
