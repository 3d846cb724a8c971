"""Writes the tags that a person chose for a recommendation. What stays chosen keeps its row, and with it whether it is
this project's own reading."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.models.recommendation_fields import RecommendationFields
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationSdgGoal,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.sdg_targets import SdgGoal, SdgTarget
from tracker.models.themes import Scheme, Theme


def replace_tags(session: Session, recommendation: Recommendation, wanted: RecommendationFields) -> None:
    own = recommendation.id
    _replace(session, RecommendingState, "state_code", own, wanted.state_codes)
    _replace(session, RecommendationGroup, "group_id", own, wanted.group_ids, is_own_reading=False)
    goals, targets = split_sdgs(session, wanted.sdg_codes)
    _replace(session, RecommendationSdgGoal, "sdg_goal_code", own, goals, is_own_reading=False)
    _replace(session, RecommendationSdgTarget, "sdg_target_code", own, targets, is_own_reading=False)
    _replace_themes(session, own, wanted)
    session.flush()


def split_sdgs(session: Session, codes: Iterable[str]) -> tuple[set[str], set[str]]:
    """Goals and targets; a code that is neither is left out."""
    wanted = set(codes)
    goals = set(session.scalars(select(SdgGoal.code).where(SdgGoal.code.in_(wanted))))
    targets = set(session.scalars(select(SdgTarget.code).where(SdgTarget.code.in_(wanted))))
    return goals, targets


def _replace_themes(session: Session, recommendation_id: int, wanted: RecommendationFields) -> None:
    """The issues of UPR Info stay: only files bring them. The working topics are this project's vocabulary, so that a
    new tag with one is its own reading."""
    chosen = wanted.theme_ids | ({wanted.heading_id} if wanted.heading_id else frozenset())
    query = select(RecommendationTheme, Theme.scheme).join(Theme)
    rows = {
        row.theme_id: row
        for row, scheme in session.execute(
            query.where(RecommendationTheme.recommendation_id == recommendation_id)
        )
        if scheme != Scheme.UPR_INFO
    }
    for theme_id in rows.keys() - chosen:
        session.delete(rows[theme_id])
    for theme_id, scheme in session.execute(select(Theme.id, Theme.scheme).where(Theme.id.in_(chosen))):
        row = rows.get(theme_id)
        if row is None:
            row = RecommendationTheme(
                recommendation_id=recommendation_id,
                theme_id=theme_id,
                is_own_reading=scheme == Scheme.TOPIC,
            )
            session.add(row)
        row.is_heading = theme_id == wanted.heading_id


def _replace(
    session: Session, table: Any, column: str, recommendation_id: int, wanted: Iterable[Any], **values: Any
) -> None:
    of_this = table.recommendation_id == recommendation_id
    held = set(session.scalars(select(getattr(table, column)).where(of_this)))
    gone = held - set(wanted)
    session.execute(delete(table).where(of_this, getattr(table, column).in_(gone)))
    for value in sorted(set(wanted) - held):
        session.add(table(recommendation_id=recommendation_id, **{column: value}, **values))
