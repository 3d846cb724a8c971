"""Accounts, organisations and assignments: who may make them. Invitations by people come with accounts."""

from tracker.models.accounts import Role
from tracker.policy.actors import Actor


def may_create_accounts(actor: Actor) -> bool:
    """The operator at the command line and the seed."""
    return actor.sees_all


def may_assign(actor: Actor) -> bool:
    """The coordinator distributes recommendations; so does the operator at the command line."""
    return actor.sees_all or (actor.is_of_the_state and actor.has(Role.COORDINATOR))
