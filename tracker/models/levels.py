"""Levels of implementation and the pure rules about them: what a voice says, how far two levels are apart, counts.

docs/rules.md, "Levels", explains them. Nothing here touches a database: codes go in, codes come out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker import level_words
from tracker.codes import DEFINITIONS as DEFINITIONS
from tracker.codes import LABELS as LABELS
from tracker.codes import PLACES as PLACES
from tracker.codes import Level as Level
from tracker.language import gettext, mark, ngettext


class ShownLevel(StrEnum):
    """What a voice says of a point, as a strip, a bar or a table shows it: the levels, `mixed` (its organisations give
    different ones), an entry without a level (a supporting ministry's) and the absence of an entry."""

    FULLY_IMPLEMENTED = "fully_implemented"
    PARTIALLY_IMPLEMENTED = "partially_implemented"
    PLANNED = "planned"
    MIXED = "mixed"
    NOT_IMPLEMENTED = "not_implemented"
    REGRESSED = "regressed"
    OVERTAKEN = "overtaken"
    NO_INFORMATION = "no_information"
    NO_LEVEL = "no_level"
    NO_ENTRY = "no_entry"

    @property
    def label(self) -> str:
        return gettext(LABELS[self])


class Voice(StrEnum):
    """Separate series: nothing adds them up."""

    STATE = "state"
    CIVIL_SOCIETY = "civil_society"
    NHRI = "nhri"
    UN = "un"

    @property
    def label(self) -> str:
        return gettext(VOICE_LABELS[self])


class Disagreement(StrEnum):
    """How the level of the State and that of another organisation compare."""

    AGREE = "agree"
    DIFFERS = "differs"
    CONTRADICTS = "contradicts"

    @property
    def label(self) -> str:
        return gettext(DISAGREEMENT_LABELS[self])


VOICE_LABELS: dict[str, str] = {
    "state": mark("State"),
    "civil_society": mark("Civil society"),
    "nhri": mark("NHRI"),
    "un": mark("UN"),
}
DISAGREEMENT_LABELS: dict[str, str] = {
    "agree": mark("Agree"),
    "differs": mark("Differ"),
    "contradicts": mark("Contradict"),
}
CONTRADICTS_FROM = 2
"""Steps on the scale."""


def steps_apart(state: Level, other: Level) -> int:
    """How far the level of another organisation is from the State's: 0 the same, 1 differs, 2 to 4 contradicts.

    Where one of them has no place on the scale: 1, but 2 against *regressed*. Two different ones without a place: 1.
    """
    if state == other:
        return 0
    if state.place is not None and other.place is not None:
        return abs(state.place - other.place)
    return CONTRADICTS_FROM if Level.REGRESSED in (state, other) else 1


def disagreement(steps: int | None) -> Disagreement | None:
    """None where not both give a level."""
    if steps is None:
        return None
    if steps >= CONTRADICTS_FROM:
        return Disagreement.CONTRADICTS
    return Disagreement.DIFFERS if steps else Disagreement.AGREE


def is_self_assessment(voice: Voice | None, is_about_nhri: bool) -> bool:
    """Whether the voice speaks of itself. `is_about_nhri`: the recommendation is about the institution."""
    return is_about_nhri and voice == Voice.NHRI


@dataclass(frozen=True)
class VoiceLevels:
    """What one voice says of one point: the level of each of its organisations that has a current entry, None for an
    entry without a level. Without any: the voice has no entry."""

    given: tuple[Level | None, ...] = ()

    @property
    def organisations(self) -> int:
        return len(self.given)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The different levels: those on the scale from the highest to the lowest, then the others."""
        given = {level for level in self.given if level is not None}
        return tuple(sorted(given, key=lambda level: (-(level.place or 0), level)))

    @property
    def shown(self) -> ShownLevel:
        if not self.given:
            return ShownLevel.NO_ENTRY
        if not self.levels:
            return ShownLevel.NO_LEVEL
        return ShownLevel(self.levels[0].value) if len(self.levels) == 1 else ShownLevel.MIXED

    @property
    def range(self) -> tuple[Level, Level] | None:
        """The lowest and the highest level on the scale, where they differ. Nobody gave what lies between."""
        placed = [level for level in self.levels if level.place is not None]
        return (placed[-1], placed[0]) if len(placed) > 1 else None

    @property
    def besides(self) -> tuple[Level, ...]:
        """The levels that are listed after the range, because they have no place on the scale."""
        return tuple(level for level in self.levels if level.place is None) if self.range else ()

    @property
    def codes(self) -> tuple[str, ...]:
        """As pictures take them: the levels, or `no_level`; empty without an entry."""
        if self.given and not self.levels:
            return (ShownLevel.NO_LEVEL.value,)
        return tuple(level.value for level in self.levels)

    @property
    def label(self) -> str:
        """“Planned”, or “Regressed to Partially implemented, 2 organisations”."""
        if self.shown != ShownLevel.MIXED:
            return self.shown.label
        if self.range is None:
            words = [level.label for level in self.levels]
        else:
            low, high = self.range
            both = gettext("%(low)s to %(high)s", low=low.label, high=high.label)
            words = [both, *(level.label for level in self.besides)]
        count = ngettext("%(num)s organisation", "%(num)s organisations", self.organisations)
        return ", ".join([*words, count])


@dataclass(frozen=True)
class WholeLevel:
    """The level that an organisation gives to a whole recommendation."""

    organisation: str
    level: Level
    is_self_assessment: bool = False

    @property
    def words(self) -> str:
        """“regressed, Second Page Coalition”, as in a sentence."""
        return self._signed(level_words.level_word(self.level.value))

    @property
    def label(self) -> str:
        """“Regressed, Second Page Coalition”."""
        return self._signed(self.level.label)

    def _signed(self, level: str) -> str:
        if self.is_self_assessment:
            return gettext(
                "%(level)s, %(organisation)s (self-assessment)",
                level=level,
                organisation=self.organisation,
            )
        return f"{level}, {self.organisation}"


@dataclass(frozen=True)
class Distribution:
    """What one voice says of the points of a recommendation, a heading, an organisation or a review: one `VoiceLevels`
    for each open point, in their order; and of the recommendation as a whole. Levels are counted, never rolled up."""

    points: tuple[VoiceLevels, ...]
    wholes: tuple[WholeLevel, ...] = ()

    @property
    def total(self) -> int:
        return len(self.points)

    @property
    def with_entry(self) -> int:
        return sum(1 for point in self.points if point.given)

    @property
    def with_level(self) -> int:
        return sum(1 for point in self.points if point.levels)

    @property
    def counts(self) -> dict[ShownLevel, int]:
        """Points by what is shown of them, in the order of `ShownLevel`; their sum is `total`."""
        counted = count_shown(self.points)
        return {shown: counted[shown] for shown in ShownLevel if counted[shown]}

    @property
    def codes(self) -> tuple[tuple[str, ...], ...]:
        return tuple(point.codes for point in self.points)

    @property
    def words(self) -> str:
        """“1 planned, 3 no entry”; of a single point its word or range alone."""
        if self.total == 1:
            return level_words.words_of_point(self.points[0].codes, self.points[0].organisations)
        return level_words.words_of_counts({shown.value: number for shown, number in self.counts.items()})


def count_shown(points: Iterable[VoiceLevels]) -> Counter[ShownLevel]:
    return Counter(point.shown for point in points)
