"""The figures of a review's home page: levels per voice, heading and topic, each with its "of"."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.models.recommendations import Recommendation, RecommendationTheme
from tracker.models.themes import Theme
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries import themes
from tracker.queries.recommendations.facets import filter_of


@dataclass(frozen=True)
class ThemeFigures:
    """Points under one heading or topic: how many at each level in each voice, of `points`."""

    facet: str  # the filter that shows them: topic or theme
    code: str
    label: str
    section: str | None
    recommendations: int
    points: int
    levels: dict[Voice, dict[ShownLevel, int]]
    contradicting: int

    def segments(self, voice: Voice) -> list[tuple[ShownLevel, str, int]]:
        """The segments of a bar in the order of the legend: level, label, points. The rest is not assessed."""
        levels = self.levels.get(voice, {})
        return [(level, level.label, levels[level]) for level in ShownLevel if levels.get(level)]

    def assessed(self, voice: Voice) -> int:
        return sum(self.levels.get(voice, {}).values())


@dataclass(frozen=True)
class Figures:
    """`with_state`, `with_independent`: points with a level of that voice; `fully`: those that the State calls fully
    implemented."""

    recommendations: int
    points: int
    with_state: int
    with_independent: int
    fully: int
    contradicting: int
    topics: tuple[ThemeFigures, ...]
    headings: tuple[ThemeFigures, ...]
    changed_at: datetime | None


def get_figures(session: Session, actor: Actor, review_id: int) -> Figures:
    """Counts the open points of the review; a point under two headings counts under both."""
    inside = and_(Recommendation.review_id == review_id, visible_recommendations(actor))
    points, contradicting = _count_points(session, inside)
    levels = _count_levels(session, inside)
    of_state = levels.get(Voice.STATE, {})
    by_theme = _list_theme_figures(session, inside)
    return Figures(
        recommendations=session.scalar(select(func.count()).select_from(Recommendation).where(inside)) or 0,
        points=points,
        with_state=sum(of_state.values()),
        with_independent=_count_points_with_independent(session, inside),
        fully=of_state.get(ShownLevel.FULLY_IMPLEMENTED, 0),
        contradicting=contradicting,
        topics=tuple(figures for figures in by_theme if figures.facet == "topic"),
        headings=tuple(figures for figures in by_theme if figures.facet == "theme"),
        changed_at=session.scalar(_of_levels(select(func.max(PointLevel.changed_at)), inside)),
    )


_IS_CONTRADICTING = case((ActionPoint.disagreement == Disagreement.CONTRADICTS, 1), else_=0)
Query = Select[*tuple[Any, ...]]


def _of_points(query: Query, inside: ColumnElement[bool]) -> Query:
    """Over the open points of the recommendations `inside`."""
    query = query.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    return query.where(inside, ActionPoint.retired_at.is_(None))


def _of_levels(query: Query, inside: ColumnElement[bool]) -> Query:
    """Over the levels of these points."""
    return _of_points(query.join(ActionPoint, ActionPoint.id == PointLevel.action_point_id), inside)


def _count_points(session: Session, inside: ColumnElement[bool]) -> tuple[int, int]:
    """All of them, and those on which voices contradict each other."""
    query = select(func.count(ActionPoint.id), func.coalesce(func.sum(_IS_CONTRADICTING), 0))
    points, contradicting = session.execute(_of_points(query, inside)).one()
    return points, contradicting


def _count_levels(session: Session, inside: ColumnElement[bool]) -> dict[Voice, dict[ShownLevel, int]]:
    query = _of_levels(select(PointLevel.voice, PointLevel.level, func.count()), inside)
    counts: dict[Voice, dict[ShownLevel, int]] = defaultdict(dict)
    for voice, level, number in session.execute(query.group_by(PointLevel.voice, PointLevel.level)):
        counts[voice][level] = number
    return counts


def _count_points_with_independent(session: Session, inside: ColumnElement[bool]) -> int:
    query = _of_levels(select(func.count(PointLevel.action_point_id.distinct())), inside)
    return session.scalar(query.where(PointLevel.voice != Voice.STATE)) or 0


def _list_theme_figures(session: Session, inside: ColumnElement[bool]) -> list[ThemeFigures]:
    """The topics, then the headings of the review, in the order of their vocabularies."""
    points = _count_points_by_theme(session, inside)
    levels = _count_levels_by_theme(session, inside)
    query = select(Theme, func.count(RecommendationTheme.recommendation_id))
    query = query.join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
    query = query.join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
    rows = session.execute(query.where(inside).group_by(Theme.id).order_by(Theme.order, Theme.id))
    tagged = [(theme.scheme, (theme, number)) for theme, number in rows]
    figures = []
    for theme, number in themes.topics(tagged) + themes.headings(tagged):
        facet, value = filter_of(theme.scheme, theme.code)
        of_theme, contradicting = points.get(theme.id, (0, 0))
        figures.append(
            ThemeFigures(
                facet=facet,
                code=value,
                label=theme.label,
                section=theme.section,
                recommendations=number,
                points=of_theme,
                levels=levels.get(theme.id, {}),
                contradicting=contradicting,
            )
        )
    return figures


def _count_points_by_theme(session: Session, inside: ColumnElement[bool]) -> dict[int, tuple[int, int]]:
    theme_id = RecommendationTheme.theme_id
    query = select(theme_id, func.count(ActionPoint.id), func.sum(_IS_CONTRADICTING)).join(
        ActionPoint, ActionPoint.recommendation_id == RecommendationTheme.recommendation_id
    )
    rows = session.execute(_of_points(query, inside).group_by(theme_id))
    return {theme: (points, contradicting) for theme, points, contradicting in rows}


def _count_levels_by_theme(
    session: Session, inside: ColumnElement[bool]
) -> dict[int, dict[Voice, dict[ShownLevel, int]]]:
    theme_id, voice, level = RecommendationTheme.theme_id, PointLevel.voice, PointLevel.level
    query = select(theme_id, voice, level, func.count()).join_from(
        RecommendationTheme,
        ActionPoint,
        ActionPoint.recommendation_id == RecommendationTheme.recommendation_id,
    )
    query = _of_points(query.join(PointLevel, PointLevel.action_point_id == ActionPoint.id), inside)
    counts: dict[int, dict[Voice, dict[ShownLevel, int]]] = defaultdict(lambda: defaultdict(dict))
    for theme, of_voice, given, number in session.execute(query.group_by(theme_id, voice, level)):
        counts[theme][of_voice][given] = number
    return counts
