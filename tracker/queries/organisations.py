"""Organisations: the actor's own, and those that the actor may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.failures import NotFound
from tracker.models.accounts import Account, Invitation
from tracker.models.organisations import Organisation
from tracker.policy.accounts import visible_accounts
from tracker.policy.actors import Actor
from tracker.policy.invitations import visible_invitations
from tracker.policy.organisations import (
    organisations_to_invite_to,
    organisations_to_manage,
    visible_organisations,
)
from tracker.policy.roles import INDEPENDENT_KINDS, STATE_KINDS, leads, managed_organisations


def get_own_organisation(session: Session, actor: Actor) -> Organisation:
    organisation = session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    if organisation is None:
        raise NotFound
    return organisation


def get_organisation(session: Session, key: str) -> Organisation:
    organisation = session.scalar(select(Organisation).where(Organisation.key == key))
    if organisation is None:
        raise NotFound
    return organisation


def get_visible_organisation(session: Session, actor: Actor, key: str) -> Organisation:
    """Unseen is the same as unknown."""
    return _get(session, key, visible_organisations(actor))


def get_organisation_to_invite_to(session: Session, actor: Actor, key: str) -> Organisation:
    """An organisation whose people or open links the actor manages; any other is the same as unknown."""
    return _get(session, key, organisations_to_invite_to(actor))


def list_state_organisations(session: Session, actor: Actor, state_code: str, most: int) -> Sequence[Any]:
    """Those of the State, also such as ended, and those whose people the actor manages, by name; with the number of the
    people that the actor sees."""
    people = (
        select(func.count())
        .select_from(Account)
        .where(Account.organisation_id == Organisation.id, visible_accounts(actor))
        .correlate(Organisation)
        .scalar_subquery()
    )
    query = select(Organisation, people.label("people"), managed_organisations(actor).label("is_managed"))
    query = query.where(visible_organisations(actor), Organisation.kind.in_(STATE_KINDS))
    query = query.where(or_(Organisation.state_code == state_code, managed_organisations(actor)))
    return session.execute(query.order_by(Organisation.name_en, Organisation.id).limit(most)).all()


def list_former_organisations(
    session: Session, actor: Actor, state_code: str, most: int
) -> Sequence[Organisation]:
    """Those of the State that ended, the last one first."""
    query = select(Organisation).where(visible_organisations(actor), Organisation.kind.in_(STATE_KINDS))
    query = query.where(Organisation.state_code == state_code, Organisation.valid_to.is_not(None))
    order = (Organisation.valid_to.desc(), Organisation.name_en, Organisation.id)
    return session.scalars(query.order_by(*order).limit(most)).all()


def get_organisation_to_manage(session: Session, actor: Actor, key: str) -> Organisation:
    """One that the actor may change; any other is the same as unknown."""
    return _get(session, key, organisations_to_manage(actor))


def list_assignable_organisations(session: Session, actor: Actor, state_code: str) -> list[Organisation]:
    """Those of the State that the actor may change and that have not ended, by name."""
    query = select(Organisation).where(organisations_to_manage(actor), Organisation.state_code == state_code)
    query = query.where(Organisation.valid_to.is_(None))
    return sorted(session.scalars(query), key=lambda each: (each.name.casefold(), each.id))


def list_independent_organisations(session: Session, actor: Actor, now: datetime, most: int) -> Sequence[Any]:
    """With what a registrar may know: whether somebody leads it, and until when a link is open."""
    query = select(Organisation, _is_led().label("is_led"), _open_until(actor, now).label("open_until"))
    query = query.where(organisations_to_invite_to(actor), Organisation.kind.in_(INDEPENDENT_KINDS))
    return session.execute(query.order_by(Organisation.name_en, Organisation.id).limit(most)).all()


def count_leads(session: Session, organisation: Organisation) -> int:
    """Of an organisation that the actor may see: the caller has checked."""
    query = select(func.count()).select_from(Account).where(leads(organisation.id))
    return session.scalar(query) or 0


def find_only_lead(session: Session, organisation: Organisation) -> Account | None:
    """None where nobody leads, or more than one person."""
    leaders = session.scalars(select(Account).where(leads(organisation.id)).limit(2)).all()
    return leaders[0] if len(leaders) == 1 else None


def _get(session: Session, key: str, condition: ColumnElement[bool]) -> Organisation:
    organisation = session.scalar(select(Organisation).where(Organisation.key == key, condition))
    if organisation is None:
        raise NotFound
    return organisation


def _is_led() -> ColumnElement[bool]:
    return exists().where(leads(Organisation.id)).correlate(Organisation)


def _open_until(actor: Actor, now: datetime) -> Any:
    query = select(func.max(Invitation.expires_at)).where(
        Invitation.organisation_id == Organisation.id, Invitation.expires_at > now, visible_invitations(actor)
    )
    return query.correlate(Organisation).scalar_subquery()
