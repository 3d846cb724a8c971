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
        """The segments of a bar in the order of the legend: level, its word, points; silence is the rest."""
        found = self.levels.get(voice, {})
        return [(level, level.label, found[level]) for level in ShownLevel if found.get(level)]

    def assessed(self, voice: Voice) -> int:
        return sum(self.levels.get(voice, {}).values())


@dataclass(frozen=True)
class Figures:
    """`with_state`, `with_independent`: points with an entry; `fully`: of `with_state`, said by the State."""

    recommendations: int
    points: int
    with_state: int
    with_independent: int
    fully: int
    contradicting: int
    topics: tuple[ThemeFigures, ...]
    headings: tuple[ThemeFigures, ...]
    changed_at: datetime | None


def get_figures(session: Session, review_id: int) -> Figures:
    """Reads every open point of the review once; a point under two headings counts under both."""
    points = _points(session, review_id)
    levels = _levels(session, review_id)
    spoken: dict[Voice, set[int]] = defaultdict(set)
    for level in levels:
        spoken[level.voice].add(level.action_point_id)
    fully = sum(
        1 for level in levels if level.voice == Voice.STATE and level.level == ShownLevel.FULLY_IMPLEMENTED
    )
    filed = list(_themes(session, review_id, points, levels))
    return Figures(
        recommendations=session.scalar(
            select(func.count()).select_from(Recommendation).where(Recommendation.review_id == review_id)
        )
        or 0,
        points=len(points),
        with_state=len(spoken[Voice.STATE]),
        with_independent=len(spoken[Voice.CIVIL_SOCIETY] | spoken[Voice.NHRI_UN]),
        fully=fully,
        contradicting=sum(1 for point in points if point.disagreement == Disagreement.CONTRADICTS),
        topics=tuple(found for found in filed if found.facet == "topic"),
        headings=tuple(found for found in filed if found.facet == "theme"),
        changed_at=max((level.changed_at for level in levels), default=None),
    )


def _points(session: Session, review_id: int) -> list[Row[int, int, Disagreement]]:
    found = select(ActionPoint.id, ActionPoint.recommendation_id, ActionPoint.disagreement)
    found = found.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    return list(
        session.execute(found.where(Recommendation.review_id == review_id, ActionPoint.retired_at.is_(None)))
    )


def _levels(session: Session, review_id: int) -> list[Row[int, Voice, ShownLevel, datetime]]:
    found = select(PointLevel.action_point_id, PointLevel.voice, PointLevel.level, PointLevel.changed_at)
    found = found.join(ActionPoint, ActionPoint.id == PointLevel.action_point_id)
    found = found.join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
    return list(
        session.execute(found.where(Recommendation.review_id == review_id, ActionPoint.retired_at.is_(None)))
    )


def _themes(
    session: Session,
    review_id: int,
    points: Iterable[Row[int, int, Disagreement]],
    levels: Iterable[Row[int, Voice, ShownLevel, datetime]],
) -> Iterable[ThemeFigures]:
    of_recommendation = defaultdict(list)
    for point in points:
        of_recommendation[point.recommendation_id].append(point)
    said = defaultdict(list)
    for level in levels:
        said[level.action_point_id].append(level)
    for theme, tagged in _tagged(session, review_id):
        inside = [point for found in tagged for point in of_recommendation[found]]
        counts: dict[Voice, dict[ShownLevel, int]] = {voice: defaultdict(int) for voice in Voice}
        for point in inside:
            for level in said[point.id]:
                counts[level.voice][level.level] += 1
        facet, value = filter_of(theme.scheme, theme.code)
        yield ThemeFigures(
            facet=facet,
            code=value,
            label=theme.label,
            section=theme.section,
            recommendations=len(tagged),
            points=len(inside),
            levels={voice: dict(found) for voice, found in counts.items()},
            contradicting=sum(1 for point in inside if point.disagreement == Disagreement.CONTRADICTS),
        )


def _tagged(session: Session, review_id: int) -> list[tuple[Theme, list[int]]]:
    """The topics, then the headings of the review, in the order of their vocabularies."""
    found = select(Theme, RecommendationTheme.recommendation_id)
    found = found.join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
    found = found.join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
    found = found.where(Recommendation.review_id == review_id)
    by_theme: dict[Theme, list[int]] = {}
    for theme, recommendation_id in session.execute(found.order_by(Theme.order, Theme.id)):
        by_theme.setdefault(theme, []).append(recommendation_id)
    tagged = [(theme.scheme, (theme, inside)) for theme, inside in by_theme.items()]
    return themes.topics(tagged) + themes.headings(tagged)
