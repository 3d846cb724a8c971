"""Milestones: whoever sees a review sees its milestones; those of no review are public."""

from sqlalchemy import ColumnElement, or_, select

from tracker.models.milestones import Milestone
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.reviews import can_see_review, visible_reviews


def visible_milestones(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_milestone` allows, as an SQL condition."""
    of_seen_reviews = Milestone.review_id.in_(select(Review.id).where(visible_reviews(actor)))
    return or_(Milestone.review_id.is_(None), of_seen_reviews)


def can_see_milestone(actor: Actor, milestone: Milestone) -> bool:
    """The milestone must be loaded with its review."""
    return milestone.review is None or can_see_review(actor, milestone.review)
