"""Uses links: makes an account, or lets its holder in again. If several requests use one link, only one succeeds."""

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
    lock_organisation,
    read_address,
    withdraw_registrars_links,
)
from tracker.identity.sign_ins import actor_of, end_sign_ins, plain_handle
from tracker.language import current, gettext
from tracker.models.accounts import Account, AccountRole, Invitation, InvitationKind, RecoveryCode, Role
from tracker.models.organisations import Organisation
from tracker.policy.actors import is_independent_account, would_be_independent
from tracker.policy.mails import would_get_mail
from tracker.queries.invitations import hash_token
from tracker.queries.organisations import count_leads

HANDLE = re.compile(r"[^\W_][\w.-]{1,28}[^\W_]")
"""3 to 30 letters and digits of any script; dots, hyphens and underscores between them."""


def accept_invitation(
    session: Session, token: str, handle: str, passphrase_hash: str, now: datetime, *, email: str = ""
) -> Account:
    """Makes the account. If several requests use one link, only one succeeds: the link is deleted before anything is
    made. If something is refused afterwards nothing is committed, and the link still works."""
    link = _take(session, token, InvitationKind.ACCOUNT, now)
    handle = check_handle(handle)
    address = read_address(email)
    organisation = session.get(Organisation, link.organisation_id) if link.organisation_id else None
    roles = [Role(role) for role in link.roles]
    kind = organisation.kind if organisation else None
    independent = would_be_independent(roles, kind)
    options = [selectinload(Account.roles)]
    replaced = session.get(Account, link.replaces_id, options=options) if link.replaces_id else None
    leads = count_leads(session, organisation) if organisation else 0
    if independent and replaced and leads > 1:
        raise LinkStale  # there is another lead by now, who can let the first in again
    if replaced and not independent:
        roles = [row.role for row in replaced.roles]  # the present ones: one may have been removed since
    account = Account(
        handle=handle,
        passphrase_hash=passphrase_hash,
        organisation=organisation,
        may_publish=link.may_publish,
        email=address if would_get_mail(roles, kind) else None,
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
    """By a link. Ends every sign-in of the account: whoever stole the old passphrase is signed out."""
    account = _load_holder(session, _take(session, token, InvitationKind.NEW_PASSPHRASE, now))
    account.passphrase_hash = passphrase_hash
    _end_sign_ins(session, account, "set_new_passphrase", now)
    return account


def drop_second_factor(session: Session, token: str, now: datetime) -> Account:
    """By a link. The lost one no longer works; somebody who must have one is asked for a new one at sign-in."""
    account = _load_holder(session, _take(session, token, InvitationKind.NEW_SECOND_FACTOR, now))
    account.totp_secret = account.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    _end_sign_ins(session, account, "drop_second_factor", now)
    return account


def check_handle(typed: str) -> str:
    """The handle as it is stored. Raises `ValidationFailed` with what to change."""
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


def _lock_before_link(session: Session, token: str) -> None:
    """Call it before the link is deleted. Whoever makes links or changes accounts locks in the same order: first the
    organisation (for a lead), then the account that the link renews or replaces, then the links. Otherwise the two
    could deadlock. An organisation of the State may end at the same moment (`lock_belongings`): that locks accounts,
    the organisation, links."""
    query = select(
        Invitation.organisation_id, Invitation.roles, Invitation.account_id, Invitation.replaces_id
    )
    link = session.execute(query.where(Invitation.token_hash == hash_token(token))).first()
    if link is None:
        return
    if link.organisation_id and Role.ORGANISATION_LEAD in link.roles:
        lock_organisation(session, link.organisation_id)
    account_id = link.account_id or link.replaces_id
    if account_id:
        session.scalar(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    if link.organisation_id:
        place = select(Organisation.id).where(Organisation.id == link.organisation_id)
        session.scalar(place.with_for_update(read=True, key_share=True))


def _take(session: Session, token: str, kind: InvitationKind, now: datetime) -> Any:
    """Deletes the link and returns its columns, in one statement, so that only one request gets the row."""
    _lock_before_link(session, token)
    table = Invitation.__table__
    row = session.execute(
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
    if row is None:
        raise LinkStale
    return row


def _load_holder(session: Session, link: Any) -> Account:
    query = select(Account).where(Account.id == link.account_id, Account.ended_at.is_(None))
    query = query.options(joinedload(Account.organisation), selectinload(Account.roles))
    account = session.scalar(query)
    if account is None:
        raise LinkStale
    return account


def _add(session: Session, account: Account) -> None:
    """A handle is unique over all accounts, also over those that the reader may not know of. So this sentence tells
    the holder of an invitation that a handle is taken; that cannot be avoided. It does not tell by whom, and it is
    the same for an account of the State, an independent one and an ended one."""
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise ValidationFailed({"handle": gettext("Choose another username: this one is taken")}) from error


def _end_sign_ins(session: Session, account: Account, verb: str, now: datetime) -> None:
    end_sign_ins(session, account.id)
    session.flush()
    if not is_independent_account(actor_of(account)):
        write_line(session, actor_of(account), verb, f"account {account.id}", at=now)
