"""Milestones: those of the seed are of public documents, so everybody sees them; those that a person entered are seen
by whoever sees their review."""

from sqlalchemy import ColumnElement, or_, select

from tracker.models.milestones import Milestone
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.reviews import can_see_review, visible_reviews


def visible_milestones(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_milestone` allows, as an SQL condition."""
    of_seen_reviews = Milestone.review_id.in_(select(Review.id).where(visible_reviews(actor)))
    return or_(Milestone.is_by_hand.is_(False), of_seen_reviews)


def can_see_milestone(actor: Actor, milestone: Milestone, *, assigned: bool) -> bool:
    """The milestone must be loaded with its review. `assigned`: the actor's organisation, in that review."""
    if milestone.is_public or milestone.review is None:
        return True
    return can_see_review(actor, milestone.review, assigned=assigned)
