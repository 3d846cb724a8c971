"""Earlier wordings of action points: on which of them an entry was made, and how many entries a split left out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assessments import Assessment
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import visible_assessments
from tracker.policy.reviews import visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries.entries import Entry


def list_earlier_wordings(
    session: Session, actor: Actor, recommendation_ids: Sequence[int], entries: Iterable[Entry]
) -> dict[UUID, PointWording]:
    """By entry the wording on which it was made. An entry on the text that its point has now is left out."""
    wordings = _list_wordings(session, actor, recommendation_ids)
    found = {entry.id: _find_wording(entry, wordings.get(entry.action_point_id, [])) for entry in entries}
    return {entry_id: wording for entry_id, wording in found.items() if wording}


def _list_wordings(
    session: Session, actor: Actor, recommendation_ids: Sequence[int]
) -> dict[int | None, list[PointWording]]:
    """The earlier texts of the points, oldest first, by point."""
    query = (
        select(PointWording)
        .join(ActionPoint, ActionPoint.id == PointWording.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .where(Recommendation.id.in_(recommendation_ids), visible_recommendations(actor))
        .order_by(PointWording.until, PointWording.id)
    )
    wordings: dict[int | None, list[PointWording]] = defaultdict(list)
    for wording in session.scalars(query):
        wordings[wording.action_point_id].append(wording)
    return wordings


def _find_wording(entry: Entry, wordings: Sequence[PointWording]) -> PointWording | None:
    """The first wording that ended after an entry was made is the one on which it was made."""
    made_at = entry.made_at
    return next((each for each in wordings if made_at and made_at < each.until), None)


def count_on_split_wordings(session: Session, actor: Actor, recommendation_ids: Sequence[int]) -> int:
    """Published entries that were made before the wording of their point was split, so that no figure counts them.
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
    """Whether the wording of the point was split after an entry was made: then the entry is about more than the point
    says now. As an SQL condition; `services/levels.py` counts by the same rule."""
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
