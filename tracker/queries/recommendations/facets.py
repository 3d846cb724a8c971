"""The filters of the list: each is one select of (recommendation, value) pairs.

The same select makes the condition of the SQL list and the counts beside the options, so that they
cannot disagree. Counts of one review come from an index of bit sets, one bit a recommendation.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.language import fold, fold_ref, gettext, mark
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import Assignment
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import CONTRADICTS_FROM, Disagreement, ShownLevel, Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationKind,
    RecommendationSdgGoal,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.sdg_targets import SdgTarget
from tracker.models.themes import Group, Scheme, Theme
from tracker.models.translations import ActionPointTranslation, RecommendationTranslation
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries.recommendations.theme_values import has_theme, heading_pairs, theme_pairs

Pairs = Select[Any, Any]
ESCAPE = "/"
_InnerRecommendation = aliased(Recommendation)
"""With a name of its own, so that the pairs can be a subquery of a select of `Recommendation`."""


class Sort(StrEnum):
    """The order of the list. Among equals, and by default: newest review first, then the order of its source."""

    ORDER = "order"
    NEWEST = "newest"
    DISAGREEMENT = "disagreement"

    @property
    def label(self) -> str:
        return gettext(SORT_LABELS[self])


SORT_LABELS: dict[str, str] = {
    "order": mark("Order of the source"),
    "newest": mark("Newest entry"),
    "disagreement": mark("Widest disagreement"),
}


@dataclass(frozen=True)
class Filter:
    """What the reader asked for: one value a facet, the voice that `level` speaks of, words, and the order."""

    values: Mapping[str, str] = field(default_factory=dict)
    voice: Voice = Voice.STATE
    words: str = ""
    sort: Sort = Sort.ORDER

    @property
    def folded(self) -> list[str]:
        """Each word. One with a digit may be a ref: it loses the dot or slash that stands behind it."""
        words = fold(self.words).split()
        return [fold_ref(word) if any(map(str.isdecimal, word)) else word for word in words]


def _themes(_voice: Voice) -> Pairs:
    return theme_pairs()


def _headings(_voice: Voice) -> Pairs:
    """Those of the letter are in `_themes` alone: it has no other themes."""
    return heading_pairs()


def _topics(_voice: Voice) -> Pairs:
    tagged = select(RecommendationTheme.recommendation_id.label("id"), Theme.code.label("value"))
    return tagged.join(Theme, Theme.id == RecommendationTheme.theme_id).where(Theme.scheme == Scheme.TOPIC)


def _groups(_voice: Voice) -> Pairs:
    tagged = select(RecommendationGroup.recommendation_id.label("id"), Group.code.label("value"))
    return tagged.join(Group, Group.id == RecommendationGroup.group_id)


def _goals(_voice: Voice) -> Pairs:
    """Goals of which a target is named, and goals that are named without one."""
    target = SdgTarget.code == RecommendationSdgTarget.sdg_target_code
    aimed = select(RecommendationSdgTarget.recommendation_id, SdgTarget.goal_code).join(SdgTarget, target)
    named = select(RecommendationSdgGoal.recommendation_id, RecommendationSdgGoal.sdg_goal_code)
    pairs = union(aimed, named).subquery()
    recommendation_id, goal = pairs.columns
    return select(recommendation_id.label("id"), goal.label("value"))


def _kinds(_voice: Voice) -> Pairs:
    return select(_InnerRecommendation.id.label("id"), _InnerRecommendation.kind.label("value"))


def _positions(_voice: Voice) -> Pairs:
    given = select(_InnerRecommendation.id.label("id"), _InnerRecommendation.position.label("value"))
    return given.where(_InnerRecommendation.position.is_not(None))


def _levels(voice: Voice) -> Pairs:
    """Every pair of the three selects below."""
    pairs = union_all(_given_levels(voice).distinct(), _ranges(voice), _silent(voice)).subquery()
    return select(pairs.c.id, pairs.c.value)


def _level(voice: Voice, value: str) -> Pairs:
    """The pairs of these that have the value. The column is compared with the level, not with a computed word: only so
    the database uses its index."""
    match value:
        case ShownLevel.MIXED:
            return _ranges(voice)
        case ShownLevel.NO_ENTRY:
            return _silent(voice)
        case ShownLevel.NO_LEVEL:
            return _given_levels(voice).where(CurrentEntry.level.is_(None))
    return _given_levels(voice).where(type_coerce(CurrentEntry.level, String) == value)


def _can_find(voice: Voice, level: str) -> bool:
    """The State has one entry a point, so it forms no range; every other entry has a level."""
    return level != (ShownLevel.MIXED if voice == Voice.STATE else ShownLevel.NO_LEVEL)


def _given_levels(voice: Voice) -> Pairs:
    """A level that an organisation of the voice gives to an open point or to the whole."""
    level = func.coalesce(type_coerce(CurrentEntry.level, String), ShownLevel.NO_LEVEL.value)
    given = select(CurrentEntry.recommendation_id.label("id"), level.label("value"))
    return _of_open_points(given).where(CurrentEntry.voice == voice)


def _ranges(voice: Voice) -> Pairs:
    """An open point to which organisations of the voice give different levels. Few points have several, so only these
    are asked whether they are open."""
    mixed: Any = literal_column(f"'{ShownLevel.MIXED}'")
    given = select(CurrentEntry.recommendation_id.label("id"), mixed.label("value"))
    several = func.min(CurrentEntry.level) < func.max(CurrentEntry.level)
    is_open = select(ActionPoint.id).where(
        ActionPoint.id == CurrentEntry.action_point_id, ActionPoint.retired_at.is_(None)
    )
    points = given.where(CurrentEntry.voice == voice, CurrentEntry.action_point_id.is_not(None))
    points = points.group_by(CurrentEntry.recommendation_id, CurrentEntry.action_point_id)
    return points.having(several, is_open.exists())


def _of_open_points(query: Pairs) -> Pairs:
    """Entries on points that are not retired, and those on whole recommendations."""
    query = query.outerjoin(ActionPoint, ActionPoint.id == CurrentEntry.action_point_id)
    return query.where(ActionPoint.retired_at.is_(None))


def _silent(voice: Voice) -> Pairs:
    """The voice has no entry on any open point, nor on the whole."""
    no_entry: Any = literal_column(f"'{ShownLevel.NO_ENTRY}'")
    spoken = _of_open_points(select(CurrentEntry.recommendation_id, CurrentEntry.voice)).where(
        CurrentEntry.voice == voice, CurrentEntry.recommendation_id == _InnerRecommendation.id
    )
    return select(_InnerRecommendation.id.label("id"), no_entry.label("value")).where(~spoken.exists())


def _disagreements(_voice: Voice) -> Pairs:
    """Of open points on which the State and another voice both give a level."""
    steps = ActionPoint.steps_apart
    value = case(
        (steps >= CONTRADICTS_FROM, literal_column(f"'{Disagreement.CONTRADICTS}'")),
        (steps > 0, literal_column(f"'{Disagreement.DIFFERS}'")),
        else_=literal_column(f"'{Disagreement.AGREE}'"),
    )
    points = select(ActionPoint.recommendation_id.label("id"), value.label("value"))
    return points.where(steps.is_not(None), ActionPoint.retired_at.is_(None)).distinct()


def _organisations(_voice: Voice) -> Pairs:
    given = select(Assignment.recommendation_id.label("id"), Organisation.key.label("value"))
    return given.join(Organisation, Organisation.id == Assignment.organisation_id).where(
        Assignment.to_on.is_(None)
    )


def _states(_voice: Voice) -> Pairs:
    return select(
        RecommendingState.recommendation_id.label("id"), RecommendingState.state_code.label("value")
    )


FACETS: dict[str, Callable[[Voice], Pairs]] = {
    "topic": _topics,
    "heading": _headings,
    "theme": _themes,
    "level": _levels,
    "disagreement": _disagreements,
    "organisation": _organisations,
    "group": _groups,
    "sdg": _goals,
    "kind": _kinds,
    "position": _positions,
    "state": _states,
}


def conditions(filter_: Filter, *, at_once: bool = False) -> list[ColumnElement[bool]]:
    """A filter as conditions on `Recommendation`: one for each word and one for each facet.

    `at_once`: the database reads all recommendations with a level together. This suits a count, and a filter that finds
    few. Otherwise it asks one row after the other, which suits a page of many: it ends where the page is full."""
    return [
        *_contains_words(filter_),
        *(_has(name, value, filter_.voice, at_once) for name, value in filter_.values.items()),
    ]


def _has(name: str, value: str, voice: Voice, at_once: bool) -> ColumnElement[bool]:
    """Does the recommendation have that value of the facet?"""
    if name == "level":
        return _has_level(value, voice, at_once)
    if name == "theme":
        return has_theme(Recommendation.id, value)
    pairs = FACETS[name](voice)
    recommendation_id, facet_value = pairs.selected_columns
    return pairs.where(recommendation_id == Recommendation.id, facet_value == value).exists()


def _has_level(value: str, voice: Voice, at_once: bool) -> ColumnElement[bool]:
    if not _can_find(voice, value):
        return false()
    pairs = _level(voice, value)
    recommendation_id = pairs.selected_columns.id
    if at_once:
        return Recommendation.id.in_(pairs.with_only_columns(recommendation_id))
    return pairs.where(recommendation_id == Recommendation.id).exists()


def _contains_words(filter_: Filter) -> list[ColumnElement[bool]]:
    """Each word stands in the recommendation or in one of its open points, in any language. Signs that LIKE would read
    as wildcards are escaped."""
    escaped = (re.sub(r"([%_/])", rf"{ESCAPE}\1", word) for word in filter_.folded)
    return [_contains(f"%{word}%") for word in escaped]


def _contains(pattern: str) -> ColumnElement[bool]:
    """In the authentic texts or in a translation of them, whichever language the reader's is. A count of 20,000
    recommendations takes 35 ms of CPU instead of 25, and 75 with translations of all (SQLite); of one review 1.4."""

    def has(column: Any) -> ColumnElement[bool]:
        return column.like(pattern, escape=ESCAPE)  # type: ignore[no-any-return]

    translated = select(RecommendationTranslation.id).where(
        RecommendationTranslation.recommendation_id == Recommendation.id,
        has(RecommendationTranslation.search_text),
    )
    translated_point = select(ActionPointTranslation.id).where(
        ActionPointTranslation.action_point_id == ActionPoint.id, has(ActionPointTranslation.search_text)
    )
    points = select(ActionPoint.id).where(
        ActionPoint.recommendation_id == Recommendation.id, ActionPoint.retired_at.is_(None)
    )
    in_a_point = points.where(or_(has(ActionPoint.search_text), translated_point.exists()))
    return or_(has(Recommendation.search_text), translated.exists(), in_a_point.exists())


@dataclass
class FacetIndex:
    """Bit sets over the recommendations of one review: `values[facet][value]`, bit n = `positions[id]`."""

    everything: int
    positions: dict[int, int]
    values: dict[str, dict[str, int]]

    def matching(self, session: Session, filter_: Filter, review_id: int) -> dict[str, int]:
        """The bit set of each part of the filter: a facet's name, or `words`."""
        parts = {}
        for name, value in filter_.values.items():
            parts[name] = self.values[_slot(name, filter_.voice)].get(value, 0)
        if filter_.words:
            inside = select(Recommendation.id).where(Recommendation.review_id == review_id)
            parts["words"] = self._bits(session.scalars(inside.where(*_contains_words(filter_))))
        return parts

    @property
    def has_entries(self) -> bool:
        """Does a voice say anything?"""
        levels = [self.values[_slot("level", voice)] for voice in Voice]
        return any(value != ShownLevel.NO_ENTRY for of_voice in levels for value in of_voice)

    def total(self, parts: Mapping[str, int]) -> int:
        return self._intersection(parts, leaving_out=None).bit_count()

    def count_kinds(self, parts: Mapping[str, int]) -> dict[RecommendationKind, int]:
        """The recommendations found, by kind."""
        whole = self._intersection(parts, leaving_out=None)
        found = {kind: (self.values["kind"].get(kind, 0) & whole).bit_count() for kind in RecommendationKind}
        return {kind: number for kind, number in found.items() if number}

    def counts(self, parts: Mapping[str, int], voice: Voice) -> dict[str, dict[str, int]]:
        """For each option the number of recommendations that choosing it would show; the rest of the filter stays."""
        counts = {}
        whole = self._intersection(parts, leaving_out=None)
        for name in FACETS:
            others = self._intersection(parts, leaving_out=name) if name in parts else whole
            options = self.values[_slot(name, voice)]
            counts[name] = {value: (bits & others).bit_count() for value, bits in options.items()}
        return counts

    def _intersection(self, parts: Mapping[str, int], leaving_out: str | None) -> int:
        bits = self.everything
        for name, part in parts.items():
            if name != leaving_out:
                bits &= part
        return bits

    def _bits(self, ids: Any) -> int:
        bits = 0
        for recommendation_id in ids:
            place = self.positions.get(recommendation_id)
            bits |= 0 if place is None else 1 << place
        return bits


def _slot(name: str, voice: Voice) -> str:
    return f"level:{voice}" if name == "level" else name


def read_index(session: Session, actor: Actor, review_id: int) -> FacetIndex:
    """Reads all pairs of one review: a dozen selects."""
    inside = select(Recommendation.id).where(
        Recommendation.review_id == review_id,
        Recommendation.retired_at.is_(None),
        visible_recommendations(actor),
    )
    ids = session.scalars(inside.order_by(Recommendation.order)).all()
    positions = {recommendation_id: place for place, recommendation_id in enumerate(ids)}
    values: dict[str, dict[str, int]] = {}
    for name, facet in FACETS.items():
        for voice in Voice if name == "level" else (Voice.STATE,):
            pairs = facet(voice)
            bits = values.setdefault(_slot(name, voice), {})
            for recommendation_id, value in session.execute(
                pairs.where(pairs.selected_columns.id.in_(inside))
            ):
                if recommendation_id in positions:
                    bits[str(value)] = bits.get(str(value), 0) | 1 << positions[recommendation_id]
    return FacetIndex((1 << len(ids)) - 1, positions, values)
