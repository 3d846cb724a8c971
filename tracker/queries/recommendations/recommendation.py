"""One recommendation with what it is tagged with, and its points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.language import fold_ref
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.reviews import Review
from tracker.models.sdg_targets import SdgTarget
from tracker.models.states import State
from tracker.models.themes import Group, Theme
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries.recommendations.facets import filter_of
from tracker.queries.reviews import find_code


@dataclass(frozen=True)
class Tag:
    """`facet` and `value` filter the list to the recommendations with the same tag."""

    facet: str
    value: str
    label: str
    is_own_reading: bool


def get_recommendation(session: Session, actor: Actor, review_code: str, ref: str) -> Recommendation:
    """With its review and source; unseen is the same as unknown."""
    query = select(Recommendation).join(Review, Review.id == Recommendation.review_id)
    query = query.where(Review.code == review_code, Recommendation.ref == ref, visible_recommendations(actor))
    query = query.options(joinedload(Recommendation.review), joinedload(Recommendation.source))
    recommendation = session.scalar(query)
    if recommendation is None:
        raise NotFound
    return recommendation


def get_action_point(session: Session, actor: Actor, review_code: str, point_ref: str) -> ActionPoint:
    """An open point by its ref, with its recommendation, review and source; unseen is the same as unknown."""
    return _get_point(session, _points(actor, review_code, point_ref).where(ActionPoint.retired_at.is_(None)))


def get_any_action_point(session: Session, actor: Actor, review_code: str, point_ref: str) -> ActionPoint:
    """Retired points, too: what was said on them stays readable."""
    return _get_point(session, _points(actor, review_code, point_ref))


def _points(actor: Actor, review_code: str, point_ref: str) -> Select[ActionPoint]:
    query = select(ActionPoint).join(Recommendation).join(Review, Review.id == Recommendation.review_id)
    query = query.where(
        Review.code == review_code, ActionPoint.ref == point_ref, visible_recommendations(actor)
    )
    inner = joinedload(ActionPoint.recommendation)
    return query.options(inner.joinedload(Recommendation.review), inner.joinedload(Recommendation.source))


def _get_point(session: Session, query: Select[ActionPoint]) -> ActionPoint:
    point = session.scalar(query)
    if point is None:
        raise NotFound
    return point


@dataclass(frozen=True)
class Place:
    """A review, a recommendation of it and perhaps one of its points, as they are written in addresses."""

    review: str
    ref: str
    point_ref: str | None


def find_place(session: Session, actor: Actor, review_code: str, ref: str) -> Place:
    """What an address means that is written in another way: with small or Cyrillic letters, another dash, a dot behind.
    `ref` is a recommendation's or a point's. Unseen is the same as unknown."""
    code = find_code(session, actor, review_code)
    in_review = Recommendation.review_id.in_(select(Review.id).where(Review.code == code))
    refs = select(Recommendation.ref).where(in_review, visible_recommendations(actor))
    wanted = fold_ref(ref)
    for found in session.scalars(refs):
        if fold_ref(found) == wanted:
            return Place(code, found, None)
    points = select(Recommendation.ref, ActionPoint.ref).join(ActionPoint)
    for found, point_ref in session.execute(points.where(in_review, visible_recommendations(actor))):
        if fold_ref(point_ref) == wanted:
            return Place(code, found, point_ref)
    raise NotFound


def list_points(session: Session, actor: Actor, recommendation_id: int) -> Sequence[ActionPoint]:
    """In order; retired points come last."""
    query = select(ActionPoint).where(ActionPoint.recommendation_id.in_(_seen(actor, recommendation_id)))
    order = (ActionPoint.retired_at.is_not(None), ActionPoint.order, ActionPoint.id)
    return session.scalars(query.order_by(*order)).all()


def list_tags(session: Session, actor: Actor, recommendation_id: int) -> list[Tag]:
    """Headings and themes, topics, groups, SDG targets, recommending States: in this order."""
    seen = _seen(actor, recommendation_id)
    return [
        *_theme_tags(session, seen),
        *_group_tags(session, seen),
        *_target_tags(session, seen),
        *_state_tags(session, seen),
    ]


def _seen(actor: Actor, recommendation_id: int) -> Select[int]:
    """The recommendation if the actor sees it."""
    query = select(Recommendation.id).where(Recommendation.id == recommendation_id)
    return query.where(visible_recommendations(actor))


def _theme_tags(session: Session, seen: Select[int]) -> list[Tag]:
    query = (
        select(Theme, RecommendationTheme.is_own_reading)
        .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
        .where(RecommendationTheme.recommendation_id.in_(seen))
        .order_by(Theme.scheme, Theme.order, Theme.id)
    )
    rows: Any = session.execute(query)
    return [Tag(*filter_of(theme.scheme, theme.code), theme.label, is_own) for theme, is_own in rows]


def _group_tags(session: Session, seen: Select[int]) -> list[Tag]:
    query = (
        select(Group, RecommendationGroup.is_own_reading)
        .join(RecommendationGroup, RecommendationGroup.group_id == Group.id)
        .where(RecommendationGroup.recommendation_id.in_(seen))
        .order_by(Group.order, Group.id)
    )
    return [Tag("group", group.code, group.label, is_own) for group, is_own in session.execute(query)]


def _target_tags(session: Session, seen: Select[int]) -> list[Tag]:
    """The list is filtered by goal; the target is the label."""
    query = (
        select(SdgTarget, RecommendationSdgTarget.is_own_reading)
        .join(RecommendationSdgTarget, RecommendationSdgTarget.sdg_target_code == SdgTarget.code)
        .where(RecommendationSdgTarget.recommendation_id.in_(seen))
        .order_by(SdgTarget.order)
    )
    rows = session.execute(query)
    return [Tag("sdg", target.goal_code, target.code, is_own) for target, is_own in rows]


def _state_tags(session: Session, seen: Select[int]) -> list[Tag]:
    query = (
        select(State)
        .join(RecommendingState, RecommendingState.state_code == State.code)
        .where(RecommendingState.recommendation_id.in_(seen))
        .order_by(State.name_en)
    )
    return [Tag("state", state.code, state.name_en, is_own_reading=False) for state in session.scalars(query)]
