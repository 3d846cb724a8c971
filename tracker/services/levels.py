"""Stores what follows from the entries of a recommendation: which of them count now, how far voices are apart, the
day of the newest entry, and the version of the review.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assessments import Assessment
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Level, Voice, steps_apart
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState


@dataclass(frozen=True)
class Given:
    """What of a published entry decides whether it counts."""

    entry_id: UUID
    point_id: int | None
    organisation_id: int
    voice: Voice
    level: Level | None
    published_at: datetime
    as_of_on: date | None = None
    submitted_at: datetime | None = None

    @property
    def made_at(self) -> datetime:
        """When it was written, as far as that is known: an update before it is checked and published."""
        return self.submitted_at or self.published_at

    @property
    def age(self) -> tuple[date, datetime, int]:
        """The greatest of the State counts: the newest fact, then what was published last. Where an update has no day
        of the fact, that of its publication stands for it."""
        return (self.as_of_on or self.published_at.date(), self.published_at, -self.entry_id.int)


def recompute_levels(session: Session, recommendation_id: int) -> None:
    """Computes the current entries of one recommendation. Call it after every publication and withdrawal.

    The review's row is locked before anything is read: of two voices that publish at the same time the second one
    waits here, and then counts what the first one wrote. So rows that the session has loaded before are read again.
    """
    review_id = select(Recommendation.review_id).where(Recommendation.id == recommendation_id)
    bump_version(session, session.scalars(review_id).one())
    every = [*_updates(session, recommendation_id), *_assessments(session, recommendation_id)]
    newest = max((each.published_at for each in every), default=None)
    split = _splits(session, recommendation_id)
    given = [each for each in every if each.made_at >= split.get(each.point_id, each.made_at)]
    points = session.scalars(
        select(ActionPoint).where(ActionPoint.recommendation_id == recommendation_id),
        execution_options={"populate_existing": True},
    ).all()
    current = list_current(given)
    open_points = [point.id for point in points if point.retired_at is None]
    apart = compare_with_state(current, open_points)
    for point in points:
        point.steps_apart = _widest(current, apart, [point.id])
    _store(session, recommendation_id, current, apart)
    recommendation = session.get_one(Recommendation, recommendation_id, populate_existing=True)
    recommendation.newest_entry_at = newest
    recommendation.steps_apart = _widest(current, apart, [*open_points, None])


def bump_version(session: Session, review_id: int) -> None:
    """Everything that is cached of the review is out of date from the commit on. The UPDATE locks the review's row
    until then."""
    raised = update(Review).where(Review.id == review_id).values(figures_version=Review.figures_version + 1)
    session.execute(raised)


def lock_reviews_of_state(session: Session, state_code: str) -> None:
    """The same for every review of a State, where the name or the tasks of an organisation change in all of them. The
    rows are locked in one order, so that two who do this at once do not wait in a circle."""
    of_state = select(Review.id).where(Review.state_code == state_code).order_by(Review.id)
    ids = session.scalars(of_state.with_for_update()).all()
    raised = update(Review).where(Review.id.in_(ids)).values(figures_version=Review.figures_version + 1)
    session.execute(raised)


def list_current(given: Iterable[Given]) -> list[Given]:
    """Which entries count (docs/rules.md, "Levels"), whatever their order: of the State on each point the one with the
    newest fact, of those that give a level if any does; of each independent organisation its newest one."""
    counting: dict[tuple[object, ...], Given] = {}
    for each in given:
        owner = None if each.voice == Voice.STATE else each.organisation_id
        place = (each.point_id, each.voice, owner)
        if place not in counting or _rank(each) > _rank(counting[place]):
            counting[place] = each
    return list(counting.values())


def _rank(given: Given) -> tuple[object, ...]:
    if given.voice == Voice.STATE:
        return (given.level is not None, *given.age)
    return (given.published_at, -given.entry_id.int)


def compare_with_state(current: list[Given], open_points: list[int]) -> dict[UUID, int | None]:
    """The steps between each independent entry and the State's level there. A whole recommendation is compared only
    where the State gives all its open points the same level."""
    of_state = {each.point_id: each.level for each in current if each.voice == Voice.STATE}
    on_points = {of_state.get(point_id) for point_id in open_points}
    of_state[None] = on_points.pop() if len(on_points) == 1 else None
    apart: dict[UUID, int | None] = {}
    for each in current:
        state = of_state.get(each.point_id)
        is_compared = each.voice != Voice.STATE and state is not None and each.level is not None
        apart[each.entry_id] = steps_apart(state, each.level) if is_compared else None  # type: ignore[arg-type]
    return apart


def _widest(current: list[Given], apart: dict[UUID, int | None], places: Sequence[int | None]) -> int | None:
    """The most steps of an entry on one of these points; None among them: on the whole recommendation.

    The order of the list counts assessments of the whole too; figures do not."""
    steps = (apart[each.entry_id] for each in current if each.point_id in places)
    return max((each for each in steps if each is not None), default=None)


def _store(
    session: Session, recommendation_id: int, current: list[Given], apart: dict[UUID, int | None]
) -> None:
    stored = select(CurrentEntry).where(CurrentEntry.recommendation_id == recommendation_id)
    rows = {
        row.entry_id: row for row in session.scalars(stored, execution_options={"populate_existing": True})
    }
    for entry_id in rows.keys() - apart.keys():  # superseded or withdrawn
        session.delete(rows[entry_id])
    for each in current:
        row = rows.get(each.entry_id)
        if row is None:
            row = CurrentEntry(
                entry_id=each.entry_id,
                recommendation_id=recommendation_id,
                action_point_id=each.point_id,
                organisation_id=each.organisation_id,
                voice=each.voice,
                level=each.level,
                published_at=each.published_at,
            )
            session.add(row)
        row.steps_apart = apart[each.entry_id]


def _splits(session: Session, recommendation_id: int) -> dict[int | None, datetime]:
    """When a point was split or merged last: an entry made before is about something else than the point says now."""
    query = (
        select(PointWording.action_point_id, func.max(PointWording.until))
        .join(ActionPoint, ActionPoint.id == PointWording.action_point_id)
        .where(ActionPoint.recommendation_id == recommendation_id, PointWording.was_split)
        .group_by(PointWording.action_point_id)
    )
    return dict(session.execute(query).all())


def _updates(session: Session, recommendation_id: int) -> list[Given]:
    query = (
        select(
            ProgressUpdate.id,
            ProgressUpdate.action_point_id,
            ProgressUpdate.organisation_id,
            ProgressUpdate.led,
            ProgressUpdate.level,
            ProgressUpdate.published_at,
            ProgressUpdate.as_of_on,
            ProgressUpdate.submitted_at,
        )
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .where(
            ActionPoint.recommendation_id == recommendation_id, ProgressUpdate.state == UpdateState.PUBLISHED
        )
    )
    return [
        Given(
            entry_id=row.id,
            point_id=row.action_point_id,
            organisation_id=row.organisation_id,
            voice=Voice.STATE,
            level=row.level if row.led else None,
            published_at=row.published_at,
            as_of_on=row.as_of_on,
            submitted_at=row.submitted_at,
        )
        for row in session.execute(query)
    ]


def _assessments(session: Session, recommendation_id: int) -> list[Given]:
    """A tombstone has nothing of these."""
    query = select(
        Assessment.id,
        Assessment.action_point_id,
        Assessment.organisation_id,
        Assessment.voice,
        Assessment.level,
        Assessment.published_at,
    ).where(Assessment.recommendation_id == recommendation_id, Assessment.published_at.is_not(None))
    return [
        Given(
            entry_id=row.id,
            point_id=row.action_point_id,
            organisation_id=row.organisation_id,
            voice=row.voice,
            level=row.level,
            published_at=row.published_at,
        )
        for row in session.execute(query)
    ]
