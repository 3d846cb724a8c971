"""Organisations: the actor's own, and those that the actor may see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.failures import NotFound
from tracker.language import sort_key
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
    return _first_by_name(session, query, most)


def list_former_organisations(
    session: Session, actor: Actor, state_code: str, most: int
) -> Sequence[Organisation]:
    """Those of the State that ended, the last one first."""
    query = select(Organisation).where(visible_organisations(actor), Organisation.kind.in_(STATE_KINDS))
    query = query.where(Organisation.state_code == state_code, Organisation.valid_to.is_not(None))
    return [row[0] for row in _first_by_name(session, query, most, by_end=True)]


def get_organisation_to_manage(session: Session, actor: Actor, key: str) -> Organisation:
    """One that the actor may change; any other is the same as unknown."""
    return _get(session, key, organisations_to_manage(actor))


def list_assignable_organisations(session: Session, actor: Actor, state_code: str) -> list[Organisation]:
    """Those of the State that the actor may change and that have not ended, by name."""
    query = select(Organisation).where(organisations_to_manage(actor), Organisation.state_code == state_code)
    query = query.where(Organisation.valid_to.is_(None))
    return sorted(session.scalars(query), key=lambda each: (sort_key(each.name), each.id))


def list_independent_organisations(session: Session, actor: Actor, now: datetime, most: int) -> Sequence[Any]:
    """With what a registrar may know: whether somebody leads it, and until when a link is open."""
    query = select(Organisation, _is_led().label("is_led"), _open_until(actor, now).label("open_until"))
    query = query.where(organisations_to_invite_to(actor), Organisation.kind.in_(INDEPENDENT_KINDS))
    return _first_by_name(session, query, most)


def count_leads(session: Session, organisation: Organisation) -> int:
    """Of an organisation that the actor may see: the caller has checked."""
    query = select(func.count()).select_from(Account).where(leads(organisation.id))
    return session.scalar(query) or 0


def find_only_lead(session: Session, organisation: Organisation) -> Account | None:
    """None where nobody leads, or more than one person."""
    leaders = session.scalars(select(Account).where(leads(organisation.id)).limit(2)).all()
    return leaders[0] if len(leaders) == 1 else None


def _first_by_name(session: Session, query: Select[Any], most: int, *, by_end: bool = False) -> list[Any]:
    """The first `most` rows by name; `by_end`: those that ended last before. The database cannot sort by names, so ids
    and names of all are read, and whole rows only of those that the page shows."""
    names = query.with_only_columns(Organisation.id, Organisation.name.label("name"), Organisation.valid_to)
    ordered = sorted(session.execute(names), key=lambda row: (sort_key(row.name), row.id))
    if by_end:
        ordered.sort(key=lambda row: row.valid_to or date.min, reverse=True)
    ids = [row.id for row in ordered[:most]]
    rows = {row[0].id: row for row in session.execute(query.where(Organisation.id.in_(ids)))}
    return [rows[each] for each in ids if each in rows]


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
