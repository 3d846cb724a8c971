"""The people of an organisation, and the administrators, as far as the actor may see them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from tracker.failures import NotFound
from tracker.language import sort_key
from tracker.models.accounts import Account
from tracker.models.organisations import Organisation
from tracker.policy.accounts import administrators, visible_accounts
from tracker.policy.actors import Actor
from tracker.policy.mails import RECIPIENTS
from tracker.policy.roles import holds

MOST = 500
"""Of an organisation with more people the first so many are shown, as the database orders handles."""


def list_people(session: Session, actor: Actor, organisation: Organisation | None) -> Sequence[Any]:
    """Rows of account (with roles), has_email, has_code and gets_mail (a role that reminders are sent to), by handle.
    Without an organisation: the administrators, who belong to none."""
    query = _rows(actor)
    if organisation is None:
        query = query.where(administrators())
    else:
        query = query.where(Account.organisation_id == organisation.id)
    rows = session.execute(query.order_by(Account.handle).limit(MOST))
    return sorted(rows, key=lambda row: sort_key(row.Account.handle))


def get_person(session: Session, actor: Actor, account_id: UUID) -> Any:
    """As a row of `list_people`; unseen is the same as unknown."""
    row = session.execute(_rows(actor).where(Account.id == account_id)).first()
    if row is None:
        raise NotFound
    return row


def get_account(session: Session, actor: Actor, account_id: UUID) -> Account:
    """With its organisation and roles; unseen is the same as unknown."""
    query = select(Account).where(Account.id == account_id, visible_accounts(actor))
    query = query.options(selectinload(Account.organisation), selectinload(Account.roles))
    account = session.scalar(query)
    if account is None:
        raise NotFound
    return account


def list_successors(session: Session, actor: Actor, account: Account) -> Sequence[Account]:
    """Who may take over the work of a focal point: colleagues of the same organisation."""
    query = select(Account).where(visible_accounts(actor), Account.id != account.id)
    query = query.where(Account.organisation_id == account.organisation_id)
    return sorted(
        session.scalars(query.order_by(Account.handle).limit(MOST)), key=lambda each: sort_key(each.handle)
    )


def _rows(actor: Actor) -> Select[Account, bool, bool, bool]:
    """Without the sealed columns: pages show only whether there is an address or a second factor."""
    query = select(
        Account,
        Account.email.is_not(None).label("has_email"),
        Account.totp_secret.is_not(None).label("has_code"),
        holds(*RECIPIENTS).label("gets_mail"),
    )
    return query.where(visible_accounts(actor)).options(
        load_only(
            Account.handle,
            Account.may_publish,
            Account.saves_passphrase,
            Account.organisation_id,
            Account.ended_at,
            raiseload=True,
        ),
        joinedload(Account.organisation),
        selectinload(Account.roles),
    )
