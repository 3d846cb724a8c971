"""The figures of a review: what each voice says of its points, by heading and by topic, each with its "of"."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
from tracker.queries.recommendations.theme_values import filter_of
from tracker.queries.translations import shown_title


@dataclass(frozen=True)
class RetiredPoints:
    """Points that are no longer followed up: every figure leaves them out and says so. `with_entries`: those of them on
    which something is published. `recommendations`: refs and short titles of those that are retired as a whole."""

    total: int = 0
    with_entries: int = 0
    recommendations: tuple[tuple[str, str], ...] = ()


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
    counts any more, and on how many of them something was said; with the refs and titles of recommendations that are
    retired as a whole. `first_ref`: of its first recommendation, empty where it has none."""

    recommendations: int
    kinds: dict[RecommendationKind, int]
    topics: tuple[ThemeFigures, ...]
    headings: tuple[ThemeFigures, ...]
    newest_entry_at: datetime | None
    retired: int
    retired_with_entries: int
    retired_recommendations: tuple[tuple[str, str], ...]
    first_ref: str

    @property
    def words_of_kinds(self) -> str:
        return words_of_kinds(self.kinds)

    @property
    def widest(self) -> list[PointLevels]:
        """The points that contradict, the widest gap first, else in their order."""
        found = [point for point in self.points if point.disagreement == Disagreement.CONTRADICTS]
        return sorted(found, key=lambda point: -(point.steps_apart or 0))


def get_figures(session: Session, actor: Actor, review_id: int) -> Figures:
    of_review = and_(Recommendation.review_id == review_id, visible_recommendations(actor))
    inside = and_(of_review, Recommendation.retired_at.is_(None))
    levels = list_levels(session, actor, Recommendation.review_id == review_id)
    order = session.execute(
        select(Recommendation.id, Recommendation.ref, Recommendation.kind)
        .where(inside)
        .order_by(Recommendation.order)
    ).all()
    kinds = [row.kind for row in order]
    by_theme = _list_theme_figures(session, actor, review_id, levels)
    retired = count_retired(session, actor, review_id)
    return Figures(
        points=gather(levels, (row.id for row in order)),
        recommendations=len(order),
        kinds={kind: kinds.count(kind) for kind in RecommendationKind if kind in kinds},
        topics=tuple(figures for figures in by_theme if figures.facet == "topic"),
        headings=tuple(figures for figures in by_theme if figures.facet != "topic"),
        newest_entry_at=session.scalar(select(func.max(Recommendation.newest_entry_at)).where(of_review)),
        retired=retired.total,
        retired_with_entries=retired.with_entries,
        retired_recommendations=retired.recommendations,
        first_ref=order[0].ref if order else "",
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
    whole = select(Recommendation.ref, shown_title()).where(
        Recommendation.review_id == review_id,
        visible_recommendations(actor),
        Recommendation.retired_at.is_not(None),
    )
    rows = session.execute(whole.order_by(Recommendation.order))
    return RetiredPoints(total, with_entries or 0, tuple((row.ref, row.short_title) for row in rows))


def gather(levels: dict[int, RecommendationLevels], ids: Iterable[int]) -> tuple[PointLevels, ...]:
    """The open points of these recommendations, in their order."""
    return tuple(point for each in ids if each in levels for point in levels[each].points)


def _list_theme_figures(
    session: Session, actor: Actor, review_id: int, levels: dict[int, RecommendationLevels]
) -> list[ThemeFigures]:
    """The topics in the order of their vocabulary, then the headings in that of the source: by the first recommendation
    under each."""
    query = (
        select(Theme, Recommendation.id, Recommendation.order, RecommendationTheme.is_heading)
        .join(RecommendationTheme, RecommendationTheme.theme_id == Theme.id)
        .join(Recommendation, Recommendation.id == RecommendationTheme.recommendation_id)
        .where(Recommendation.review_id == review_id, visible_recommendations(actor))
        .where(Recommendation.retired_at.is_(None))
        .order_by(Theme.order, Theme.id, Recommendation.order)
    )
    rows = session.execute(query).all()
    tagged: dict[int, list[themes.Tagged[Theme]]] = defaultdict(list)
    for row in rows:
        tagged[row.id].append(themes.Tagged(row.Theme.scheme, row.is_heading, row.Theme))
    topics = _by_theme([row for row in rows if row.Theme in themes.topics(tagged[row.id])])
    headings = _by_theme([row for row in rows if row.Theme in themes.headings(tagged[row.id])])
    headings.sort(key=lambda of_theme: of_theme[0].order)
    return [_theme_figures(of_theme, levels) for of_theme in (*topics, *headings)]


def _by_theme(rows: Sequence[Any]) -> list[list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.Theme.id, []).append(row)
    return list(grouped.values())


def _theme_figures(rows: Sequence[Any], levels: dict[int, RecommendationLevels]) -> ThemeFigures:
    """Of the recommendations under one theme, each with whether that is its heading."""
    theme, ids = rows[0].Theme, [row.id for row in rows]
    facet, value = filter_of(theme.scheme, theme.code, is_heading=all(row.is_heading for row in rows))
    return ThemeFigures(
        points=gather(levels, ids),
        facet=facet,
        code=value,
        label=theme.name,
        section=theme.section,
        recommendations=len(ids),
    )
