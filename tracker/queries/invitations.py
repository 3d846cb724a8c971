"""Open invitations: those of an organisation that the actor may see, and the one of a link."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.failures import NotFound
from tracker.models.accounts import Account, Invitation
from tracker.models.organisations import Organisation
from tracker.policy.accounts import visible_accounts
from tracker.policy.actors import Actor
from tracker.policy.invitations import has_lead, visible_invitations


@dataclass(frozen=True)
class SeenInvitation:
    """`account`: whose passphrase or second factor it renews; `has_lead`: somebody leads the organisation."""

    invitation: Invitation
    account: Account | None
    has_lead: bool


def hash_token(token: str) -> str:
    """The hash of a link's token, as the table stores it."""
    return hashlib.sha256(token.encode()).hexdigest()


def list_invitations(
    session: Session, actor: Actor, organisation: Organisation | None, now: datetime
) -> Sequence[Any]:
    """Rows of invitation, the handle it renews and the handle it replaces; the first to expire comes first. A handle is
    None unless the actor may see its account: a registrar sees the link that replaces a lead, never which lead."""
    holder, replaced = aliased(Account), aliased(Account)
    seen = select(Account.id).where(visible_accounts(actor))
    query = (
        select(Invitation, holder.handle.label("holder"), replaced.handle.label("replaced"))
        .select_from(Invitation)
        .outerjoin(holder, and_(holder.id == Invitation.account_id, holder.id.in_(seen)))
        .outerjoin(replaced, and_(replaced.id == Invitation.replaces_id, replaced.id.in_(seen)))
        .where(visible_invitations(actor), Invitation.expires_at > now)
    )
    if organisation is None:
        query = query.where(Invitation.organisation_id.is_(None))
    else:
        query = query.where(Invitation.organisation_id == organisation.id)
    return session.execute(query.order_by(Invitation.expires_at, Invitation.id)).all()


def find_link_that_replaces(session: Session, actor: Actor, now: datetime) -> Invitation | None:
    """The registrar's open link whose use ends the account of the actor, a lead who is alone; with its organisation."""
    query = select(Invitation).where(
        Invitation.replaces_id == actor.account_id, Invitation.expires_at > now, visible_invitations(actor)
    )
    query = query.options(joinedload(Invitation.organisation))
    return session.scalar(query.order_by(Invitation.expires_at, Invitation.id).limit(1))


def get_invitation(session: Session, actor: Actor, invitation_id: UUID) -> SeenInvitation:
    """Locks the row, to withdraw it: somebody may be using it now. Unseen is the same as unknown, or as used."""
    query = select(Invitation, has_lead().label("has_lead")).with_for_update(of=Invitation)
    query = query.where(Invitation.id == invitation_id, visible_invitations(actor))
    row = session.execute(query.options(joinedload(Invitation.organisation))).first()
    if row is None:
        raise NotFound
    account = None
    if row.Invitation.account_id is not None:
        account = session.scalars(
            select(Account)
            .where(Account.id == row.Invitation.account_id)
            .options(joinedload(Account.organisation), selectinload(Account.roles))
        ).one()
    return SeenInvitation(row.Invitation, account, bool(row.has_lead))


def find_open_invitation(session: Session, token: str, now: datetime) -> SeenInvitation | None:
    """The invitation of a link. None: it is unknown, used, withdrawn, expired or cut off; nothing tells which."""
    query = select(Invitation, has_lead().label("has_lead"), Account)
    query = query.outerjoin(Account, Account.id == Invitation.account_id)
    query = query.where(Invitation.token_hash == hash_token(token), Invitation.expires_at > now)
    row = session.execute(query.options(joinedload(Invitation.organisation))).first()
    return SeenInvitation(row.Invitation, row.Account, bool(row.has_lead)) if row else None
