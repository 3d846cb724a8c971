"""Where a point stands in the matrix: docs/rules.md, "Disagreement"."""

from itertools import product
from uuid import UUID

import pytest

from tests.cast import NOW
from tracker.models.levels import Disagreement, Level, ShownLevel, Voice, steps_apart
from tracker.queries.disagreement import (
    Cell,
    compare_by_voice,
    contradicted_by,
    make_matrix,
    others_of,
    where_the_state_is_silent,
)
from tracker.queries.levels import PointLevels, Said, compare

FULLY, PARTIALLY, PLANNED, NOT, REGRESSED = (
    Level.FULLY_IMPLEMENTED,
    Level.PARTIALLY_IMPLEMENTED,
    Level.PLANNED,
    Level.NOT_IMPLEMENTED,
    Level.REGRESSED,
)
OVERTAKEN, UNKNOWN = Level.OVERTAKEN, Level.NO_INFORMATION


def point(state: Level | None, *others: Level, voice: Voice = Voice.CIVIL_SOCIETY) -> PointLevels:
    apart = [steps_apart(state, other) if state else None for other in others]
    said = [
        Said(UUID(int=place), voice, place, f"{place}", f"{place}", level, steps, False, NOW)
        for place, (level, steps) in enumerate(zip(others, apart, strict=True), 1)
    ]
    if state:
        said = [Said(UUID(int=0), Voice.STATE, 0, "0", "0", state, None, False, NOW), *said]
    farthest = max((steps for steps in apart if steps is not None), default=None)
    return PointLevels(1, 1, "A1", "A1.1", "text", farthest, tuple(said))


@pytest.mark.parametrize(
    ("state", "others", "shown"),
    [
        (PARTIALLY, (PARTIALLY, NOT), NOT),  # the farthest
        (PLANNED, (FULLY, REGRESSED), REGRESSED),  # equally far: the lower
        (FULLY, (FULLY,), FULLY),
        (None, (PARTIALLY, NOT), NOT),  # the State gives none: the lowest
        (None, (PARTIALLY, OVERTAKEN), PARTIALLY),  # what has no place comes last
        (OVERTAKEN, (FULLY, REGRESSED), REGRESSED),
    ],
)
def test_the_others_stand_where_they_are_farthest_from_the_state(
    state: Level | None, others: tuple[Level, ...], shown: Level
) -> None:
    assert others_of(point(state, *others)) == shown
    assert others_of(point(state, *reversed(others))) == shown


@pytest.mark.parametrize(
    ("state", "others", "steps"),
    [
        (FULLY, (PARTIALLY, NOT), 3),
        (PLANNED, (PLANNED,), 0),
        (PLANNED, (OVERTAKEN,), None),
        (OVERTAKEN, (REGRESSED,), None),
        (OVERTAKEN, (UNKNOWN,), None),
        (REGRESSED, (OVERTAKEN, PLANNED), 2),  # equally far: the one on the scale
        (FULLY, (OVERTAKEN, REGRESSED), 4),
        (None, (FULLY,), None),
        (FULLY, (), None),
    ],
)
def test_steps_are_counted_on_the_scale_alone(
    state: Level | None, others: tuple[Level, ...], steps: int | None
) -> None:
    assert point(state, *others).steps_on_scale == steps


def test_silence_and_entries_without_a_level_are_two_columns() -> None:
    assert others_of(point(FULLY)) == ShownLevel.NO_ENTRY
    without = Said(UUID(int=1), Voice.UN, 1, "1", "1", None, None, False, NOW)
    assert others_of(PointLevels(1, 1, "A1", "A1.1", "text", None, (without,))) == ShownLevel.NO_LEVEL


def test_the_cells_of_each_kind_add_up_to_the_comparison() -> None:
    choices = [(), *[(one,) for one in Level], *product(Level, repeat=2)]
    points = [point(state, *others) for state in (None, *Level) for others in choices]
    matrix, compared = make_matrix(points), compare(points)
    cells = [cell for row in matrix.rows for cell in matrix.cells(row)]
    numbers = {
        kind: sum(cell.number for cell in cells if cell.kind == kind)
        for kind in ("contradicts", "differs", "agrees", "silent")
    }
    assert numbers["contradicts"] == compared.contradict
    assert numbers["differs"] == compared.differ
    assert numbers["agrees"] == compared.agree
    assert sum(numbers.values()) == matrix.total == len(points)


def test_rows_and_columns_beside_the_scale_are_there_where_points_stand_in_them() -> None:
    matrix = make_matrix([point(OVERTAKEN, NOT), point(FULLY)])
    assert matrix.rows[5:] == (ShownLevel.OVERTAKEN, ShownLevel.NO_ENTRY)
    assert matrix.columns[5:] == (ShownLevel.NO_ENTRY,)
    assert Cell(ShownLevel.OVERTAKEN, ShownLevel.NOT_IMPLEMENTED, 1).kind == str(Disagreement.DIFFERS)


def test_each_voice_is_compared_by_itself() -> None:
    points = [
        point(FULLY, NOT, voice=Voice.NHRI),
        point(FULLY, FULLY, voice=Voice.NHRI),
        point(None, NOT, voice=Voice.NHRI),
        point(FULLY, PARTIALLY),
    ]
    found = compare_by_voice(points)
    assert list(found) == [Voice.CIVIL_SOCIETY, Voice.NHRI]
    assert (found[Voice.NHRI].contradict, found[Voice.NHRI].total) == (1, 2)
    assert contradicted_by(points, Voice.NHRI) == points[:1]
    assert where_the_state_is_silent(points) == points[2:3]
