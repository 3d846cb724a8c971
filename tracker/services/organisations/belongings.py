"""What an organisation has that passes on when it is renamed, merged or split: current assignments, accounts, open
updates and open links. What was published stays where it is, under the old name.

`Moved` tells exactly what passed, so that it can be taken back. The caller holds the locks of `lock_belongings`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from tracker.models.accounts import Account, Invitation
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate
from tracker.services.levels import lock_reviews_of_state


@dataclass
class Moved:
    """Numbers of rows. `ended`: assignments of the organisation that passed; `begun`: those that its successors got
    for them, fewer where a successor had the same recommendation already; `raised`: support of a successor that ended
    because it leads now. With each account stand its roles, with each update its state and version: who takes it back
    must find them as they passed."""

    ended: list[int] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    accounts: dict[str, list[str]] = field(default_factory=dict)
    updates: dict[str, list[Any]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def as_facts(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Shares:
    """Who gets what, by the number of the assignment or the identifier of the account; `rest` gets all others."""

    rest: Organisation
    assignments: dict[int, Organisation] = field(default_factory=dict)
    accounts: dict[UUID, Organisation] = field(default_factory=dict)


def lock_belongings(session: Session, state_code: str, *organisations: Organisation) -> None:
    """Locks the open updates, the accounts and the reviews, in this order, like everybody; then reads the organisations
    again. Somebody who writes a draft at the same moment waits for the review and finds the new organisation."""
    ids = [each.id for each in organisations]
    drafts = select(ProgressUpdate.id).where(
        ProgressUpdate.organisation_id.in_(ids), ProgressUpdate.published_at.is_(None)
    )
    session.execute(drafts.order_by(ProgressUpdate.id).with_for_update()).all()
    people = select(Account.id).where(Account.organisation_id.in_(ids)).order_by(Account.id)
    session.execute(people.with_for_update(key_share=True)).all()
    lock_reviews_of_state(session, state_code)
    for each in organisations:
        session.refresh(each, with_for_update=True)


def hand_on(session: Session, old: Organisation, shares: Shares, on: date) -> Moved:
    moved = Moved()
    _hand_on_updates(session, old, shares, moved)  # first: they follow the assignments that end below
    _hand_on_assignments(session, old, shares, on, moved)
    _hand_on_people(session, old, shares, moved)
    session.flush()
    return moved


def current_assignments(session: Session, organisation: Organisation) -> list[Assignment]:
    query = select(Assignment).where(
        Assignment.organisation_id == organisation.id, Assignment.to_on.is_(None)
    )
    return list(session.scalars(query.order_by(Assignment.id)))


def read_updates(session: Session, ids: Iterable[str]) -> dict[str, list[Any]]:
    """State and version of those that are not published."""
    query = select(ProgressUpdate.id, ProgressUpdate.state, ProgressUpdate.version)
    query = query.where(
        ProgressUpdate.id.in_([UUID(each) for each in ids]), ProgressUpdate.published_at.is_(None)
    )
    return {str(row.id): [row.state.value, row.version] for row in session.execute(query)}


def read_accounts(session: Session, ids: Iterable[str]) -> dict[str, list[str]]:
    """The roles of those that have not ended."""
    query = select(Account).where(Account.id.in_([UUID(each) for each in ids]), Account.ended_at.is_(None))
    query = query.options(selectinload(Account.roles))
    accounts = session.scalars(query, execution_options={"populate_existing": True})
    return {str(each.id): sorted(row.role.value for row in each.roles) for each in accounts}


def _hand_on_updates(session: Session, old: Organisation, shares: Shares, moved: Moved) -> None:
    """Each follows the assignment of its recommendation; without one, the account of its author. A statement, so that
    the versions of the drafts stand: their writers find the same text."""
    by_recommendation = {
        held.recommendation_id: shares.assignments.get(held.id, shares.rest)
        for held in current_assignments(session, old)
    }
    query = select(ProgressUpdate.id, ProgressUpdate.author_id, ActionPoint.recommendation_id)
    query = query.join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
    query = query.where(ProgressUpdate.organisation_id == old.id, ProgressUpdate.published_at.is_(None))
    rows = session.execute(query).all()
    for row in rows:
        by_author = shares.accounts.get(row.author_id, shares.rest)
        move_updates(session, [row.id], by_recommendation.get(row.recommendation_id, by_author))
    moved.updates = read_updates(session, [str(row.id) for row in rows])


def move_updates(session: Session, ids: list[UUID], heir: Organisation) -> None:
    statement = update(ProgressUpdate).where(ProgressUpdate.id.in_(ids)).values(organisation_id=heir.id)
    session.execute(statement, execution_options={"synchronize_session": False})
    for each in session.identity_map.values():
        if isinstance(each, ProgressUpdate) and each.id in ids:
            session.expire(each, ["organisation_id", "organisation"])


def _hand_on_assignments(session: Session, old: Organisation, shares: Shares, on: date, moved: Moved) -> None:
    """A successor that supports what it gets to lead leads it; what it leads already it goes on leading."""
    for held in current_assignments(session, old):
        heir = shares.assignments.get(held.id, shares.rest)
        held.to_on = max(on, held.from_on)
        moved.ended.append(held.id)
        same = session.scalar(
            select(Assignment).where(
                Assignment.organisation_id == heir.id,
                Assignment.recommendation_id == held.recommendation_id,
                Assignment.to_on.is_(None),
            )
        )
        if same is not None and (same.kind == held.kind or same.kind == AssignmentKind.LEAD):
            continue
        if same is not None:
            same.to_on = max(on, same.from_on)
            moved.raised.append(same.id)
        session.flush()
        begun = Assignment(
            recommendation_id=held.recommendation_id,
            organisation_id=heir.id,
            kind=held.kind,
            from_on=max(on, held.from_on),
        )
        session.add(begun)
        session.flush()
        moved.begun.append(begun.id)


def _hand_on_people(session: Session, old: Organisation, shares: Shares, moved: Moved) -> None:
    open_ones = select(Account).where(Account.organisation_id == old.id, Account.ended_at.is_(None))
    accounts = session.scalars(open_ones).all()
    heirs: dict[UUID | None, Organisation] = {}
    for account in accounts:
        heirs[account.id] = shares.accounts.get(account.id, shares.rest)
        account.organisation_id = heirs[account.id].id
    session.flush()
    moved.accounts = read_accounts(session, [str(each.id) for each in accounts])
    links = select(Invitation).where(Invitation.organisation_id == old.id)
    for link in session.scalars(links.with_for_update()).all():  # somebody may be withdrawing one
        link.organisation_id = heirs.get(link.account_id or link.replaces_id, shares.rest).id
        moved.links.append(str(link.id))
