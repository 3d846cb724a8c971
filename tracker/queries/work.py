"""What waits for somebody: drafts, updates to check or publish, points to assess; and which ministries owe most."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, select
from sqlalchemy.orm import Session

from tracker.language import sort_key
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import assessable_reviews
from tracker.policy.reviews import reviews_taking_entries, visible_recommendations
from tracker.policy.updates import assigned_to_update, visible_updates, waiting_updates
from tracker.queries.translations import shown_point_text, shown_title


def list_waiting(session: Session, actor: Actor) -> Sequence[Any]:
    """Updates whose next step is the actor's, what waits longest (`since`) first. A draft without assignment waits to
    be discarded."""
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
            func.coalesce(
                ProgressUpdate.validated_at, ProgressUpdate.submitted_at, ProgressUpdate.recorded_at
            ).label("since"),
            Organisation.name.label("organisation"),
            ActionPoint.ref.label("point_ref"),
            shown_point_text("point_text"),
            shown_title(),
            assigned_to_update().label("is_assigned"),
        )
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .join(Organisation, Organisation.id == ProgressUpdate.organisation_id)
        .where(visible_updates(actor), condition)
    )
    return session.execute(query.order_by("since", ProgressUpdate.recorded_at, ProgressUpdate.id)).all()


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


def list_owing(session: Session, actor: Actor, review_id: int, most: int) -> Sequence[Any]:
    """The organisations that lead points without a level by the State: how many points they lead, and how many of them
    lack a level. Those that owe most come first."""
    has_level = exists().where(
        CurrentEntry.action_point_id == ActionPoint.id,
        CurrentEntry.voice == Voice.STATE,
        CurrentEntry.level.is_not(None),
    )
    lacking = func.sum(case((has_level, 0), else_=1))
    query = (
        select(
            Organisation.key,
            Organisation.name.label("organisation"),
            func.count().label("points"),
            lacking.label("lacking"),
        )
        .join(Assignment, Assignment.organisation_id == Organisation.id)
        .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
        .join(ActionPoint, ActionPoint.recommendation_id == Recommendation.id)
        .where(Assignment.kind == AssignmentKind.LEAD, Assignment.to_on.is_(None))
        .where(Recommendation.review_id == review_id, ActionPoint.retired_at.is_(None))
        .where(visible_recommendations(actor))
        .group_by(Organisation.id)
        .having(lacking > 0)
    )
    rows = session.execute(query)
    return sorted(rows, key=lambda row: (-row.lacking, sort_key(row.organisation), row.key))[:most]
