"""The action points that an organisation of the State works on, each with what it still lacks, in the order of the
letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.language import day_of
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.reviews import takes_entries, visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries.successions import with_predecessors
from tracker.queries.translations import shown_point_text, shown_title
from tracker.queries.wordings import made_at_of_update, was_split_after

OLD = timedelta(days=365)
"""An entry of before says little about how things stand."""
HANDED_IN = (UpdateState.SUBMITTED, UpdateState.VALIDATED)


@dataclass(frozen=True)
class AssignedPoint:
    """A point, with the organisation's open update on it. `newest_on`: the newest day of which the organisation's
    published updates on its present wording tell."""

    id: int
    ref: str
    text: str
    update_id: UUID | None
    state: UpdateState | None
    newest_on: date | None

    @property
    def is_handed_in(self) -> bool:
        """Its update waits for somebody else: the point lacks nothing that the writers could do."""
        return self.state in HANDED_IN

    def is_old(self, today: date) -> bool:
        return self.newest_on is not None and today - self.newest_on > OLD


@dataclass(frozen=True)
class AssignedRecommendation:
    """A recommendation to which the organisation is assigned, with its open points in order."""

    review: str
    takes_entries: bool
    ref: str
    short_title: str
    kind: AssignmentKind
    points: Sequence[AssignedPoint]

    @property
    def reported(self) -> int:
        return sum(point.newest_on is not None for point in self.points)

    @property
    def handed_in(self) -> int:
        return sum(point.is_handed_in for point in self.points)

    @property
    def newest_on(self) -> date | None:
        return max((point.newest_on for point in self.points if point.newest_on), default=None)

    @property
    def oldest_on(self) -> date | None:
        """The day of the point whose newest update is the oldest."""
        return min((point.newest_on for point in self.points if point.newest_on), default=None)

    @property
    def urgency(self) -> tuple[AssignmentKind, bool, str]:
        """Sorts what the organisation leads before what it supports; in both, first what has a point that nobody
        reported on or submits, then the oldest entries."""
        lacks_none = all(point.newest_on or point.is_handed_in for point in self.points)
        return self.kind, lacks_none, str(self.oldest_on or "")

    @property
    def next_point(self) -> AssignedPoint | None:
        """Where writing goes on: a point without an entry, else the one whose entry is oldest. None where every point
        has an update that waits for somebody else, or the review takes none."""
        if not self.takes_entries:
            return None
        lacking = [point for point in self.points if not point.is_handed_in]
        return min(lacking, key=lambda point: str(point.newest_on or ""), default=None)

    def has_old(self, today: date) -> bool:
        """Has it a point whose newest entry is old and for which nothing waits to be checked?"""
        return any(point.is_old(today) and not point.is_handed_in for point in self.points)

    def is_up_to_date(self, today: date) -> bool:
        """Every point has an entry that is not old, or one that waits for somebody else."""
        return all(
            point.is_handed_in or (point.newest_on is not None and not point.is_old(today))
            for point in self.points
        )


def list_assigned_recommendations(session: Session, actor: Actor) -> list[AssignedRecommendation]:
    """In the order of the letter."""
    rows = session.execute(_assigned(actor)).all()
    opened, newest = _open_updates(session, actor), _newest_days(session, actor)
    return [
        AssignedRecommendation(
            first.review,
            takes_entries(is_published=first.is_published, closed_at=first.closed_at),
            first.ref,
            first.short_title,
            first.kind,
            [_point(row, opened.get(row.id), newest.get(row.id)) for row in (first, *others)],
        )
        for _, (first, *others) in groupby(rows, key=lambda row: row.recommendation_id)
    ]


def find_next_point(
    assigned: Sequence[AssignedRecommendation], review: str, point_id: int
) -> tuple[str, AssignedPoint] | None:
    """The review and the point that follows in the letter, whose update does not wait for somebody else; after the last
    one the first again. None where no other is left."""
    points = [(found.review, point) for found in assigned if found.review == review for point in found.points]
    at = next((number for number, (_, point) in enumerate(points) if point.id == point_id), -1)
    following = (*points[at + 1 :], *points[: max(at, 0)])
    return next((each for each in following if not each[1].is_handed_in), None)


def _assigned(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Review.code.label("review"),
            Review.is_published,
            Review.closed_at,
            Recommendation.id.label("recommendation_id"),
            Recommendation.ref,
            shown_title(),
            Assignment.kind,
            ActionPoint.id,
            ActionPoint.ref.label("point_ref"),
            shown_point_text(),
        )
        .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .join(ActionPoint, ActionPoint.recommendation_id == Recommendation.id)
        .where(
            Assignment.organisation_id == actor.organisation_id,
            Assignment.to_on.is_(None),
            ActionPoint.retired_at.is_(None),
            visible_recommendations(actor),
        )
        .order_by(Review.code, Recommendation.order, Recommendation.id, ActionPoint.order, ActionPoint.id)
    )


def _open_updates(session: Session, actor: Actor) -> dict[int, Any]:
    """By point. Where an older version of this application stored several, the first."""
    query = select(ProgressUpdate.action_point_id, ProgressUpdate.id, ProgressUpdate.state)
    query = query.where(
        ProgressUpdate.organisation_id == actor.organisation_id,
        ProgressUpdate.published_at.is_(None),
        visible_updates(actor),
    )
    rows = session.execute(query.order_by(ProgressUpdate.recorded_at.desc(), ProgressUpdate.id.desc()))
    return {row.action_point_id: row for row in rows}


def _newest_days(session: Session, actor: Actor) -> dict[int, date]:
    """By point: of its updates, and of those of the organisations that it goes on for, that were made after the wording
    was split last. Where an update has no day of the fact, that of its publication stands for it."""
    query = select(ProgressUpdate.action_point_id, ProgressUpdate.as_of_on, ProgressUpdate.published_at)
    query = query.where(
        ProgressUpdate.organisation_id.in_(with_predecessors(actor.organisation_id)),
        ProgressUpdate.state == UpdateState.PUBLISHED,
        visible_updates(actor),
        ~was_split_after(ProgressUpdate.action_point_id, made_at_of_update()),
    )
    newest: dict[int, date] = {}
    rows: Any = session.execute(query)
    for point_id, as_of_on, published_at in rows:
        day = as_of_on or day_of(published_at)
        newest[point_id] = max(day, newest.get(point_id, day))
    return newest


def _point(row: Any, opened: Any, newest_on: date | None) -> AssignedPoint:
    update_id, state = (opened.id, opened.state) if opened is not None else (None, None)
    return AssignedPoint(row.id, row.point_ref, row.text, update_id, state, newest_on)
