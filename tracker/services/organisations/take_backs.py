"""Takes back a rename, merge or split that was a slip, as long as nobody has worked on what passed: everything returns
to where it was, as if it had not been done. The line of the history tells exactly what passed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from tracker.failures import NotAllowed, Refused
from tracker.history.lines import write_line
from tracker.language import gettext
from tracker.models.accounts import Account, Invitation
from tracker.models.assignments import Assignment
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation, OrganisationSuccession
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.organisations import can_manage_organisation
from tracker.services.organisations.belongings import (
    Moved,
    lock_belongings,
    move_updates,
    read_accounts,
    read_updates,
)
from tracker.services.organisations.successions import KINDS


@dataclass(frozen=True)
class Deed:
    """What was done to one organisation, as its line tells."""

    line: int
    at: datetime
    old: Organisation
    heirs: list[Organisation]
    made: set[int]
    batch: list[str]
    moved: Moved


def take_back_succession(session: Session, actor: Actor, organisation: Organisation, now: datetime) -> None:
    """`organisation` is the one that ended. What was merged in one step comes back in one step."""
    if not can_manage_organisation(actor, organisation) or organisation.state_code is None:
        raise NotAllowed
    first = _read(session, organisation)
    deeds = [_read(session, _by_key(session, key)) for key in first.batch]
    everybody = {each.id: each for deed in deeds for each in (deed.old, *deed.heirs)}
    lock_belongings(session, organisation.state_code, *everybody.values())
    for deed in deeds:
        if deed.old.valid_to is None:
            raise Refused(gettext("This was taken back already. Nothing was changed."))
        for heir in deed.heirs:
            _refuse_later(session, deed, heir)
        _refuse_worked_on(session, deed)
    made = {heir.id: heir for deed in deeds for heir in deed.heirs if heir.id in deed.made}
    _refuse_more(session, set(made), [deed.moved for deed in deeds])
    for deed in reversed(deeds):
        _give_back(session, deed)
    keys = {deed.line: [each.key for each in deed.heirs] for deed in deeds}
    names = {deed.line: [dict(each.names) for each in deed.heirs] for deed in deeds}
    for heir in made.values():
        session.delete(heir)
    session.flush()
    for deed in deeds:
        facts = {**deed.old.facts, "into": keys[deed.line], "into_names": names[deed.line]}
        write_line(
            session,
            actor,
            "take_back_succession",
            f"organisation {deed.old.key}",
            at=now,
            state_code=deed.old.state_code,
            facts=facts,
        )


def _newest_line(organisation: Organisation) -> Select[HistoryLine]:
    query = select(HistoryLine).where(HistoryLine.subject == f"organisation {organisation.key}")
    return query.where(HistoryLine.verb.in_(KINDS)).order_by(HistoryLine.id.desc()).limit(1)


def _read(session: Session, organisation: Organisation) -> Deed:
    line = session.scalar(_newest_line(organisation))
    after: dict[str, Any] = line.after if line is not None and isinstance(line.after, dict) else {}
    if line is None or "moved" not in after:
        raise Refused(gettext("There is nothing to take back here. Nothing was changed."))
    heirs = session.scalars(select(Organisation).where(Organisation.id.in_(after["into"]))).all()
    return Deed(
        line=line.id,
        at=line.at,
        old=organisation,
        heirs=list(heirs),
        made=set(after["made"]),
        batch=list(after["batch"]),
        moved=Moved(**after["moved"]),
    )


def _by_key(session: Session, key: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.key == key)).one()


def _refuse_later(session: Session, deed: Deed, heir: Organisation) -> None:
    """What happened to the successor since then is taken back first."""
    if heir.valid_to is not None:
        raise Refused(
            gettext("%(name)s has ended meanwhile. Take that back first, on its page.", name=heir.name)
        )
    others = select(Organisation).join(
        OrganisationSuccession, OrganisationSuccession.predecessor_id == Organisation.id
    )
    others = others.where(OrganisationSuccession.successor_id == heir.id, Organisation.key.not_in(deed.batch))
    for other in session.scalars(others).all():
        line = session.scalar(_newest_line(other))
        if line is not None and line.id > deed.line:
            raise Refused(
                gettext(
                    "%(other)s passed to %(name)s later. Take that back first, on its page.",
                    other=other.name,
                    name=heir.name,
                )
            )


def _refuse_worked_on(session: Session, deed: Deed) -> None:
    """Everything that passed is still where it went, as it was. An update that somebody of a successor has written
    since would come back with the words of one ministry under the name of another."""
    heirs, moved = [each.id for each in deed.heirs], deed.moved
    kept: tuple[tuple[Collection[Any], Select[Any]], ...] = (
        (
            moved.begun,
            select(Assignment.id).where(Assignment.to_on.is_(None), Assignment.organisation_id.in_(heirs)),
        ),
        (moved.accounts, select(Account.id).where(Account.organisation_id.in_(heirs))),
        (moved.updates, select(ProgressUpdate.id).where(ProgressUpdate.organisation_id.in_(heirs))),
    )
    for numbers, query in kept:
        found = {str(each) for each in session.scalars(query)}
        if not {str(each) for each in numbers} <= found:
            _refuse()
    if read_updates(session, moved.updates) != moved.updates:
        _refuse()
    if read_accounts(session, moved.accounts) != moved.accounts:
        _refuse()
    newcomer = exists().where(Account.organisation_id.in_(heirs), Account.created_at > deed.at)
    if moved.links and session.scalar(select(newcomer)):
        _refuse()  # perhaps by a link that passed: no table tells which link somebody used


def _refuse_more(session: Session, made: set[int], moved: list[Moved]) -> None:
    """A successor that began then has nothing of its own."""
    known: dict[str, set[Any]] = {
        "assignments": {number for each in moved for number in (*each.begun, *each.raised)},
        "accounts": {UUID(number) for each in moved for number in each.accounts},
        "updates": {UUID(number) for each in moved for number in each.updates},
        "links": {UUID(number) for each in moved for number in each.links},
    }
    others = (
        exists().where(Assignment.organisation_id.in_(made), Assignment.id.not_in(known["assignments"])),
        exists().where(Account.organisation_id.in_(made), Account.id.not_in(known["accounts"])),
        exists().where(ProgressUpdate.organisation_id.in_(made), ProgressUpdate.id.not_in(known["updates"])),
        exists().where(Invitation.organisation_id.in_(made), Invitation.id.not_in(known["links"])),
    )
    if made and session.scalar(select(or_(*others))):
        _refuse()


def _refuse() -> None:
    raise Refused(
        gettext(
            "Somebody has worked on what passed: an entry, an assignment or an account has changed since. It cannot be"
            " taken back any more. Rename or merge again instead."
        )
    )


def _give_back(session: Session, deed: Deed) -> None:
    moved, old = deed.moved, deed.old
    session.execute(delete(Assignment).where(Assignment.id.in_(moved.begun)))
    again = select(Assignment).where(Assignment.id.in_((*moved.ended, *moved.raised)))
    for held in session.scalars(again).all():
        held.to_on = None
    for account in session.scalars(_rows(Account, moved.accounts)).all():
        account.organisation_id = old.id
    for link in session.scalars(_rows(Invitation, moved.links).with_for_update()).all():
        link.organisation_id = old.id
    move_updates(session, [UUID(each) for each in moved.updates], old)
    passed = OrganisationSuccession.predecessor_id == old.id
    session.execute(delete(OrganisationSuccession).where(passed))
    old.valid_to = None
    session.flush()


def _rows(model: Any, identifiers: Iterable[str]) -> Select[Any]:
    return select(model).where(model.id.in_([UUID(each) for each in identifiers]))
