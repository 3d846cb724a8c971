"""Links are used: an account is made, or its holder comes in again. Of many who use one at once one gets it."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.failures import LinkStale, ValidationFailed
from tracker.history.lines import write_line
from tracker.identity.accounts import (
    close_account,
    hold_organisation,
    read_address,
    withdraw_registrars_links,
)
from tracker.identity.sign_ins import actor_of, end_sign_ins, plain_handle
from tracker.language import current, gettext
from tracker.models.accounts import Account, AccountRole, Invitation, InvitationKind, RecoveryCode, Role
from tracker.models.organisations import Organisation
from tracker.policy.actors import is_independent_account, would_be_independent
from tracker.queries.invitations import hash_token
from tracker.queries.organisations import count_leads

HANDLE = re.compile(r"[^\W_][\w.-]{1,28}[^\W_]")
"""3 to 30 letters and digits of any script; dots, hyphens and underscores between them."""


def accept_invitation(
    session: Session, token: str, handle: str, passphrase_hash: str, now: datetime, *, email: str = ""
) -> Account:
    """The new account. Of many who use one link at once one gets it: the link is taken before anything is made,
    and comes back where something is refused, because nothing is committed then."""
    _hold_for_a_lead(session, token)
    link = _take(session, token, InvitationKind.ACCOUNT, now)
    handle = check_handle(handle)
    address = read_address(email)
    organisation = session.get(Organisation, link.organisation_id) if link.organisation_id else None
    roles = [Role(role) for role in link.roles]
    kind = organisation.kind if organisation else None
    independent = would_be_independent(roles, kind)
    whole = [selectinload(Account.roles)]
    replaced = session.get(Account, link.replaces_id, options=whole) if link.replaces_id else None
    leads = count_leads(session, organisation) if organisation else 0
    if independent and replaced and leads > 1:
        raise LinkStale  # a second lead came meanwhile, and lets the first in again
    if replaced and not independent:
        roles = [held.role for held in replaced.roles]  # those of today: one may have been taken since
    account = Account(
        handle=handle,
        passphrase_hash=passphrase_hash,
        organisation=organisation,
        may_publish=link.may_publish,
        email=None if independent else address,
        language=current() if len(current()) == 2 else "en",
        created_at=now,
        roles=[AccountRole(role=role) for role in roles],
    )
    _add(session, account)
    if replaced is not None:
        close_account(session, replaced, now)
    if organisation and Role.ORGANISATION_LEAD in roles:
        withdraw_registrars_links(session, organisation, leads)
    if not independent:
        facts = {"before": replaced.handle} if replaced is not None else None
        subject = f"account {account.id}"
        write_line(session, actor_of(account), "accept_invitation", subject, at=now, facts=facts)
    return account


def set_new_passphrase(session: Session, token: str, passphrase_hash: str, now: datetime) -> Account:
    """By a link. Ends every sign-in of the account: whoever took the old passphrase is out."""
    account = _holder(session, _take(session, token, InvitationKind.NEW_PASSPHRASE, now))
    account.passphrase_hash = passphrase_hash
    _end_sign_ins(session, account, "set_new_passphrase", now)
    return account


def drop_second_factor(session: Session, token: str, now: datetime) -> Account:
    """By a link: the lost one opens nothing any more, and sign-in asks to set up another."""
    account = _holder(session, _take(session, token, InvitationKind.NEW_SECOND_FACTOR, now))
    account.totp_secret = account.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    _end_sign_ins(session, account, "drop_second_factor", now)
    return account


def check_handle(typed: str) -> str:
    """As it is stored. Raises `ValidationFailed` with what to change."""
    handle = plain_handle(typed)
    if not HANDLE.fullmatch(handle):
        raise ValidationFailed(
            {
                "handle": gettext(
                    "Use 3 to 30 letters and digits; dots, hyphens and underscores may stand between them"
                )
            }
        )
    return handle


def _hold_for_a_lead(session: Session, token: str) -> None:
    """Before the link is taken: who makes another link holds the organisation, too, and then removes links."""
    found = select(Invitation.organisation_id, Invitation.roles)
    link = session.execute(found.where(Invitation.token_hash == hash_token(token))).first()
    if link and link.organisation_id and Role.ORGANISATION_LEAD in link.roles:
        hold_organisation(session, link.organisation_id)


def _take(session: Session, token: str, kind: InvitationKind, now: datetime) -> Any:
    """Removes the link and gives what it opens. The row goes in one statement, so that only one gets it."""
    table = Invitation.__table__
    taken = session.execute(
        delete(Invitation)
        .where(
            Invitation.token_hash == hash_token(token), Invitation.expires_at > now, Invitation.kind == kind
        )
        .returning(
            table.c.organisation_id,
            table.c.account_id,
            table.c.replaces_id,
            table.c.roles,
            table.c.may_publish,
        )
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise LinkStale
    return taken


def _holder(session: Session, link: Any) -> Account:
    found = select(Account).where(Account.id == link.account_id, Account.ended_at.is_(None))
    found = found.options(joinedload(Account.organisation), selectinload(Account.roles))
    account = session.scalar(found)
    if account is None:
        raise LinkStale
    return account


def _add(session: Session, account: Account) -> None:
    """A handle is unique over all accounts, also of people whom the reader may not know of. So this sentence tells
    whoever holds an invitation that a handle is taken, which cannot be avoided: it does not tell by whom, and it
    is the same for an account of the State, an independent and an ended one."""
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise ValidationFailed({"handle": gettext("Choose another handle: this one is taken")}) from error


def _end_sign_ins(session: Session, account: Account, verb: str, now: datetime) -> None:
    end_sign_ins(session, account.id)
    session.flush()
    if not is_independent_account(actor_of(account)):
        write_line(session, actor_of(account), verb, f"account {account.id}", at=now)
