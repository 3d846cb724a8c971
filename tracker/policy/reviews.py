"""Reviews and their recommendations: who may see them. A review is public once it is published; until then only the
coordinator of its State sees it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, true

from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates, coordinates_state


def visible_reviews(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_review` allows, as an SQL condition."""
    if actor.sees_all:
        return true()
    is_published = Review.is_published.is_(True)
    return or_(is_published, Review.state_code == actor.state_code) if coordinates(actor) else is_published


def can_see_review(actor: Actor, review: Review) -> bool:
    return actor.sees_all or review.is_published or coordinates_state(actor, review.state_code)


def visible_recommendations(actor: Actor) -> ColumnElement[bool]:
    """Those of the reviews that the actor sees: the rows that `can_see_recommendation` allows."""
    return Recommendation.review_id.in_(select(Review.id).where(visible_reviews(actor)))


def can_see_recommendation(actor: Actor, recommendation: Recommendation) -> bool:
    """The recommendation must be loaded with its review."""
    return can_see_review(actor, recommendation.review)


def takes_entries(*, is_published: bool, closed_at: datetime | None) -> bool:
    """A review takes updates and assessments from the day it is published until it is closed."""
    return is_published and closed_at is None


def reviews_taking_entries() -> ColumnElement[bool]:
    """The rows that `takes_entries` allows, as an SQL condition."""
    return and_(Review.is_published.is_(True), Review.closed_at.is_(None))
