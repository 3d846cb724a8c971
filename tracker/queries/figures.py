"""The figures of a review: what each voice says of its points, by heading and by topic, each with its "of"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.levels import Disagreement, Distribution, ShownLevel, Voice
from tracker.models.recommendations import (
    Recommendation,
    RecommendationKind,
    RecommendationTheme,
    words_of_kinds,
)
from tracker.models.themes import Theme
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import visible_assessments
from tracker.policy.reviews import visible_recommendations
from tracker.policy.updates import visible_updates
from tracker.queries import themes
from tracker.queries.levels import (
    Comparison,
    PointLevels,
    RecommendationLevels,
    compare,
    distribution,
    list_levels,
)
from tracker.queries.recommendations.facets import filter_of


@dataclass(frozen=True)
class RetiredPoints:
    """Points that are no longer followed up: every figure leaves them out and says so. `with_entries`: those of them on
    which something is published."""

    total: int = 0
    with_entries: int = 0


@dataclass(frozen=True)
class PointFigures:
    """Some points, in their order: of a review, a heading, a topic or an organisation."""

    points: tuple[PointLevels, ...]

    @property
    def total(self) -> int:
        return len(self.points)

    def of(self, voice: Voice) -> Distribution:
        return distribution(self.points, voice)

    def count(self, voice: Voice, shown: ShownLevel) -> int:
        return self.of(voice).counts.get(shown, 0)

    @property
    def comparison(self) -> Comparison:
        return compare(self.points)

    @property
    def with_independent(self) -> int:
        """Points on which a voice other than the State has an entry."""
        return sum(1 for point in self.points if any(each.voice != Voice.STATE for each in point.said))

    @property
    def voices(self) -> list[Voice]:
        """The State and civil society always, the others where they speak."""
        spoken = {each.voice for point in self.points for each in point.said}
        return [voice for voice in Voice if voice in spoken or voice in (Voice.STATE, Voice.CIVIL_SOCIETY)]


@dataclass(frozen=True)
class ThemeFigures(PointFigures):
    """Points under one heading or topic. `facet` and `code` are the filter that shows them."""

    facet: str
    code: str
    label: str
    section: str | None
    recommendations: int


@dataclass(frozen=True)
class Figures(PointFigures):
    """Of a review. A point under two headings counts under both, once in the review. `retired`: points that no figure
    counts any more, and on how many of them something was said."""

    recommendations: int
    kinds: dict[RecommendationKind, int]
    topics: tuple[ThemeFigures, ...]
    headings: tuple[ThemeFigures, ...]
    newest_entry_at: datetime | None
    retired: int
    retired_with_entries: int

    @property
    def words_of_kinds(self) -> str:
        return words_of_kinds(self.kinds)

    @property
    def widest(self) -> list[PointLevels]:
        """The points that contradict, the widest gap first, else in their order."""
        found = [point for point in self.points if point.disagreement == Disagreement.CONTRADICTS]
        return sorted(found, key=lambda point: -(point.steps_apart or 0))


def get_figures(session: Session, actor: Actor, review_id: int) -> Figures:
    inside = and_(Recommendation.review_id == review_id, visible_recommendations(actor))
    levels = list_levels(session, actor, Recommendation.review_id == review_id)
    order = session.execute(
        select(Recommendation.id, Recommendation.kind).where(inside).order_by(Recommendation.order)
    ).all()
    kinds = [row.kind for row in order]
    by_theme = _list_theme_figures(session, actor, review_id, levels)
    retired = count_retired(session, actor, review_id)
    return Figures(
        points=gather(levels, (row.id for row in order)),
        recommendations=len(order),
        kinds={kind: kinds.count(kind) for kind in RecommendationKind if kind in kinds},
        topics=tuple(figures for figures in by_theme if figures.facet == "topic"),
        headings=tuple(figures for figures in by_theme if figures.facet == "theme"),
        newest_entry_at=session.scalar(select(func.max(Recommendation.newest_entry_at)).where(inside)),
        retired=retired.total,
        retired_with_entries=retired.with_entries,
    )


def count_retired(session: Session, actor: Actor, review_id: int) -> RetiredPoints:
    """Those of a review."""
    updated = exists().where(
        ProgressUpdate.action_point_id == ActionPoint.id,
        ProgressUpdate.state == UpdateState.PUBLISHED,
        visible_updates(actor),
    )
    assessed = exists().where(
        Assessment.action_point_id == ActionPoint.id,
        Assessment.published_at.is_not(None),
        visible_assessments(actor),
    )
    has_entries = case((or_(updated, assessed), 1), else_=0)
    query = (
        select(func.count(), func.sum(has_entries))
        .select_from(ActionPoint)
        .join(Recommendation, Recommendation.id == ActionPoint.recommendation_id)
        .where(Recommendation.review_id == review_id, visible_recommendations(actor))
        .where(ActionPoint.retired_at.is_not(None))
    )
    total, with_entries = session.execute(query).one()
    return RetiredPoints(total, with_entries or 0)


def gather(levels: dict[int, RecommendationLevels], ids: Iterable[int]) -> tuple[PointLevels, ...]:
    """The open points of these recommendations, in their order."""
    return tuple(point for each in ids if each in levels for point in levels[each].points)


def _list_theme_figures(
    session: Session, actor: Actor, review_id: int, levels: dict[int, RecommendationLevels]
) -> list[ThemeFigures]:
    """The topics, then the headings of the review, in the order of their vocabularies."""
    query = (
        select(Theme, Recommendation.id)
        .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
        .join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
        .where(Recommendation.review_id == review_id, visible_recommendations(actor))
        .order_by(Theme.order, Theme.id, Recommendation.order)
    )
    tagged: dict[int, tuple[Theme, list[int]]] = {}
    for theme, recommendation_id in session.execute(query):
        tagged.setdefault(theme.id, (theme, []))[1].append(recommendation_id)
    by_scheme = [(theme.scheme, (theme, ids)) for theme, ids in tagged.values()]
    return [
        _theme_figures(theme, ids, levels)
        for theme, ids in themes.topics(by_scheme) + themes.headings(by_scheme)
    ]


def _theme_figures(theme: Theme, ids: Sequence[int], levels: dict[int, RecommendationLevels]) -> ThemeFigures:
    facet, value = filter_of(theme.scheme, theme.code)
    return ThemeFigures(
        points=gather(levels, ids),
        facet=facet,
        code=value,
        label=theme.label,
        section=theme.section,
        recommendations=len(ids),
    )
