"""One recommendation with what it is tagged with, its points and who is responsible for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.communications import Communication, CommunicationRecommendation
from tracker.models.levels import ShownLevel, Voice
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
from tracker.queries.recommendations.facets import filter_of


@dataclass(frozen=True)
class Tag:
    """`facet` and `value` lead to the list of what bears the same tag."""

    facet: str
    value: str
    label: str
    is_own_reading: bool


# Put together once: a page asks all of them, and building them takes longer than running them.
_OF_IT: BindParameter[int] = bindparam("recommendation_id")
_RECOMMENDATION = (
    select(Recommendation)
    .join(Review, Review.id == Recommendation.review_id)
    .where(Review.code == bindparam("review"), Recommendation.ref == bindparam("ref"))
    .options(joinedload(Recommendation.review), joinedload(Recommendation.source))
)
_POINTS = (
    select(
        ActionPoint.id, ActionPoint.ref, ActionPoint.text, ActionPoint.disagreement, ActionPoint.retired_at
    )
    .where(ActionPoint.recommendation_id == _OF_IT)
    .order_by(ActionPoint.retired_at.is_not(None), ActionPoint.order, ActionPoint.id)
)
_LEVELS = (
    select(PointLevel.action_point_id, PointLevel.voice, PointLevel.level)
    .join(ActionPoint, ActionPoint.id == PointLevel.action_point_id)
    .where(ActionPoint.recommendation_id == _OF_IT)
)
_THEMES = (
    select(Theme.scheme, Theme.code, Theme.label, RecommendationTheme.is_own_reading)
    .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
    .where(RecommendationTheme.recommendation_id == _OF_IT)
    .order_by(Theme.scheme, Theme.order, Theme.id)
)
_GROUPS = (
    select(Group.code, Group.label, RecommendationGroup.is_own_reading)
    .join(RecommendationGroup, RecommendationGroup.group_id == Group.id)
    .where(RecommendationGroup.recommendation_id == _OF_IT)
    .order_by(Group.order, Group.id)
)
_TARGETS = (
    select(SdgTarget.goal_code, SdgTarget.code, RecommendationSdgTarget.is_own_reading)
    .join(RecommendationSdgTarget, RecommendationSdgTarget.sdg_target_code == SdgTarget.code)
    .where(RecommendationSdgTarget.recommendation_id == _OF_IT)
    .order_by(SdgTarget.order)
)
_STATES = (
    select(State.code, State.name_en)
    .join(RecommendingState, RecommendingState.state_code == State.code)
    .where(RecommendingState.recommendation_id == _OF_IT)
    .order_by(State.name_en)
)
_COMMUNICATIONS = (
    select(Communication.reference)
    .join(CommunicationRecommendation, CommunicationRecommendation.communication_id == Communication.id)
    .where(CommunicationRecommendation.recommendation_id == _OF_IT)
    .order_by(Communication.order)
)


def get_recommendation(session: Session, review_code: str, ref: str) -> Recommendation:
    """With its review and source; recommendations are public, so there is nobody to ask about."""
    recommendation = session.scalar(_RECOMMENDATION, {"review": review_code, "ref": ref})
    if recommendation is None:
        raise NotFound
    return recommendation


def get_action_point(session: Session, review_code: str, point_ref: str) -> ActionPoint:
    """An open point by its ref, with its recommendation, review and source."""
    found = select(ActionPoint).join(Recommendation).join(Review, Review.id == Recommendation.review_id)
    found = found.where(
        Review.code == review_code, ActionPoint.ref == point_ref, ActionPoint.retired_at.is_(None)
    )
    inner = joinedload(ActionPoint.recommendation)
    found = found.options(inner.joinedload(Recommendation.review), inner.joinedload(Recommendation.source))
    point = session.scalar(found)
    if point is None:
        raise NotFound
    return point


def list_points(session: Session, recommendation_id: int) -> Sequence[Any]:
    """In order, those that were retired last: id, ref, text, disagreement, retired_at."""
    return _rows(session, _POINTS, recommendation_id)


def list_point_levels(session: Session, recommendation_id: int) -> dict[tuple[int, Voice], ShownLevel]:
    rows = _rows(session, _LEVELS, recommendation_id)
    return {(point_id, voice): level for point_id, voice, level in rows}


def list_tags(session: Session, recommendation_id: int) -> list[Tag]:
    """Headings and themes, topics, groups, SDG targets, recommending States: in this order."""
    tags = []
    for scheme, code, label, is_own in _rows(session, _THEMES, recommendation_id):
        tags.append(Tag(*filter_of(scheme, code), label, is_own))
    tags += [Tag("group", *row) for row in _rows(session, _GROUPS, recommendation_id)]
    tags += [Tag("sdg", *row) for row in _rows(session, _TARGETS, recommendation_id)]
    states = _rows(session, _STATES, recommendation_id)
    return tags + [Tag("state", code, name, is_own_reading=False) for code, name in states]


def list_communication_references(session: Session, recommendation_id: int) -> list[str]:
    return [reference for (reference,) in _rows(session, _COMMUNICATIONS, recommendation_id)]


def _rows(session: Session, found: Executable, recommendation_id: int) -> Sequence[Any]:
    """On the connection, past the session: what a writer has not flushed is not seen."""
    return session.connection().execute(found, {"recommendation_id": recommendation_id}).all()
