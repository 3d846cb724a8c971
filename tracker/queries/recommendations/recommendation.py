"""One recommendation with what it is tagged with, and its points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.language import fold_ref, gettext, sort_key
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationSdgGoal,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.reviews import Review
from tracker.models.sdg_targets import SdgGoal, SdgTarget
from tracker.models.states import State
from tracker.models.themes import Group, Scheme, Theme
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries.recommendations.theme_values import filter_of
from tracker.queries.reviews import find_code

KINDS = {
    Scheme.LETTER: "heading",
    Scheme.TOPIC: "topic",
    Scheme.OHCHR: "theme",
    Scheme.UPR_INFO: "issue",
}


@dataclass(frozen=True)
class Tag:
    """`facet` and `value` filter the list to the recommendations with the same tag. `kind` is the group under which a
    page shows it: heading, theme, issue (of UPR Info), topic, group, sdg or state."""

    kind: str
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
    """What an address means that is written in another way: with small or Cyrillic letters, another dash, a dot behind,
    or with a number that was corrected since. `ref` is a recommendation's or a point's. Unseen is the same as
    unknown."""
    code = find_code(session, actor, review_code)
    is_seen = (
        Recommendation.review_id.in_(select(Review.id).where(Review.code == code)),
        visible_recommendations(actor),
    )
    refs: dict[str, str] = {}
    former: dict[str, str] = {}
    for row in session.execute(select(Recommendation.ref, Recommendation.former_refs).where(*is_seen)):
        refs[fold_ref(row.ref)] = row.ref
        former |= {fold_ref(each["ref"]): row.ref for each in row.former_refs}
    wanted = fold_ref(ref)
    if owner := refs.get(wanted):
        return Place(code, owner, None)
    points = select(ActionPoint.ref, ActionPoint.formerly, Recommendation.ref.label("owner"))
    rows = session.execute(points.join(Recommendation).where(*is_seen)).all()
    places = {fold_ref(row.formerly): Place(code, row.owner, row.ref) for row in rows if row.formerly}
    places |= {fold_ref(row.ref): Place(code, row.owner, row.ref) for row in rows}
    if place := places.get(wanted):
        return place
    if owner := former.get(wanted):
        return Place(code, owner, None)
    former_ref, _, number = wanted.rpartition(".")
    place = places.get(fold_ref(f"{former[former_ref]}.{number}")) if former_ref in former else None
    if place is None:
        raise NotFound
    return place


def list_points(session: Session, actor: Actor, recommendation_id: int) -> Sequence[ActionPoint]:
    """In order; retired points come last."""
    query = select(ActionPoint).where(ActionPoint.recommendation_id.in_(_seen(actor, recommendation_id)))
    order = (ActionPoint.retired_at.is_not(None), ActionPoint.order, ActionPoint.id)
    return session.scalars(query.order_by(*order)).all()


def list_tags(session: Session, actor: Actor, recommendation_id: int) -> list[Tag]:
    """Headings, themes and issues, topics, groups, SDG goals and targets, recommending States: in this order."""
    seen = _seen(actor, recommendation_id)
    return [
        *_theme_tags(session, seen),
        *_group_tags(session, seen),
        *_goal_tags(session, seen),
        *_target_tags(session, seen),
        *_state_tags(session, seen),
    ]


def _seen(actor: Actor, recommendation_id: int) -> Select[int]:
    """The recommendation if the actor sees it."""
    query = select(Recommendation.id).where(Recommendation.id == recommendation_id)
    return query.where(visible_recommendations(actor))


def _theme_tags(session: Session, seen: Select[int]) -> list[Tag]:
    query = (
        select(Theme, RecommendationTheme.is_own_reading, RecommendationTheme.is_heading)
        .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
        .where(RecommendationTheme.recommendation_id.in_(seen))
        .order_by(RecommendationTheme.is_heading.desc(), Theme.scheme, Theme.order, Theme.id)
    )
    rows: Any = session.execute(query)
    return [
        Tag(
            "heading" if is_heading else KINDS[theme.scheme],
            *filter_of(theme.scheme, theme.code, is_heading=is_heading),
            theme.name,
            is_own,
        )
        for theme, is_own, is_heading in rows
    ]


def _group_tags(session: Session, seen: Select[int]) -> list[Tag]:
    query = (
        select(Group, RecommendationGroup.is_own_reading)
        .join(RecommendationGroup, RecommendationGroup.group_id == Group.id)
        .where(RecommendationGroup.recommendation_id.in_(seen))
        .order_by(Group.order, Group.id)
    )
    return [Tag("group", "group", group.code, group.name, is_own) for group, is_own in session.execute(query)]


def _goal_tags(session: Session, seen: Select[int]) -> list[Tag]:
    """Goals that are named without a target."""
    query = (
        select(SdgGoal, RecommendationSdgGoal.is_own_reading)
        .join(RecommendationSdgGoal, RecommendationSdgGoal.sdg_goal_code == SdgGoal.code)
        .where(RecommendationSdgGoal.recommendation_id.in_(seen))
        .order_by(SdgGoal.order)
    )
    return [Tag("sdg", "sdg", goal.code, goal_words(goal.code), own) for goal, own in session.execute(query)]


def goal_words(code: str) -> str:
    return gettext("goal %(code)s", code=code)


def _target_tags(session: Session, seen: Select[int]) -> list[Tag]:
    """The list is filtered by goal; the target is the label."""
    query = (
        select(SdgTarget, RecommendationSdgTarget.is_own_reading)
        .join(RecommendationSdgTarget, RecommendationSdgTarget.sdg_target_code == SdgTarget.code)
        .where(RecommendationSdgTarget.recommendation_id.in_(seen))
        .order_by(SdgTarget.order)
    )
    rows = session.execute(query)
    return [Tag("sdg", "sdg", target.goal_code, target.code, is_own) for target, is_own in rows]


def _state_tags(session: Session, seen: Select[int]) -> list[Tag]:
    query = (
        select(State)
        .join(RecommendingState, RecommendingState.state_code == State.code)
        .where(RecommendingState.recommendation_id.in_(seen))
    )
    states = sorted(session.scalars(query), key=lambda state: (sort_key(state.name), state.code))
    return [Tag("state", "state", state.code, state.name, is_own_reading=False) for state in states]
