"""Mails and reminders: the coordinator sees those to people of the own State; nobody sees any other."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, true

from tracker.models.accounts import Role
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.reminders import OutgoingMail
from tracker.policy.actors import Actor
from tracker.policy.roles import STATE_KINDS, WRITERS, coordinates, coordinates_state

RECIPIENTS = (*WRITERS, Role.COORDINATOR)
"""The roles that reminders are sent to (`queries/recipients.py`)."""


def may_get_mail(actor: Actor) -> bool:
    """Whoever reminders may be sent to: focal points, alternates and coordinators of the State. Nobody else is asked
    for an address, so that no mail can reveal an independent person."""
    return actor.is_of_the_state and actor.has(*RECIPIENTS)


def would_get_mail(roles: Iterable[Role], kind: OrganisationKind | None) -> bool:
    """The same by role, of an account that is not made yet or may do nothing yet."""
    return kind in STATE_KINDS and not set(roles).isdisjoint(RECIPIENTS)


def may_follow_mails(actor: Actor) -> bool:
    return coordinates(actor)


def visible_mails(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_mail` allows: a condition on the recipient's organisation, which the query joins."""
    if actor.sees_all:
        return true()
    if not may_follow_mails(actor):
        return false()
    return and_(Organisation.kind.in_(STATE_KINDS), Organisation.state_code == actor.state_code)


def can_see_mail(actor: Actor, mail: OutgoingMail) -> bool:
    """The mail must be loaded with its recipient and their organisation. Whoever sees it may try it again."""
    organisation = mail.account.organisation
    if organisation is None:
        return False
    is_of_the_state = organisation.kind in STATE_KINDS
    return actor.sees_all or (is_of_the_state and coordinates_state(actor, organisation.state_code))
