"""The filters of the list: each is one select of (recommendation, value) pairs.

The same select makes the condition of the SQL list and the counts beside the options, so that they
cannot disagree. Counts of one review come from an index of bit sets, one bit a recommendation, which is
kept in memory until the review's `figures_version` moves.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from tracker.language import fold
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.assignments import Assignment
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.sdg_targets import SdgTarget
from tracker.models.themes import Group, Scheme, Theme

Pairs = Select[Any, Any]
OHCHR_PREFIX = "ohchr-"
ESCAPE = "/"
Shape = tuple[tuple[str, ...], Voice, int]
"""What decides the statement of a filter: its facets, their voice, how many words. The values are bound."""
_Bearer = aliased(Recommendation)  # so that a condition on the list's own rows can stand around it


@dataclass(frozen=True)
class Filter:
    """What the reader asked for: one value a facet, the voice that `level` speaks of, and words."""

    values: Mapping[str, str] = field(default_factory=dict)
    voice: Voice = Voice.STATE
    words: str = ""

    @property
    def shape(self) -> "Shape":
        return tuple(self.values), self.voice, len(self.folded)

    @property
    def folded(self) -> list[str]:
        return fold(self.words).split()


def _themes(_voice: Voice) -> Pairs:
    value = case((Theme.scheme == Scheme.LETTER, Theme.code), else_=OHCHR_PREFIX + Theme.code)
    tagged = select(RecommendationTheme.recommendation_id.label("id"), value.label("value"))
    return tagged.join(Theme, Theme.id == RecommendationTheme.theme_id).where(Theme.scheme != Scheme.TOPIC)


def _topics(_voice: Voice) -> Pairs:
    tagged = select(RecommendationTheme.recommendation_id.label("id"), Theme.code.label("value"))
    return tagged.join(Theme, Theme.id == RecommendationTheme.theme_id).where(Theme.scheme == Scheme.TOPIC)


def filter_of(scheme: Scheme, code: str) -> tuple[str, str]:
    """The facet and the value that find what bears a theme or topic."""
    if scheme == Scheme.TOPIC:
        return "topic", code
    return "theme", OHCHR_PREFIX + code if scheme == Scheme.OHCHR else code


def _groups(_voice: Voice) -> Pairs:
    tagged = select(RecommendationGroup.recommendation_id.label("id"), Group.code.label("value"))
    return tagged.join(Group, Group.id == RecommendationGroup.group_id)


def _goals(_voice: Voice) -> Pairs:
    target = SdgTarget.code == RecommendationSdgTarget.sdg_target_code
    tagged = select(RecommendationSdgTarget.recommendation_id.label("id"), SdgTarget.goal_code.label("value"))
    return tagged.join(SdgTarget, target).distinct()


def _kinds(_voice: Voice) -> Pairs:
    return select(_Bearer.id.label("id"), _Bearer.kind.label("value"))


def _positions(_voice: Voice) -> Pairs:
    given = select(_Bearer.id.label("id"), _Bearer.position.label("value"))
    return given.where(_Bearer.position.is_not(None))


def _levels(voice: Voice) -> Pairs:
    said = and_(PointLevel.action_point_id == ActionPoint.id, PointLevel.voice == voice)
    level = func.coalesce(PointLevel.level, literal_column(f"'{ShownLevel.NOT_ASSESSED}'"))
    points = select(ActionPoint.recommendation_id.label("id"), level.label("value"))
    return points.outerjoin(PointLevel, said).where(ActionPoint.retired_at.is_(None)).distinct()


def _disagreements(_voice: Voice) -> Pairs:
    points = select(ActionPoint.recommendation_id.label("id"), ActionPoint.disagreement.label("value"))
    is_any = ActionPoint.disagreement != Disagreement.NONE
    return points.where(is_any, ActionPoint.retired_at.is_(None)).distinct()


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


@lru_cache
def _pairs(name: str, voice: Voice) -> Pairs:
    """Built once: putting the statement together takes longer than running it."""
    return FACETS[name](voice)


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """A filter as conditions on `Recommendation`, one a facet and one a word; `values_of` has their values."""
    names, voice, words = shape
    found = _words(words)
    for name in names:
        pairs = _pairs(name, voice)
        bearer, said = pairs.selected_columns
        # Asked for each row of the page: a set of all bearers would be made anew for each page of 25.
        found.append(pairs.where(bearer == Recommendation.id, said == bindparam(f"wanted_{name}")).exists())
    return found


def values_of(wanted: Filter) -> dict[str, str]:
    """What `conditions` has open: a name for each facet, one for each word."""
    given = {f"wanted_{name}": value for name, value in wanted.values.items()}
    return given | _patterns(wanted)


def _words(many: int) -> list[ColumnElement[bool]]:
    """Each word stands in the recommendation or in one of its open points."""
    spoken = (bindparam(f"word_{number}", type_=String) for number in range(many))
    return [
        or_(Recommendation.search_text.like(word, escape=ESCAPE), _is_in_a_point(word)) for word in spoken
    ]


def _is_in_a_point(word: ColumnElement[str]) -> ColumnElement[bool]:
    points = select(ActionPoint.id).where(ActionPoint.recommendation_id == Recommendation.id)
    said = ActionPoint.search_text.like(word, escape=ESCAPE)
    return points.where(ActionPoint.retired_at.is_(None), said).exists()


def _patterns(wanted: Filter) -> dict[str, str]:
    """Each word as a pattern of LIKE, in which its own signs mean themselves."""
    escaped = (re.sub(r"([%_/])", rf"{ESCAPE}\1", word) for word in wanted.folded)
    return {f"word_{number}": f"%{word}%" for number, word in enumerate(escaped)}


@dataclass
class FacetIndex:
    """Bit sets over the recommendations of one review: `values[facet][value]`, bit n = `positions[id]`."""

    everything: int
    positions: dict[int, int]
    values: dict[str, dict[str, int]]

    def matching(self, session: Session, wanted: Filter, review_id: int) -> dict[str, int]:
        """The bit set of each part of the filter: a facet's name, or `words`."""
        parts = {}
        for name, value in wanted.values.items():
            parts[name] = self.values[_slot(name, wanted.voice)].get(value, 0)
        if wanted.words:
            inside = select(Recommendation.id).where(Recommendation.review_id == review_id)
            ids = session.scalars(inside.where(*_words(len(wanted.folded))), _patterns(wanted))
            parts["words"] = self._bits(ids)
        return parts

    def total(self, parts: Mapping[str, int]) -> int:
        return self._intersection(parts, leaving_out=None).bit_count()

    def counts(self, parts: Mapping[str, int], voice: Voice) -> dict[str, dict[str, int]]:
        """For each option the number that choosing it would show, the other parts of the filter kept."""
        found = {}
        whole = self._intersection(parts, leaving_out=None)
        for name in FACETS:
            others = self._intersection(parts, leaving_out=name) if name in parts else whole
            options = self.values[_slot(name, voice)]
            found[name] = {value: (bits & others).bit_count() for value, bits in options.items()}
        return found

    def _intersection(self, parts: Mapping[str, int], leaving_out: str | None) -> int:
        bits = self.everything
        for name, part in parts.items():
            if name != leaving_out:
                bits &= part
        return bits

    def _bits(self, ids: Any) -> int:
        bits = 0
        for found in ids:
            bits |= 1 << self.positions[found] if found in self.positions else 0
        return bits


def _slot(name: str, voice: Voice) -> str:
    return f"level:{voice}" if name == "level" else name


def read_index(session: Session, review_id: int) -> FacetIndex:
    """Reads the pairs of one review: a dozen selects, done once per change."""
    inside = select(Recommendation.id).where(Recommendation.review_id == review_id)
    ids = session.scalars(inside.order_by(Recommendation.order)).all()
    positions = {found: place for place, found in enumerate(ids)}
    values: dict[str, dict[str, int]] = {}
    for name in FACETS:
        for voice in Voice if name == "level" else (Voice.STATE,):
            pairs = _pairs(name, voice)
            bits = values.setdefault(_slot(name, voice), {})
            for found, value in session.execute(pairs.where(pairs.selected_columns.id.in_(inside))):
                if found in positions:
                    bits[str(value)] = bits.get(str(value), 0) | 1 << positions[found]
    return FacetIndex((1 << len(ids)) - 1, positions, values)
