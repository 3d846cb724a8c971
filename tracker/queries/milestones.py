"""The calendar: all milestones of a State, and what comes next."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.milestones import Certainty, Milestone, MilestoneKind


def list_milestones(session: Session, state_code: str) -> list[Milestone]:
    """All of them in order of time, with their reviews."""
    return list(session.scalars(_of(state_code)))


def list_next_milestones(session: Session, state_code: str, today: date, most: int) -> list[Milestone]:
    """Those that have not ended yet, context left out."""
    found = _of(state_code).where(Milestone.ends_on >= today, Milestone.kind != MilestoneKind.CONTEXT)
    return list(session.scalars(found.limit(most)))


def list_reminded_milestones(session: Session) -> list[Milestone]:
    """Those that send reminders: no projection, assumption, own date or context (domain.md §9)."""
    silent = (Certainty.PROJECTED, Certainty.ASSUMED, Certainty.OWN)
    found = (
        select(Milestone).options(joinedload(Milestone.review)).order_by(Milestone.starts_on, Milestone.id)
    )
    return list(
        session.scalars(
            found.where(
                Milestone.certainty.not_in(silent),
                Milestone.kind != MilestoneKind.CONTEXT,
                Milestone.kind != MilestoneKind.STAKEHOLDER_SUBMISSION,
                Milestone.review_id.is_not(None),
            )
        )
    )


def _of(state_code: str) -> Select[Milestone]:
    found = select(Milestone).where(Milestone.state_code == state_code).options(joinedload(Milestone.review))
    return found.order_by(Milestone.starts_on, Milestone.ends_on, Milestone.id)
