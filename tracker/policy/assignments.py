"""Assignments: who distributes recommendations among the organisations of the State."""

from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates


def may_assign(actor: Actor) -> bool:
    """The coordinator distributes recommendations; so does the operator at the command line."""
    return actor.sees_all or coordinates(actor)
