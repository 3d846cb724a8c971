"""Recommendations and their action points: who adds, corrects and retires them. Who sees them: `policy/reviews.py`."""

from datetime import datetime

from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates, coordinates_state


def may_edit_recommendations(actor: Actor) -> bool:
    return coordinates(actor)


def can_edit_recommendation(actor: Actor, review: Review) -> bool:
    """Of this review: the coordinator of its State, also before it is published. A closed review is not edited: the
    services say so with its day."""
    return coordinates_state(actor, review.state_code)


def may_edit_review(actor: Actor, state_code: str, closed_at: datetime | None) -> bool:
    """Do pages offer it?"""
    return coordinates_state(actor, state_code) and closed_at is None
