"""Mails and reminders: the coordinator sees those to people of the State, nobody those to others."""

from sqlalchemy import ColumnElement, false, true

from tracker.models.organisations import Organisation
from tracker.models.reminders import OutgoingMail
from tracker.policy.actors import Actor
from tracker.policy.roles import STATE_KINDS, coordinates


def may_get_mail(actor: Actor) -> bool:
    """An address is stored for nobody else: no mail betrays an independent person, and none is written to them."""
    return actor.is_of_the_state


def may_follow_mails(actor: Actor) -> bool:
    return coordinates(actor)


def visible_mails(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_mail` allows: a condition on the recipient's organisation, which the query joins."""
    if actor.sees_all:
        return true()
    return Organisation.kind.in_(STATE_KINDS) if may_follow_mails(actor) else false()


def can_see_mail(actor: Actor, mail: OutgoingMail) -> bool:
    """Of a mail that is loaded with its recipient and that one's organisation. Who sees it may try it again."""
    organisation = mail.account.organisation
    if organisation is None:
        return False
    return actor.sees_all or (may_follow_mails(actor) and organisation.kind in STATE_KINDS)
