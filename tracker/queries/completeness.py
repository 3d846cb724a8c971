"""How complete the State's entries in a review are: who leads how many points, on how many the State gives a level, and
how many levels are old. Only what is published."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.language import day_of, sort_key
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries.assigned_points import OLD
from tracker.queries.assignments import leads_now
from tracker.queries.figures import PointFigures
from tracker.queries.levels import PointLevels


@dataclass(frozen=True)
class LeadFigures(PointFigures):
    """Points of the recommendations (`refs`) that one organisation leads; without key and name: that nobody leads."""

    key: str | None
    name: str | None
    refs: tuple[str, ...]

    @property
    def with_level(self) -> int:
        return self.of(Voice.STATE).with_level

    @property
    def without_level(self) -> int:
        return self.total - self.with_level


def list_lead_figures(
    session: Session, actor: Actor, review_id: int, points: Iterable[PointLevels]
) -> list[LeadFigures]:
    """Of every organisation that leads in the review, the most points without a level first; last what nobody leads.
    `points` are those of the review."""
    query = (
        select(Recommendation.id, Recommendation.ref, Organisation)
        .outerjoin(Assignment, leads_now())
        .outerjoin(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Recommendation.review_id == review_id, visible_recommendations(actor))
        .where(Recommendation.retired_at.is_(None))
        .order_by(Recommendation.order, Recommendation.id)
    )
    by_recommendation: dict[int, list[PointLevels]] = defaultdict(list)
    for point in points:
        by_recommendation[point.recommendation_id].append(point)
    held: dict[Organisation | None, list[tuple[int, str]]] = defaultdict(list)
    for recommendation_id, ref, lead in session.execute(query):
        held[lead].append((recommendation_id, ref))
    figures = [
        LeadFigures(
            points=tuple(point for each, _ in led for point in by_recommendation[each]),
            key=lead.key if lead else None,
            name=lead.name if lead else None,
            refs=tuple(ref for _, ref in led),
        )
        for lead, led in held.items()
    ]
    return sorted(
        figures,
        key=lambda each: (each.name is None, -each.without_level, sort_key(each.name or ""), each.key or ""),
    )


def count_old_levels(session: Session, actor: Actor, review_id: int, today: date) -> int:
    """How many of the State's levels in the review tell of a day more than a year ago; where the entry names none, the
    day of its publication stands for it."""
    query = (
        select(ProgressUpdate.as_of_on, ProgressUpdate.published_at)
        .join(CurrentEntry, CurrentEntry.entry_id == ProgressUpdate.id)
        .join(ActionPoint, ActionPoint.id == CurrentEntry.action_point_id)
        .join(Recommendation, Recommendation.id == CurrentEntry.recommendation_id)
        .where(Recommendation.review_id == review_id, visible_recommendations(actor))
        .where(CurrentEntry.level.is_not(None), ActionPoint.retired_at.is_(None), visible_updates(actor))
    )
    rows: Any = session.execute(query)
    days = [as_of_on or day_of(published_at) for as_of_on, published_at in rows]
    return sum(today - day > OLD for day in days)
