"""The calendar: all milestones of a State, and what comes next."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.models.milestones import Milestone, MilestoneKind
from tracker.policy.actors import Actor
from tracker.policy.milestones import visible_milestones


def list_milestones(session: Session, actor: Actor, state_code: str) -> list[Milestone]:
    """All of them in order of time, with their reviews."""
    return list(session.scalars(_milestones(actor).where(Milestone.state_code == state_code)))


def list_milestones_of(session: Session, actor: Actor, review_id: int) -> list[Milestone]:
    """Those of one review, in order of time."""
    return list(session.scalars(_milestones(actor).where(Milestone.review_id == review_id)))


def get_milestone(session: Session, actor: Actor, review_id: int, key: str) -> Milestone:
    """With its review; unseen is the same as unknown."""
    query = _milestones(actor).where(Milestone.review_id == review_id, Milestone.key == key)
    milestone = session.scalar(query)
    if milestone is None:
        raise NotFound
    return milestone


def list_next_milestones(
    session: Session, actor: Actor, state_code: str, today: date, most: int
) -> list[Milestone]:
    """Those that have not ended yet, context left out."""
    query = _milestones(actor).where(Milestone.state_code == state_code)
    query = query.where(Milestone.ends_on >= today, Milestone.kind != MilestoneKind.CONTEXT)
    return list(session.scalars(query.limit(most)))


def find_next_report(session: Session, actor: Actor, state_code: str, today: date) -> Milestone | None:
    """The next mid-term report of the State, of whichever review."""
    query = _milestones(actor).where(Milestone.state_code == state_code, Milestone.ends_on >= today)
    return session.scalars(query.where(Milestone.kind == MilestoneKind.MID_TERM_REPORT).limit(1)).first()


def list_reminded_milestones(session: Session) -> list[Milestone]:
    """Those of all States that send reminders, with their reviews: for the scheduler, which writes to each State's own
    people."""
    query = select(Milestone).options(joinedload(Milestone.review))
    ordered = session.scalars(query.order_by(Milestone.starts_on, Milestone.id))
    return [milestone for milestone in ordered if milestone.is_reminded]


def _milestones(actor: Actor) -> Select[Milestone]:
    query = select(Milestone).where(visible_milestones(actor)).options(joinedload(Milestone.review))
    return query.order_by(Milestone.starts_on, Milestone.ends_on, Milestone.id)
