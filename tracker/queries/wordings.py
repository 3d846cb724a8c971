"""Earlier wordings of action points and recommendations: on which of them an entry was made, and how many entries left
the figures because their point was split or merged with others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    cast,
    exists,
    false,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assessments import Assessment
from tracker.models.recommendations import Recommendation, RecommendationWording
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import visible_assessments
from tracker.policy.reviews import visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries.entries import Entry


@dataclass(frozen=True)
class EarlierWording:
    """What a point said until a moment, or (`is_of_whole`) a recommendation. `was_split`: as `PointWording` has it."""

    text: str
    until: datetime
    was_split: bool
    is_of_whole: bool


Place = tuple[int, int | None]
"""A recommendation, and its point; None for the whole."""


def list_earlier_wordings(
    session: Session, actor: Actor, recommendation_ids: Sequence[int], entries: Iterable[Entry]
) -> dict[UUID, EarlierWording]:
    """By entry the wording on which it was made. An entry on the text that its point, or the recommendation, has now is
    left out."""
    wordings = _list_wordings(session, actor, recommendation_ids)
    found = {}
    for entry in entries:
        place = (entry.recommendation_id, entry.action_point_id)
        if wording := _find_wording(entry, wordings.get(place, [])):
            found[entry.id] = wording
    return found


def _list_wordings(
    session: Session, actor: Actor, recommendation_ids: Sequence[int]
) -> dict[Place, list[EarlierWording]]:
    """The earlier texts, oldest first, by place."""
    seen = (Recommendation.id.in_(recommendation_ids), visible_recommendations(actor))
    of_points = (
        select(
            Recommendation.id.label("recommendation_id"),
            PointWording.action_point_id,
            PointWording.text,
            PointWording.until.label("until"),
            PointWording.was_split,
        )
        .join(ActionPoint, ActionPoint.recommendation_id == Recommendation.id)
        .join(PointWording, PointWording.action_point_id == ActionPoint.id)
        .where(*seen)
    )
    of_wholes = (
        select(
            Recommendation.id,
            cast(null(), Integer),
            RecommendationWording.text,
            RecommendationWording.until,
            false(),
        )
        .join(RecommendationWording, RecommendationWording.recommendation_id == Recommendation.id)
        .where(*seen)
    )
    wordings: dict[Place, list[EarlierWording]] = defaultdict(list)
    for row in session.execute(union_all(of_points, of_wholes).order_by("until")):
        place = (row.recommendation_id, row.action_point_id)
        is_of_whole = row.action_point_id is None
        wordings[place].append(EarlierWording(row.text, row.until, bool(row.was_split), is_of_whole))
    return wordings


def _find_wording(entry: Entry, wordings: Sequence[EarlierWording]) -> EarlierWording | None:
    """The first wording that ended after an entry was made is the one on which it was made."""
    made_at = entry.made_at
    return next((each for each in wordings if made_at and made_at < each.until), None)


@dataclass(frozen=True)
class Rewording:
    """An update that is under way, and the point that was changed since. `text`: what the point said before;
    `is_after_submission`: the update will be shown as made on it; `leaves_figures`: the point was split or merged."""

    text: str
    is_after_submission: bool
    leaves_figures: bool


def find_rewording(session: Session, update: ProgressUpdate) -> Rewording | None:
    """Since the update was begun, or if there is any since it was submitted; None for one that is published. Of an
    update that the actor may see: the caller has checked."""
    if update.state == UpdateState.PUBLISHED:
        return None
    query = select(PointWording).where(PointWording.action_point_id == update.action_point_id)
    query = query.where(PointWording.until > update.recorded_at).order_by(PointWording.until, PointWording.id)
    since_begun = session.scalars(query).all()
    is_handed_in = update.state in (UpdateState.SUBMITTED, UpdateState.VALIDATED)
    made_at = update.submitted_at if is_handed_in else None
    since_made = [each for each in since_begun if made_at and made_at < each.until]
    for found in (since_made, since_begun):
        if found:
            return Rewording(found[0].text, found is since_made, any(each.was_split for each in found))
    return None


def count_on_split_wordings(session: Session, actor: Actor, recommendation_ids: Sequence[int]) -> int:
    """Published entries that were made before their point was split or merged, so that no figure counts them.
    Those on retired points are left out: all figures leave these points out."""
    updates = _count_before_split(ProgressUpdate, made_at_of_update()).where(
        ProgressUpdate.state == UpdateState.PUBLISHED, visible_updates(actor)
    )
    assessments = _count_before_split(Assessment, Assessment.published_at).where(
        Assessment.published_at.is_not(None), visible_assessments(actor)
    )
    is_inside = ActionPoint.recommendation_id.in_(recommendation_ids)
    return sum(session.scalars(query.where(is_inside)).one() for query in (updates, assessments))


def was_split_after(
    point_id: ColumnElement[Any] | Any, made_at: ColumnElement[Any] | Any
) -> ColumnElement[bool]:
    """Whether the point was split or merged after an entry was made: then the entry is about something else than the
    point says now. As an SQL condition; `services/levels.py` counts by the same rule."""
    return exists().where(
        PointWording.action_point_id == point_id, PointWording.was_split, PointWording.until > made_at
    )


def made_at_of_update() -> ColumnElement[Any]:
    """As `Entry.made_at`."""
    return func.coalesce(ProgressUpdate.submitted_at, ProgressUpdate.published_at)


def _count_before_split(
    model: type[ProgressUpdate] | type[Assessment], made_at: ColumnElement[Any] | Any
) -> Select[int]:
    return (
        select(func.count())
        .select_from(model)
        .join(ActionPoint, ActionPoint.id == model.action_point_id)
        .where(ActionPoint.retired_at.is_(None), was_split_after(ActionPoint.id, made_at))
    )
