"""One update that the actor may see, its history, and what decides its next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import DraftDiscarded, NotFound
from tracker.history.sentences import sentence_of
from tracker.models.accounts import Account
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.updates import (
    assignment_of_update,
    insiders_of_discarded,
    is_insider_of_update,
    officer_of_update,
    visible_updates,
)


@dataclass(frozen=True)
class WorkflowContext:
    """What decides the next step of an update, apart from its own row. `kind`: how its organisation is assigned to the
    recommendation now (None: not at all). `has_officer`: it has a validating officer other than the author.
    `closed_at`: the instant since which the review takes no entries."""

    kind: AssignmentKind | None
    has_officer: bool
    recommendation_id: int
    review_id: int
    closed_at: datetime | None

    @property
    def is_assigned(self) -> bool:
        return self.kind is not None

    @property
    def leads(self) -> bool:
        return self.kind == AssignmentKind.LEAD


def get_update(
    session: Session, actor: Actor, update_id: UUID, *, for_change: bool = False
) -> ProgressUpdate:
    """With its point, recommendation, review and organisation; unseen is the same as unknown.

    `for_change` locks the row: it waits for others who change it, so that the next step begins from the state that they
    leave (PostgreSQL; SQLite has one writer at a time anyway).
    """
    recommendation = joinedload(ProgressUpdate.action_point).joinedload(ActionPoint.recommendation)
    query = (
        select(ProgressUpdate)
        .where(ProgressUpdate.id == update_id, visible_updates(actor))
        .options(
            recommendation.joinedload(Recommendation.review),
            recommendation.joinedload(Recommendation.source),
            joinedload(ProgressUpdate.organisation),
        )
    )
    update = session.scalar(query.with_for_update(of=ProgressUpdate) if for_change else query)
    if update is None:
        raise NotFound
    return update


def refuse_discarded(session: Session, actor: Actor, update_id: UUID) -> None:
    """Raises `DraftDiscarded` where the actor's organisation or State had such an update and somebody discarded it. The
    history tells: the row is gone."""
    told = HistoryLine.facts["organisation"].as_string()
    query = select(HistoryLine.at, HistoryLine.facts).outerjoin(Organisation, Organisation.key == told)
    query = query.outerjoin(Account, Account.id == HistoryLine.account_id).where(
        HistoryLine.subject == f"update {update_id}",
        HistoryLine.verb == "discard_update",
        insiders_of_discarded(actor),
    )
    line = session.execute(query.limit(1)).first()
    if line is not None:
        facts = line.facts if isinstance(line.facts, dict) else {}
        raise DraftDiscarded(line.at, facts.get("review"), facts.get("point"))


def get_place(session: Session, update: ProgressUpdate) -> tuple[str, str]:
    """The code of its review and the ref of its point."""
    query = select(Review.code, ActionPoint.ref).join(Recommendation, Recommendation.review_id == Review.id)
    query = query.join(ActionPoint, ActionPoint.recommendation_id == Recommendation.id)
    row = session.execute(query.where(ActionPoint.id == update.action_point_id)).one()
    return row.code, row.ref


def find_open_update(session: Session, actor: Actor, action_point_id: int) -> UUID | None:
    """The update of the actor's organisation on a point that is not published yet. An older version of this application
    let an organisation open several: of those the first."""
    query = select(ProgressUpdate.id).where(
        ProgressUpdate.action_point_id == action_point_id,
        ProgressUpdate.organisation_id == actor.organisation_id,
        ProgressUpdate.published_at.is_(None),
        visible_updates(actor),
    )
    return session.scalar(query.order_by(ProgressUpdate.recorded_at, ProgressUpdate.id).limit(1))


def get_workflow_context(session: Session, update: ProgressUpdate) -> WorkflowContext:
    """Of an update that the actor may see: the caller has checked."""
    row = session.execute(_context_of(update)).one()
    return WorkflowContext(
        row.kind, bool(row.has_officer), row.recommendation_id, row.review_id, row.closed_at
    )


def _context_of(update: ProgressUpdate) -> Select[*tuple[object, ...]]:
    columns = (officer_of_update().label("has_officer"), Assignment.kind, ActionPoint.recommendation_id)
    return (
        select(*columns, Recommendation.review_id, Review.closed_at)
        .select_from(ProgressUpdate)
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .outerjoin(Assignment, assignment_of_update())
        .where(ProgressUpdate.id == update.id)
    )


def was_written_by(session: Session, actor: Actor, update: ProgressUpdate) -> bool:
    """Did the actor write, save or submit the update last, of all its writers? The history tells."""
    query = select(HistoryLine.account_id).where(HistoryLine.subject == f"update {update.id}")
    query = query.where(HistoryLine.verb.in_(("write_update", "change_update", "submit_update")))
    last = session.scalar(query.order_by(HistoryLine.id.desc()).limit(1))
    return last is not None and last == actor.account_id


def find_return_comment(session: Session, update: ProgressUpdate) -> str:
    """The comment with which the update was returned last, from its history; empty where it never was. The row has it
    only while the update is returned."""
    query = select(HistoryLine.after).where(HistoryLine.subject == f"update {update.id}")
    query = query.where(HistoryLine.verb == "return_update").order_by(HistoryLine.id.desc())
    after = session.scalar(query.limit(1))
    return str(after.get("comment") or "") if isinstance(after, dict) else ""


@dataclass(frozen=True)
class UpdateHistoryLine:
    """A line of the history about an update, as the page of the update shows it."""

    at: datetime
    verb: str
    sentence: str
    after: dict[str, Any] | None


def list_history(session: Session, actor: Actor, update: ProgressUpdate) -> Sequence[UpdateHistoryLine]:
    """The history of an update, oldest first, with who did it: for its insiders only. Others find the public lines,
    without a handle, in the history of changes."""
    if not is_insider_of_update(actor, update):
        return ()
    query = select(HistoryLine).where(HistoryLine.subject == f"update {update.id}")
    rows = session.scalars(query.order_by(HistoryLine.at, HistoryLine.id))
    return [UpdateHistoryLine(row.at, row.verb, sentence_of(row), row.after) for row in rows]
