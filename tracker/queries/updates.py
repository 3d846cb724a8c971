"""One update, loaded through sight, its history and what decides its next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.history.sentences import sentence_of
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.updates import (
    assignment_of_update,
    is_insider_of_update,
    officer_of_update,
    visible_updates,
)

# Statements that every step asks are put together once: that takes longer than running them.
_ONE = select(ProgressUpdate).where(ProgressUpdate.id == bindparam("id"))
_POINT = joinedload(ProgressUpdate.action_point)
_RECOMMENDATION = _POINT.joinedload(ActionPoint.recommendation)
_WHOLE = _ONE.options(
    _RECOMMENDATION.joinedload(Recommendation.review),
    _RECOMMENDATION.joinedload(Recommendation.source),
    joinedload(ProgressUpdate.organisation),
)
_WORKFLOW_CONTEXT = (
    select(officer_of_update().label("has_officer"), Assignment.kind, ActionPoint.recommendation_id)
    .select_from(ProgressUpdate)
    .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
    .outerjoin(Assignment, assignment_of_update())
    .where(ProgressUpdate.id == bindparam("id"))
)
_ROW = (
    _WORKFLOW_CONTEXT.add_columns(
        ProgressUpdate, Review.code.label("review"), Recommendation.ref, ActionPoint.ref.label("point")
    )
    .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    .join(Review, Review.id == Recommendation.review_id)
    .with_for_update(of=ProgressUpdate)
)


@dataclass(frozen=True)
class WorkflowContext:
    """What decides the next step of an update beside its own row: how its organisation is assigned to the
    recommendation now (None: not at all), and whether it has a validating officer other than the author."""

    kind: AssignmentKind | None
    has_officer: bool
    recommendation_id: int

    @property
    def is_assigned(self) -> bool:
        return self.kind is not None

    @property
    def leads(self) -> bool:
        return self.kind == AssignmentKind.LEAD


class UpdateLocation(NamedTuple):
    """Where an update is read, as addresses name it."""

    review: str
    recommendation: str
    point: str


def get_update(
    session: Session, actor: Actor, update_id: UUID, *, for_change: bool = False
) -> ProgressUpdate:
    """With its point, recommendation, review and organisation; unseen is the same as unknown.

    `for_change` waits for whoever is changing the row now, so that the step is taken from where it stands
    afterwards (PostgreSQL; in SQLite there is one writer at a time anyway).
    """
    found = _WHOLE.where(visible_updates(actor))
    if for_change:
        found = found.with_for_update(of=ProgressUpdate)
    update = session.scalar(found, {"id": update_id})
    if update is None:
        raise NotFound
    return update


def get_update_for_transition(
    session: Session, actor: Actor, update_id: UUID
) -> tuple[ProgressUpdate, WorkflowContext, UpdateLocation]:
    """As `get_update(…, for_change=True)` and `get_workflow_context`, for a step that shows nothing of it: its row and
    plain values, because each object more takes longer than the statement."""
    row = session.execute(_row_for(actor), {"id": update_id}).first()
    if row is None:
        raise NotFound
    return row.ProgressUpdate, _workflow_context(row), UpdateLocation(row.review, row.ref, row.point)


def _workflow_context(row: Row[*tuple[Any, ...]]) -> WorkflowContext:
    return WorkflowContext(row.kind, bool(row.has_officer), row.recommendation_id)


@lru_cache
def _row_for(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _ROW.where(visible_updates(actor))


@dataclass(frozen=True)
class UpdateDeed:
    """A line of the history about an update, as the page of the update shows it."""

    at: datetime
    verb: str
    sentence: str
    after: dict[str, Any] | None


def list_history(session: Session, actor: Actor, update: ProgressUpdate) -> Sequence[UpdateDeed]:
    """The deeds on an update, oldest first, with who did them: for its insiders alone. Others find the public ones
    in the history of changes, without a handle."""
    if not is_insider_of_update(actor, update):
        return ()
    lines = select(HistoryLine).where(HistoryLine.subject == f"update {update.id}")
    rows = session.scalars(lines.order_by(HistoryLine.at, HistoryLine.id))
    return [UpdateDeed(row.at, row.verb, sentence_of(row), row.after) for row in rows]


def get_workflow_context(session: Session, update: ProgressUpdate) -> WorkflowContext:
    """Of an update that the caller got through `get_update`. It reads on the connection: what the session has
    not written yet, of the update or of an assignment, is not seen."""
    return _workflow_context(session.connection().execute(_WORKFLOW_CONTEXT, {"id": update.id}).one())
