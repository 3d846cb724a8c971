"""Makes and withdraws links that work once: to a new account, or to let its holder in again. What happens when one is
used is in `invitation_acceptance.py`."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.failures import NotAllowed, Refused
from tracker.history.lines import write_line
from tracker.identity.account_lines import write_account_line
from tracker.identity.account_locks import lock_and_recheck_actor, lock_to_change
from tracker.identity.accounts import lock_open_organisation, lock_organisation
from tracker.language import gettext
from tracker.models.accounts import Account, Invitation, InvitationKind, Role
from tracker.models.organisations import Organisation
from tracker.policy.accounts import can_change_account
from tracker.policy.actors import Actor, would_be_independent
from tracker.policy.invitations import can_see_invitation, visible_invitations
from tracker.policy.organisations import can_invite_to, can_see_people_of, roles_to_invite
from tracker.queries.invitations import SeenInvitation, hash_token
from tracker.queries.organisations import count_leads, find_only_lead

LIFETIME = timedelta(hours=72)
RECOVERY_LIFETIME = timedelta(hours=24)
TOKEN_BYTES = 32


@dataclass(frozen=True)
class InvitationLink:
    """Shown once, to whoever made it: the table holds only the token's hash."""

    token: str
    expires_at: datetime


def invite(
    session: Session,
    actor: Actor,
    organisation: Organisation | None,
    role: Role,
    now: datetime,
    *,
    may_publish: bool = False,
    note: str = "",
) -> InvitationLink:
    """A link to a new account with that role. A registrar's link replaces the one before. If the organisation has one
    lead, it lets that person in again: using it ends the account that they cannot open any more."""
    lock_and_recheck_actor(session, actor)
    if organisation is not None:
        if not can_invite_to(actor, organisation):
            raise NotAllowed
        lock_open_organisation(session, organisation)
    if role not in roles_to_invite(actor, organisation):
        raise NotAllowed
    replaced = None
    if (
        organisation is not None
        and _is_independent([role], organisation)
        and not can_see_people_of(actor, organisation)
    ):
        replaced = _lead_to_readmit(session, actor, organisation)
    roles = [role]
    invitation = Invitation(
        kind=InvitationKind.ACCOUNT,
        organisation_id=organisation.id if organisation else None,
        replaces_id=replaced.id if replaced else None,
        roles=[each.value for each in roles],
        may_publish=may_publish and role == Role.CONTRIBUTOR,
        note=note,
    )
    if not _is_independent(roles, organisation):
        _write_about_organisation(session, actor, "invite", organisation, now, role=role.value)
    return _store(session, actor, invitation, now + LIFETIME, now)


def invite_successor(
    session: Session, actor: Actor, account: Account, now: datetime, *, note: str = ""
) -> InvitationLink:
    """A link for the successor of a focal point or alternate: using it passes the roles on and ends the account. The
    caller has locked the account and checked `can_hand_over` (`identity/people.py`)."""
    roles = sorted(row.role for row in account.roles)
    invitation = Invitation(
        kind=InvitationKind.ACCOUNT,
        organisation_id=account.organisation_id,
        replaces_id=account.id,
        roles=[role.value for role in roles],
        note=note,
    )
    session.execute(delete(Invitation).where(Invitation.replaces_id == account.id))
    write_account_line(session, actor, "invite_successor", account, now)
    return _store(session, actor, invitation, now + LIFETIME, now)


def create_recovery_link(
    session: Session, actor: Actor, account: Account, kind: InvitationKind, now: datetime
) -> InvitationLink:
    """A link to a new passphrase or second factor, for somebody who lost it. Only the newest link works."""
    lock_to_change(session, actor, account)
    if not can_change_account(actor, account) or kind == InvitationKind.ACCOUNT:
        raise NotAllowed
    session.execute(delete(Invitation).where(Invitation.account_id == account.id, Invitation.kind == kind))
    invitation = Invitation(
        kind=kind,
        organisation_id=account.organisation_id,
        account_id=account.id,
        roles=sorted(row.role.value for row in account.roles),
    )
    write_account_line(session, actor, "create_recovery_link", account, now, kind=kind.value)
    return _store(session, actor, invitation, now + RECOVERY_LIFETIME, now)


def withdraw_invitation(session: Session, actor: Actor, seen: SeenInvitation, now: datetime) -> None:
    """The link no longer works."""
    invitation = seen.invitation
    if not can_see_invitation(actor, invitation, seen.account, has_lead=seen.has_lead):
        raise NotAllowed
    organisation = invitation.organisation
    roles = invitation.given_roles
    if not _is_independent(roles, organisation):
        _write_about_organisation(session, actor, "withdraw_invitation", organisation, now)
    session.delete(invitation)


def _lead_to_readmit(session: Session, actor: Actor, organisation: Organisation) -> Account | None:
    """The only lead, or None without a lead. Raises `Refused` where there are two: they let each other in, so that no
    registrar can add anybody to their organisation. Of two links made at once the second replaces the first."""
    lock_organisation(session, organisation.id)
    if count_leads(session, organisation) > 1:
        raise Refused(
            gettext("This organisation has two leads: each can let the other in again. Nothing was changed.")
        )
    is_theirs = Invitation.organisation_id == organisation.id
    statement = delete(Invitation).where(is_theirs, visible_invitations(actor))
    session.execute(statement, execution_options={"synchronize_session": False})
    return find_only_lead(session, organisation)


def _store(
    session: Session, actor: Actor, invitation: Invitation, expires_at: datetime, now: datetime
) -> InvitationLink:
    """Also deletes expired links, but for those that somebody else deletes now: nobody waits while holding the head of
    the history."""
    expired = select(Invitation.id).where(Invitation.expires_at <= now).with_for_update(skip_locked=True)
    statement = delete(Invitation).where(Invitation.id.in_(expired))
    session.execute(statement, execution_options={"synchronize_session": False})
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation.token_hash, invitation.expires_at = hash_token(token), expires_at
    invitation.made_by = str(actor.account_id) if actor.account_id else None
    session.add(invitation)
    session.flush()
    return InvitationLink(token, expires_at)


def _is_independent(roles: list[Role], organisation: Organisation | None) -> bool:
    """Will the account that such a link makes be an independent one?"""
    kind = organisation.kind if organisation else None
    return would_be_independent(roles, kind)


def _write_about_organisation(
    session: Session, actor: Actor, verb: str, organisation: Organisation | None, now: datetime, **facts: str
) -> None:
    """Administrators have no organisation and belong to no State."""
    subject = f"organisation {organisation.key}" if organisation else "administrators"
    state_code = organisation.state_code if organisation else None
    write_line(session, actor, verb, subject, at=now, state_code=state_code, facts=facts)
