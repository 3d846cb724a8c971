"""Accounts, organisations and assignments: who may make them, and who must prove more than a passphrase."""

from tracker.models.accounts import Role
from tracker.policy.actors import Actor


def may_create_accounts(actor: Actor) -> bool:
    """The operator at the command line and the seed."""
    return actor.sees_all


def may_assign(actor: Actor) -> bool:
    """The coordinator distributes recommendations; so does the operator at the command line."""
    return actor.sees_all or (actor.is_of_the_state and actor.has(Role.COORDINATOR))


def is_independent_account(actor: Actor) -> bool:
    """A registrar, or somebody of an organisation that is not the State's. Nobody of the State and no administrator
    may learn that it exists, so its deeds leave no line of history."""
    return actor.has(Role.REGISTRAR) or actor.is_independent


def must_have_second_factor(actor: Actor) -> bool:
    """Everybody of the State, registrars and administrators; all others may."""
    return actor.is_of_the_state or actor.has(Role.REGISTRAR, Role.ADMINISTRATOR)


def can_remove_second_factor(actor: Actor) -> bool:
    return actor.account_id is not None and not must_have_second_factor(actor)
