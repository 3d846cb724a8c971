"""Assignments: who distributes the recommendations of a State among its organisations."""

from tracker.models.organisations import Organisation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.roles import coordinates, coordinates_state


def may_assign(actor: Actor) -> bool:
    return actor.sees_all or coordinates(actor)


def can_assign(actor: Actor, review: Review) -> bool:
    """The recommendations of a review: the coordinator of its State, and the operator at the command line."""
    return actor.sees_all or coordinates_state(actor, review.state_code)


def can_be_assigned(organisation: Organisation, review: Review) -> bool:
    """Only an organisation of the State under review answers for its recommendations, until it ends."""
    is_of_the_state = organisation.kind.is_of_the_state and organisation.state_code == review.state_code
    return is_of_the_state and organisation.valid_to is None
