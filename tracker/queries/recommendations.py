"""One recommendation with what it is tagged with, its points and who is responsible for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.communications import Communication, CommunicationRecommendation
from tracker.models.levels import ShownLevel, Voice
from tracker.models.organisations import Assignment, Organisation
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
from tracker.models.themes import Group, Scheme, Theme
from tracker.queries.facets import OHCHR_PREFIX


@dataclass(frozen=True)
class Tag:
    """`facet` and `value` lead to the list of what bears the same tag."""

    facet: str
    value: str
    label: str
    is_own_reading: bool


def get_recommendation(session: Session, review_code: str, ref: str) -> Recommendation:
    """With its review and source; recommendations are public, so there is nobody to ask about."""
    found = select(Recommendation).join(Review, Review.id == Recommendation.review_id)
    found = found.where(Review.code == review_code, Recommendation.ref == ref)
    found = found.options(joinedload(Recommendation.review), joinedload(Recommendation.source))
    recommendation = session.scalar(found)
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
    """Open points in order: id, ref, text, disagreement."""
    found = select(ActionPoint.id, ActionPoint.ref, ActionPoint.text, ActionPoint.disagreement)
    found = found.where(ActionPoint.recommendation_id == recommendation_id, ActionPoint.retired_at.is_(None))
    return session.execute(found.order_by(ActionPoint.order, ActionPoint.id)).all()


def list_point_levels(session: Session, recommendation_id: int) -> dict[tuple[int, Voice], ShownLevel]:
    found = select(PointLevel.action_point_id, PointLevel.voice, PointLevel.level)
    found = found.join(ActionPoint, ActionPoint.id == PointLevel.action_point_id)
    rows = session.execute(found.where(ActionPoint.recommendation_id == recommendation_id))
    return {(point_id, voice): level for point_id, voice, level in rows}


def list_tags(session: Session, recommendation_id: int) -> list[Tag]:
    """Headings and themes, topics, groups, SDG targets, recommending States: in this order."""
    themes = select(Theme.scheme, Theme.code, Theme.label, RecommendationTheme.is_own_reading)
    themes = themes.join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
    themes = themes.where(RecommendationTheme.recommendation_id == recommendation_id)
    tags = []
    for scheme, code, label, is_own in session.execute(themes.order_by(Theme.scheme, Theme.order, Theme.id)):
        value = OHCHR_PREFIX + code if scheme == Scheme.OHCHR else code
        tags.append(Tag("topic" if scheme == Scheme.TOPIC else "theme", value, label, is_own))
    groups = select(Group.code, Group.label, RecommendationGroup.is_own_reading)
    groups = groups.join(RecommendationGroup, RecommendationGroup.group_id == Group.id)
    groups = groups.where(RecommendationGroup.recommendation_id == recommendation_id)
    tags += [Tag("group", *row) for row in session.execute(groups.order_by(Group.order, Group.id))]
    targets = select(SdgTarget.goal_code, SdgTarget.code, RecommendationSdgTarget.is_own_reading)
    targets = targets.join(RecommendationSdgTarget, RecommendationSdgTarget.sdg_target_code == SdgTarget.code)
    targets = targets.where(RecommendationSdgTarget.recommendation_id == recommendation_id)
    tags += [Tag("sdg", *row) for row in session.execute(targets.order_by(SdgTarget.order))]
    states = select(State.code, State.name_en).join(
        RecommendingState, RecommendingState.state_code == State.code
    )
    states = states.where(RecommendingState.recommendation_id == recommendation_id)
    return tags + [Tag("state", *row, False) for row in session.execute(states.order_by(State.name_en))]


def list_assignments(session: Session, recommendation_id: int) -> list[Assignment]:
    """Who leads and supports now: the lead first."""
    found = select(Assignment).join(Organisation).options(joinedload(Assignment.organisation))
    found = found.where(Assignment.recommendation_id == recommendation_id, Assignment.to_on.is_(None))
    return list(session.scalars(found.order_by(Assignment.kind, Organisation.name_en)))


def list_communication_references(session: Session, recommendation_id: int) -> list[str]:
    found = select(Communication.reference).join(
        CommunicationRecommendation, CommunicationRecommendation.communication_id == Communication.id
    )
    found = found.where(CommunicationRecommendation.recommendation_id == recommendation_id)
    return list(session.scalars(found.order_by(Communication.order)))
