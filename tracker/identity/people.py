"""Changes the account of another person of an organisation: ends it, gives or removes a right or role, hands its work
over. Links are made in `invitations.py`."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.failures import NotAllowed, Refused
from tracker.identity.account_lines import write_account_line
from tracker.identity.account_locks import lock_to_change, refuse_last
from tracker.identity.accounts import close_account, close_links
from tracker.identity.invitations import InvitationLink, invite_successor
from tracker.identity.sign_ins import actor_of
from tracker.language import gettext
from tracker.models.accounts import Account, AccountRole, Role
from tracker.policy.accounts import (
    can_change_account,
    can_change_roles,
    can_give_right_to_publish,
    can_hand_over,
)
from tracker.policy.actors import Actor
from tracker.policy.invitations import visible_invitations
from tracker.policy.mails import would_get_mail
from tracker.policy.roles import ROLES_OF_THE_STATE


def end_account(session: Session, actor: Actor, account: Account, now: datetime) -> None:
    """The holder is signed out with the next request, on every device. Unused links that they made no longer work.
    What they wrote stays with the organisation. Raises `Refused` for the last lead of an organisation, the last
    coordinator of a State and the last administrator."""
    lock_to_change(session, actor, account)
    if not can_change_account(actor, account):
        raise NotAllowed
    refuse_last(session, account, *Role)
    closed = close_account(session, account, now)
    after = {"closed_links": closed} if closed else None
    write_account_line(session, actor, "end_account", account, now, after=after)


def give_right_to_publish(session: Session, actor: Actor, account: Account, *, given: bool) -> None:
    """Gives or removes it. The actor is an independent account: no history line is written."""
    lock_to_change(session, actor, account)
    if not can_give_right_to_publish(actor, account):
        raise NotAllowed
    account.may_publish = given
    session.flush()


def give_role(session: Session, actor: Actor, account: Account, role: Role, now: datetime) -> None:
    """One more role of the State. A role that the account has already changes nothing."""
    lock_to_change(session, actor, account)
    _check_role(actor, account, role)
    if any(row.role == role for row in account.roles):
        return
    before = _stored_roles(account)
    account.roles.append(AccountRole(role=role))
    _write_roles(session, actor, account, before, now)


def take_role(session: Session, actor: Actor, account: Account, role: Role, now: datetime) -> None:
    """Takes effect with the next request. Unused links that were made with this role are closed, and the e-mail address
    is erased where no role is left that mail is sent to. Raises `Refused` for the last role of the account (end it
    instead), and for the last coordinator of a State."""
    lock_to_change(session, actor, account)
    _check_role(actor, account, role)
    row = next((each for each in account.roles if each.role == role), None)
    if row is None:
        return
    if len(account.roles) == 1:
        raise Refused(gettext("This is the only role of this person: end the account instead."))
    refuse_last(session, account, role)
    before = _stored_roles(account)
    account.roles.remove(row)
    session.delete(row)
    if not _gets_mail(account):
        account.email = None
    session.flush()
    close_links(session, account, keep=visible_invitations(actor_of(account)))
    _write_roles(session, actor, account, before, now)


def hand_over(session: Session, actor: Actor, account: Account, successor: Account, now: datetime) -> None:
    """The successor gets the roles, and the account ends. Work in progress goes on: updates belong to the organisation,
    and their author stays the same."""
    lock_to_change(session, actor, account, successor)
    is_colleague = successor.organisation_id == account.organisation_id and successor.id != account.id
    if not can_hand_over(actor, account) or not is_colleague or successor.ended_at is not None:
        raise NotAllowed
    before = _stored_roles(successor)
    for role in sorted({row.role for row in account.roles} - {row.role for row in successor.roles}):
        successor.roles.append(AccountRole(role=role))
    close_account(session, account, now)
    after = _stored_roles(successor)
    write_account_line(
        session, actor, "hand_over", account, now, before=before, after=after, successor=successor.handle
    )


def hand_over_to_new(
    session: Session, actor: Actor, account: Account, note: str, now: datetime
) -> InvitationLink:
    """To somebody who has no account yet. Nothing changes until the link is used."""
    lock_to_change(session, actor, account)
    if not can_hand_over(actor, account):
        raise NotAllowed
    return invite_successor(session, actor, account, now, note=note)


def _check_role(actor: Actor, account: Account, role: Role) -> None:
    if not can_change_roles(actor, account) or role not in ROLES_OF_THE_STATE:
        raise NotAllowed


def _gets_mail(account: Account) -> bool:
    """By role, not by what the holder may do now: mail is sent also to a coordinator who has no second factor yet."""
    kind = account.organisation.kind if account.organisation else None
    return would_get_mail([row.role for row in account.roles], kind)


def _stored_roles(account: Account) -> dict[str, Any]:
    return {"roles": sorted(row.role.value for row in account.roles)}


def _write_roles(
    session: Session, actor: Actor, account: Account, before: dict[str, Any], now: datetime
) -> None:
    session.flush()
    write_account_line(
        session, actor, "change_roles", account, now, before=before, after=_stored_roles(account)
    )
