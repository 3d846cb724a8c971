"""The State against the independent voices: where each point stands in the matrix, and which points a number means.
Computed from figures that are read already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.models.levels import Disagreement, Level, ShownLevel, Voice, disagreement, steps_apart
from tracker.queries.levels import Comparison, PointLevels, compare_each

SCALE = (
    ShownLevel.FULLY_IMPLEMENTED,
    ShownLevel.PARTIALLY_IMPLEMENTED,
    ShownLevel.PLANNED,
    ShownLevel.NOT_IMPLEMENTED,
    ShownLevel.REGRESSED,
)
BESIDE = (ShownLevel.OVERTAKEN, ShownLevel.NO_INFORMATION, ShownLevel.NO_LEVEL)
"""Rows and columns that are left out where no point stands in them."""


@dataclass(frozen=True)
class Cell:
    """What the State says, what the independent voice farthest from it says, and how many points."""

    state: ShownLevel
    others: ShownLevel
    number: int

    @property
    def kind(self) -> str:
        """contradicts, differs, agrees; or silent where not both give a level."""
        if self.state.value not in list(Level) or self.others.value not in list(Level):
            return "silent"
        found = disagreement(steps_apart(Level(self.state.value), Level(self.others.value)))
        return "agrees" if found == Disagreement.AGREE else str(found)


@dataclass(frozen=True)
class Matrix:
    """Each point stands in one cell, so that rows and columns add up to the points of the review."""

    rows: tuple[ShownLevel, ...]
    columns: tuple[ShownLevel, ...]
    counts: Counter[tuple[ShownLevel, ShownLevel]]

    def cells(self, row: ShownLevel) -> list[Cell]:
        return [Cell(row, column, self.counts[row, column]) for column in self.columns]

    def in_row(self, row: ShownLevel) -> int:
        return sum(number for (state, _), number in self.counts.items() if state == row)

    def in_column(self, column: ShownLevel) -> int:
        return sum(number for (_, others), number in self.counts.items() if others == column)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def make_matrix(points: Iterable[PointLevels]) -> Matrix:
    counts = Counter((state_of(point), others_of(point)) for point in points)
    states, others = {state for state, _ in counts}, {column for _, column in counts}
    return Matrix(
        (*SCALE, *(each for each in BESIDE if each in states), ShownLevel.NO_ENTRY),
        (*SCALE, *(each for each in BESIDE if each in others), ShownLevel.NO_ENTRY),
        counts,
    )


def state_of(point: PointLevels) -> ShownLevel:
    return point.of(Voice.STATE).shown


def others_of(point: PointLevels) -> ShownLevel:
    """The independent level farthest from the State's; of several that are equally far, and where the State gives none,
    the lowest on the scale."""
    others = [each for each in point.said if each.voice != Voice.STATE]
    if not others:
        return ShownLevel.NO_ENTRY
    given = [(each.steps_apart or 0, each.level) for each in others if each.level is not None]
    if not given:
        return ShownLevel.NO_LEVEL
    _, level = min(given, key=lambda each: (-each[0], each[1].place or len(SCALE) + 1, each[1]))
    return ShownLevel(level.value)


def where_the_state_is_silent(points: Iterable[PointLevels]) -> list[PointLevels]:
    """Points on which another voice gives a level and the State none."""
    return [
        point
        for point in points
        if (point.of_state is None or point.of_state.level is None)
        and any(each.level and each.voice != Voice.STATE for each in point.said)
    ]


def contradicted_by(points: Iterable[PointLevels], voice: Voice) -> list[PointLevels]:
    """Points on which an organisation of this voice contradicts the State."""
    return [
        point
        for point in points
        if any(each.voice == voice and each.disagreement == Disagreement.CONTRADICTS for each in point.said)
    ]


def compare_by_voice(points: Sequence[PointLevels]) -> dict[Voice, Comparison]:
    """How the levels of each independent voice compare with the State's, of the points on which both give one. A voice
    without such a point is left out."""
    found = {
        voice: compare_each(
            disagreement(max(steps))
            for point in points
            if (steps := [each.steps_apart or 0 for each in point.compared if each.voice == voice])
        )
        for voice in Voice
        if voice != Voice.STATE
    }
    return {voice: comparison for voice, comparison in found.items() if comparison.total}
