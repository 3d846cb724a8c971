"""What waits for somebody: drafts, updates to check or publish, points without an entry; oldest first."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, select
from sqlalchemy.orm import Session, aliased

from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.assignments import Assignment
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import assessable_reviews
from tracker.policy.reviews import reviews_taking_entries, visible_recommendations
from tracker.policy.updates import assigned_to_update, visible_updates, waiting_updates


def list_waiting(session: Session, actor: Actor) -> Sequence[Any]:
    """Updates whose next step is the actor's, oldest first. A draft without assignment waits to be discarded."""
    return _unpublished(session, actor, waiting_updates(actor))


def list_under_way(session: Session, actor: Actor) -> Sequence[Any]:
    """Updates of the own organisation that somebody else has to check or publish, oldest first."""
    is_own = ProgressUpdate.organisation_id == actor.organisation_id
    is_handed_in = ProgressUpdate.state.in_((UpdateState.SUBMITTED, UpdateState.VALIDATED))
    return _unpublished(session, actor, and_(is_own, is_handed_in, not_(waiting_updates(actor))))


def _unpublished(session: Session, actor: Actor, condition: ColumnElement[bool]) -> Sequence[Any]:
    query = (
        select(
            ProgressUpdate.id,
            ProgressUpdate.state,
            ProgressUpdate.level,
            ProgressUpdate.recorded_at,
            ProgressUpdate.submitted_at,
            Organisation.name_en.label("organisation"),
            ActionPoint.ref.label("point_ref"),
            ActionPoint.text.label("point_text"),
            Recommendation.short_title,
            assigned_to_update().label("is_assigned"),
        )
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .join(Organisation, Organisation.id == ProgressUpdate.organisation_id)
        .where(visible_updates(actor), condition)
    )
    return session.execute(query.order_by(ProgressUpdate.recorded_at, ProgressUpdate.id)).all()


def list_assigned(session: Session, actor: Actor) -> Sequence[Any]:
    """The recommendations to which the own organisation is assigned, with the numbers of their points and of those with
    a published update of its own, and the day of the newest one. Those that it leads come before those that it
    supports; in both, those without an update come first, then the oldest."""
    own = aliased(ProgressUpdate)
    is_own = and_(
        own.action_point_id == ActionPoint.id,
        own.organisation_id == actor.organisation_id,
        own.state == UpdateState.PUBLISHED,
    )
    newest = func.max(own.published_at)
    query = (
        select(
            Review.code.label("review"),
            Recommendation.ref,
            Recommendation.short_title,
            Assignment.kind,
            func.count(ActionPoint.id.distinct()).label("points"),
            func.count(own.action_point_id.distinct()).label("reported"),
            newest.label("newest"),
        )
        .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .join(ActionPoint, ActionPoint.recommendation_id == Recommendation.id)
        .outerjoin(own, is_own)
        .where(
            Assignment.organisation_id == actor.organisation_id,
            Assignment.to_on.is_(None),
            ActionPoint.retired_at.is_(None),
            visible_recommendations(actor),
        )
        .group_by(
            Review.code, Recommendation.id, Recommendation.ref, Recommendation.short_title, Assignment.kind
        )
    )
    return session.execute(
        query.order_by(Assignment.kind, newest.is_not(None), newest, Recommendation.order, Recommendation.id)
    ).all()


def list_open_updates(session: Session, actor: Actor, recommendation_id: int) -> dict[int, list[Any]]:
    """Unpublished updates on the points of a recommendation, as far as the actor may see them."""
    query = select(ProgressUpdate.action_point_id, ProgressUpdate.id, ProgressUpdate.state)
    query = query.join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
    query = query.where(
        ActionPoint.recommendation_id == recommendation_id,
        ProgressUpdate.state != UpdateState.PUBLISHED,
        visible_updates(actor),
    )
    by_point: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query.order_by(ProgressUpdate.recorded_at, ProgressUpdate.id)):
        by_point[row.action_point_id].append(row)
    return by_point


def list_unanswered(session: Session, actor: Actor, most: int) -> tuple[Sequence[Any], bool]:
    """Points of open reviews on which the State published and the actor's organisation has no assessment: the newest
    `most`, and whether there are more."""
    newest = func.max(ProgressUpdate.published_at)
    assessed = exists().where(
        Assessment.action_point_id == ActionPoint.id, Assessment.organisation_id == actor.organisation_id
    )
    query = (
        select(
            Review.code.label("review"),
            Recommendation.ref,
            ActionPoint.ref.label("point_ref"),
            ActionPoint.text.label("point_text"),
            newest.label("newest"),
        )
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .join(Review, Review.id == Recommendation.review_id)
        .where(ProgressUpdate.state == UpdateState.PUBLISHED, ActionPoint.retired_at.is_(None), ~assessed)
        .where(assessable_reviews(actor), visible_recommendations(actor), reviews_taking_entries())
        .group_by(Review.code, Recommendation.ref, ActionPoint.id, ActionPoint.ref, ActionPoint.text)
    )
    rows = session.execute(query.order_by(newest.desc(), ActionPoint.id).limit(most + 1)).all()
    return rows[:most], len(rows) > most
