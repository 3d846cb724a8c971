"""What a reminder says is missing: the own points of an organisation without an entry, and for the coordinator the
points without a level by the State, by the organisation that leads them."""

from dataclasses import dataclass

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from tracker.language import sort_key
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries.assigned_points import list_assigned_recommendations
from tracker.queries.assignments import leads_now


@dataclass(frozen=True)
class MissingPoint:
    """`short_title`: of its recommendation."""

    review: str
    ref: str
    point_ref: str
    short_title: str


@dataclass(frozen=True)
class MissingOfLead:
    """`organisation`: None for the points that nobody leads."""

    organisation: Organisation | None
    points: int
    lacking: int


def list_missing_points(session: Session, actor: Actor, review_code: str) -> list[MissingPoint] | None:
    """The points on which the actor's organisation works and published nothing, and on which nothing of it waits to be
    checked: a draft does not count. What it leads comes first, then in the order of the source. None where the
    organisation works on nothing in that review."""
    assigned = [each for each in list_assigned_recommendations(session, actor) if each.review == review_code]
    if not assigned:
        return None
    return [
        MissingPoint(each.review, each.ref, point.ref, each.short_title)
        for each in sorted(assigned, key=lambda each: each.kind)
        for point in each.points
        if point.newest_on is None and not point.is_handed_in
    ]


def list_missing_by_lead(session: Session, actor: Actor, review_id: int) -> list[MissingOfLead]:
    """Those that lead points without a level by the State, most lacking first; last what nobody leads."""
    has_level = exists().where(
        CurrentEntry.action_point_id == ActionPoint.id,
        CurrentEntry.voice == Voice.STATE,
        CurrentEntry.level.is_not(None),
    )
    lacking = func.sum(case((has_level, 0), else_=1))
    query = (
        select(Organisation, func.count(), lacking)
        .select_from(ActionPoint)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .outerjoin(Assignment, leads_now())
        .outerjoin(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Recommendation.review_id == review_id, ActionPoint.retired_at.is_(None))
        .where(visible_recommendations(actor))
        .group_by(Organisation.id)
        .having(lacking > 0)
    )
    found = [MissingOfLead(*row) for row in session.execute(query)]
    return sorted(found, key=_place)


def _place(missing: MissingOfLead) -> tuple[bool, int, tuple[int, ...], int]:
    organisation = missing.organisation
    place = (sort_key(organisation.name), organisation.id) if organisation else ((), 0)
    return organisation is None, -missing.lacking, *place
