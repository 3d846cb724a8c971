"""The figures of a review's home page: levels per voice, heading and topic, each with its "of"."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
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
    """Reads every open point of the review once; a point under two headings counts under both."""
    points = _points(session, actor, review_id)
    levels = _levels(session, actor, review_id)
    points_of: dict[Voice, set[int]] = defaultdict(set)
    for level in levels:
        points_of[level.voice].add(level.action_point_id)
    fully = sum(
        1 for level in levels if level.voice == Voice.STATE and level.level == ShownLevel.FULLY_IMPLEMENTED
    )
    themes_figures = tuple(_themes(session, actor, review_id, points, levels))
    return Figures(
        recommendations=_count_recommendations(session, actor, review_id),
        points=len(points),
        with_state=len(points_of[Voice.STATE]),
        with_independent=len(points_of[Voice.CIVIL_SOCIETY] | points_of[Voice.NHRI_UN]),
        fully=fully,
        contradicting=sum(1 for point in points if point.disagreement == Disagreement.CONTRADICTS),
        topics=tuple(figures for figures in themes_figures if figures.facet == "topic"),
        headings=tuple(figures for figures in themes_figures if figures.facet == "theme"),
        changed_at=max((level.changed_at for level in levels), default=None),
    )


def _count_recommendations(session: Session, actor: Actor, review_id: int) -> int:
    query = select(func.count()).select_from(Recommendation)
    query = query.where(Recommendation.review_id == review_id, visible_recommendations(actor))
    return session.scalar(query) or 0


def _points(session: Session, actor: Actor, review_id: int) -> list[Row[int, int, Disagreement]]:
    query = select(ActionPoint.id, ActionPoint.recommendation_id, ActionPoint.disagreement)
    query = query.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    query = query.where(Recommendation.review_id == review_id, visible_recommendations(actor))
    return list(session.execute(query.where(ActionPoint.retired_at.is_(None))))


def _levels(session: Session, actor: Actor, review_id: int) -> list[Row[int, Voice, ShownLevel, datetime]]:
    query = select(PointLevel.action_point_id, PointLevel.voice, PointLevel.level, PointLevel.changed_at)
    query = query.join(ActionPoint, ActionPoint.id == PointLevel.action_point_id)
    query = query.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    query = query.where(Recommendation.review_id == review_id, visible_recommendations(actor))
    return list(session.execute(query.where(ActionPoint.retired_at.is_(None))))


def _themes(
    session: Session,
    actor: Actor,
    review_id: int,
    points: Iterable[Row[int, int, Disagreement]],
    levels: Iterable[Row[int, Voice, ShownLevel, datetime]],
) -> Iterable[ThemeFigures]:
    points_of = defaultdict(list)
    for point in points:
        points_of[point.recommendation_id].append(point)
    levels_of = defaultdict(list)
    for level in levels:
        levels_of[level.action_point_id].append(level)
    for theme, tagged in _tagged(session, actor, review_id):
        inside = [point for recommendation_id in tagged for point in points_of[recommendation_id]]
        counts: dict[Voice, dict[ShownLevel, int]] = {voice: defaultdict(int) for voice in Voice}
        for point in inside:
            for level in levels_of[point.id]:
                counts[level.voice][level.level] += 1
        facet, value = filter_of(theme.scheme, theme.code)
        yield ThemeFigures(
            facet=facet,
            code=value,
            label=theme.label,
            section=theme.section,
            recommendations=len(tagged),
            points=len(inside),
            levels={voice: dict(numbers) for voice, numbers in counts.items()},
            contradicting=sum(1 for point in inside if point.disagreement == Disagreement.CONTRADICTS),
        )


def _tagged(session: Session, actor: Actor, review_id: int) -> list[tuple[Theme, list[int]]]:
    """The topics, then the headings of the review, in the order of their vocabularies."""
    query = select(Theme, RecommendationTheme.recommendation_id)
    query = query.join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
    query = query.join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
    query = query.where(Recommendation.review_id == review_id, visible_recommendations(actor))
    by_theme: dict[Theme, list[int]] = {}
    for theme, recommendation_id in session.execute(query.order_by(Theme.order, Theme.id)):
        by_theme.setdefault(theme, []).append(recommendation_id)
    tagged = [(theme.scheme, (theme, inside)) for theme, inside in by_theme.items()]
    return themes.topics(tagged) + themes.headings(tagged)
