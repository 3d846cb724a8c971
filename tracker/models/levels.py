"""Levels of implementation and the pure rules about them: index, level of a voice, roll-up, disagreement.

docs/rules.md, "Levels", explains them. Nothing here touches a database: codes go in, codes come out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.language import gettext, mark


class Level(StrEnum):
    """How far an action point is implemented, as one voice sees it."""

    FULLY_IMPLEMENTED = "fully_implemented"
    PARTIALLY_IMPLEMENTED = "partially_implemented"
    PLANNED = "planned"
    NOT_IMPLEMENTED = "not_implemented"
    REGRESSED = "regressed"
    OVERTAKEN = "overtaken"
    NO_INFORMATION = "no_information"

    @property
    def label(self) -> str:
        return gettext(LABELS[self])

    @property
    def definition(self) -> str:
        return gettext(DEFINITIONS[self])


class ShownLevel(StrEnum):
    """What a list or a bar shows: the levels, `mixed` (organisations of one voice differ) and the absence."""

    FULLY_IMPLEMENTED = "fully_implemented"
    PARTIALLY_IMPLEMENTED = "partially_implemented"
    PLANNED = "planned"
    NOT_IMPLEMENTED = "not_implemented"
    REGRESSED = "regressed"
    MIXED = "mixed"
    OVERTAKEN = "overtaken"
    NO_INFORMATION = "no_information"
    NOT_ASSESSED = "not_assessed"

    @property
    def label(self) -> str:
        return gettext(LABELS[self])


class Voice(StrEnum):
    STATE = "state"
    CIVIL_SOCIETY = "civil_society"
    NHRI_UN = "nhri_un"

    @property
    def label(self) -> str:
        return gettext(VOICE_LABELS[self])


class Disagreement(StrEnum):
    NONE = "none"
    DIFFERS = "differs"
    CONTRADICTS = "contradicts"

    @property
    def label(self) -> str:
        return gettext(DISAGREEMENT_LABELS[self])


LABELS: dict[str, str] = {
    "fully_implemented": mark("Fully implemented"),
    "partially_implemented": mark("Partially implemented"),
    "planned": mark("Planned"),
    "not_implemented": mark("Not implemented"),
    "regressed": mark("Regressed"),
    "mixed": mark("Mixed"),
    "overtaken": mark("Overtaken by events"),
    "no_information": mark("No information"),
    "not_assessed": mark("Not assessed"),
}
DEFINITIONS: dict[str, str] = {
    "fully_implemented": mark("Everything asked is in force and applied; evidence is attached."),
    "partially_implemented": mark("A concrete measure is in force or delivered; gaps remain."),
    "planned": mark(
        "A formally decided step (a plan, a draft law tabled, a budget line) without a result yet."
    ),
    "not_implemented": mark("No action, or statements of intent only."),
    "regressed": mark("Contrary measures were taken, or earlier progress was undone."),
    "overtaken": mark("What was asked about no longer exists; the recommendation needs a new reading."),
    "no_information": mark("Information was asked for and none was given."),
    "mixed": mark("Organisations of one voice give different levels; each of them is listed."),
    "not_assessed": mark("This voice has made no entry. It never counts as not implemented."),
}
VOICE_LABELS: dict[str, str] = {
    "state": mark("State"),
    "civil_society": mark("Civil society"),
    "nhri_un": mark("NHRI and UN"),
}
DISAGREEMENT_LABELS: dict[str, str] = {
    "none": mark("No disagreement"),
    "differs": mark("Voices differ"),
    "contradicts": mark("Voices contradict each other"),
}

INDEX: dict[str, float] = {
    "not_implemented": 0.0,
    "planned": 0.0,
    "partially_implemented": 0.5,
    "fully_implemented": 1.0,
    "regressed": 0.0,
}
"""Value of a level between 0 and 1; overtaken and no_information have none (UPR Info's index, adapted)."""

DIFFERS_FROM = 0.5
ROUNDING = 1e-9  # means of several organisations are not exact: 0.7 - 0.2 is less than 0.5


@dataclass(frozen=True)
class VoiceLevel:
    """What one voice says of one action point: a level or `mixed`, and its index (None: no value)."""

    level: ShownLevel
    index: float | None
    levels: tuple[Level, ...]


def of_voice(levels: Iterable[Level]) -> VoiceLevel | None:
    """The level of a voice from the newest level of each of its organisations; None without any.

    Where the organisations differ the voice is `mixed`; the index is the mean of those that have one.
    """
    given = tuple(levels)
    if not given:
        return None
    values = [INDEX[level] for level in given if level in INDEX]
    index = sum(values) / len(values) if values else None
    shown = ShownLevel(given[0]) if len(set(given)) == 1 else ShownLevel.MIXED
    return VoiceLevel(shown, index, given)


def disagreement(voices: Mapping[Voice, VoiceLevel]) -> Disagreement:
    """`contradicts`: the State says fully or partially, somebody else not implemented or regressed.
    `differs`: two voices are 0.5 or more apart on the index."""
    state = voices.get(Voice.STATE)
    if state and state.level in (ShownLevel.FULLY_IMPLEMENTED, ShownLevel.PARTIALLY_IMPLEMENTED):
        others = [level for voice, given in voices.items() if voice != Voice.STATE for level in given.levels]
        if {Level.NOT_IMPLEMENTED, Level.REGRESSED} & set(others):
            return Disagreement.CONTRADICTS
    values = [given.index for given in voices.values() if given.index is not None]
    if values and max(values) - min(values) >= DIFFERS_FROM - ROUNDING:
        return Disagreement.DIFFERS
    return Disagreement.NONE


@dataclass(frozen=True)
class RollUp:
    """A recommendation as one voice sees it: level (None: nothing to roll up), `assessed` of `total` points, and
    `levels`: how many of them have which level."""

    level: Level | None
    assessed: int
    total: int
    is_regressed: bool
    levels: tuple[tuple[ShownLevel, int], ...] = field(default=(), compare=False)

    @property
    def hides(self) -> bool:
        """Whether a point has another level than the recommendation."""
        return any(self.level is None or level.value != self.level.value for level, _ in self.levels)


def roll_up(points: Iterable[tuple[ShownLevel | None, float | None]], total: int) -> RollUp:
    """Rolls up the (level, index) of the assessed points of a recommendation that has `total` points."""
    given = [(level, index) for level, index in points if level is not None]
    counted = [
        (level, index)
        for level, index in given
        if level not in (ShownLevel.NO_INFORMATION, ShownLevel.OVERTAKEN) and index is not None
    ]
    is_regressed = any(level == ShownLevel.REGRESSED for level, _ in given)
    if not counted:
        level = None
    elif len(given) == total and all(shown == ShownLevel.FULLY_IMPLEMENTED for shown, _ in counted):
        level = Level.FULLY_IMPLEMENTED
    elif any(index > 0 for _, index in counted if index is not None):
        level = Level.PARTIALLY_IMPLEMENTED
    else:
        level = Level.NOT_IMPLEMENTED
    counts = Counter(level for level, _ in given)
    levels = tuple((level, counts[level]) for level in ShownLevel if counts[level])
    return RollUp(level, len(given), total, is_regressed, levels)
