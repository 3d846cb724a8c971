"""Imports: the coordinator brings recommendations into the reviews of the own State."""

from sqlalchemy import ColumnElement, false, select, true

from tracker.models.imports import Import
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates, coordinates_state


def may_import(actor: Actor) -> bool:
    return coordinates(actor)


def can_import(actor: Actor, review: Review) -> bool:
    """Into this review, also before it is published; and at the command line. Not into one that is closed."""
    return (actor.sees_all or coordinates_state(actor, review.state_code)) and review.closed_at is None


def can_see_import(actor: Actor, review: Review) -> bool:
    """The import of this review."""
    return actor.sees_all or coordinates_state(actor, review.state_code)


def visible_imports(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_import` allows, as an SQL condition on `Import`."""
    if actor.sees_all:
        return true()
    if not coordinates(actor):
        return false()
    return Import.review_id.in_(select(Review.id).where(Review.state_code == actor.state_code))
