"""Reviews and their recommendations: who may see them. A review is public once it is published; until then the
coordinator of its State sees it, and the people of the organisations that are assigned in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from tracker.models.assignments import Assignment
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.roles import ROLES_IN_MINISTRIES, coordinates, coordinates_state


def visible_reviews(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_review` allows, as an SQL condition."""
    if actor.sees_all:
        return true()
    is_published = Review.is_published.is_(True)
    if coordinates(actor):
        return or_(is_published, Review.state_code == actor.state_code)
    return or_(is_published, Review.id.in_(_assigned_reviews(actor))) if _prepares(actor) else is_published


def can_see_review(actor: Actor, review: Review, *, assigned: bool) -> bool:
    """`assigned`: the actor's organisation leads or supports a recommendation of the review now."""
    if actor.sees_all or review.is_published or coordinates_state(actor, review.state_code):
        return True
    return assigned and _prepares(actor) and actor.state_code == review.state_code


def _prepares(actor: Actor) -> bool:
    """People of the State's organisations read what is theirs before it is published, so that they can prepare."""
    return actor.is_of_the_state and actor.state_code is not None and actor.has(*ROLES_IN_MINISTRIES)


def _assigned_reviews(actor: Actor) -> Select[int]:
    query = select(Recommendation.review_id)
    query = query.join(Assignment, Assignment.recommendation_id == Recommendation.id)
    query = query.join(Review, Review.id == Recommendation.review_id)
    return query.where(
        Assignment.organisation_id == actor.organisation_id,
        Assignment.to_on.is_(None),
        Review.state_code == actor.state_code,
    )


def visible_recommendations(actor: Actor) -> ColumnElement[bool]:
    """Those of the reviews that the actor sees: the rows that `can_see_recommendation` allows."""
    return Recommendation.review_id.in_(select(Review.id).where(visible_reviews(actor)))


def can_see_recommendation(actor: Actor, recommendation: Recommendation, *, assigned: bool) -> bool:
    """The recommendation must be loaded with its review. `assigned`: in that review."""
    return can_see_review(actor, recommendation.review, assigned=assigned)


def occurs(
    values: Select[Any], value: InstrumentedAttribute[Any], actor: Actor, review_id: int | None
) -> ColumnElement[bool]:
    """Is the value among `values`, a select from `Recommendation`, of recommendations that the actor sees: in one
    review, or (None) in all? Among those of one review, IN reads its few rows. Among all, EXISTS stops at the first row
    of each value, where IN would read the whole table."""
    values = values.where(visible_recommendations(actor))
    if review_id is not None:
        return value.in_(values.where(Recommendation.review_id == review_id))
    [column] = values.selected_columns
    return values.where(column == value).exists()


def takes_entries(*, is_published: bool, closed_at: datetime | None) -> bool:
    """A review takes updates and assessments from the day it is published until it is closed."""
    return is_published and closed_at is None


def reviews_taking_entries() -> ColumnElement[bool]:
    """The rows that `takes_entries` allows, as an SQL condition."""
    return and_(Review.is_published.is_(True), Review.closed_at.is_(None))


def may_open_reviews(actor: Actor) -> bool:
    """In the browser: the coordinator of a State, of that State."""
    return coordinates(actor)


def may_prepare_reviews(actor: Actor, state_code: str) -> bool:
    """Open, fill, publish and close the reviews of that State: its coordinator, and the operator at the command
    line."""
    return actor.sees_all or coordinates_state(actor, state_code)


def can_prepare_review(actor: Actor, review: Review) -> bool:
    return may_prepare_reviews(actor, review.state_code)
