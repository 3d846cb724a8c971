"""The calendar: all milestones of a State, and what comes next."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.milestones import Milestone, MilestoneKind

_ALL = (
    select(Milestone)
    .where(Milestone.state_code == bindparam("state"))
    .options(joinedload(Milestone.review))
    .order_by(Milestone.starts_on, Milestone.ends_on, Milestone.id)
)
_NEXT = _ALL.where(Milestone.ends_on >= bindparam("today"), Milestone.kind != MilestoneKind.CONTEXT)


def list_milestones(session: Session, state_code: str) -> list[Milestone]:
    """All of them in order of time, with their reviews."""
    return list(session.scalars(_ALL, {"state": state_code}))


def list_next_milestones(session: Session, state_code: str, today: date, most: int) -> list[Milestone]:
    """Those that have not ended yet, context left out."""
    return list(session.scalars(_NEXT.limit(most), {"state": state_code, "today": today}))


def list_reminded_milestones(session: Session) -> list[Milestone]:
    """Those of all States that send reminders, with their reviews."""
    found = select(Milestone).options(joinedload(Milestone.review))
    ordered = session.scalars(found.order_by(Milestone.starts_on, Milestone.id))
    return [milestone for milestone in ordered if milestone.is_reminded]
