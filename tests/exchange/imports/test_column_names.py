"""What columns may hold, by the words of three languages and by the looks of cells; levels and positions in words."""

import pytest

from tracker.exchange.imports.column_names import suggest_columns
from tracker.exchange.imports.level_readings import read_level
from tracker.exchange.imports.position_readings import read_position
from tracker.exchange.imports.rows import Column
from tracker.models.levels import LABELS, Level
from tracker.models.recommendations import Position

C = Column


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (
            ["Ref.", "Recommendation", "Recommending State/s", "Position"],
            [C.REF, C.TEXT, C.STATES, C.POSITION],
        ),
        (["№", "Рекомендация", "Статус исполнения", "Дата"], [C.REF, C.TEXT, C.LEVEL, C.AS_OF_ON]),
        (
            ["Номер", "Текст рекомендации", "Ответственный орган", "Соисполнители"],
            [C.REF, C.TEXT, C.LEAD, C.SUPPORTING],
        ),
        (["Номери", "Сунуш", "Жооптуу аткаруучу", "Аткарылышы"], [C.REF, C.TEXT, C.LEAD, C.LEVEL]),
        (["position", "code", "recommendations", "country"], [C.POSITION, C.REF, C.TEXT, C.STATES]),
        (["Theme", "Text", "Theme", "Text"], [C.THEMES, C.TEXT, C.THEMES, C.NONE]),
    ],
)
def test_headers_in_three_languages(headers: list[str], columns: list[Column]) -> None:
    assert list(suggest_columns(headers, [])) == columns


def test_cells_tell_where_headers_do_not() -> None:
    rows = [
        [
            "140.7",
            "Supported",
            "Частично выполнено",
            "20.11.2026",
            "Plant trees in each street of the city",
            "x",
        ],
        ["140.10", "Noted", "Выполнено", "2026-01-01", "Open a library in each village of the country", "y"],
    ]
    found = suggest_columns(["a", "b", "c", "d", "e", "f"], rows)
    assert list(found) == [C.REF, C.POSITION, C.LEVEL, C.AS_OF_ON, C.TEXT, C.NONE]


@pytest.mark.parametrize(
    ("words", "level", "is_sure"),
    [
        ("Partially implemented", Level.PARTIALLY_IMPLEMENTED, True),
        ("ЧАСТИЧНО  выполнено", Level.PARTIALLY_IMPLEMENTED, True),
        ("Не выполнено", Level.NOT_IMPLEMENTED, True),
        ("Аткарылды", Level.FULLY_IMPLEMENTED, True),
        ("in progress", Level.PARTIALLY_IMPLEMENTED, False),
        ("В процессе", Level.PARTIALLY_IMPLEMENTED, False),
        ("аткарылууда", Level.PARTIALLY_IMPLEMENTED, False),
        ("", None, True),
        ("perhaps", None, False),
    ],
)
def test_levels_in_words(words: str, level: Level | None, is_sure: bool) -> None:
    assert read_level(words) == (level, is_sure)


def test_our_own_words_for_levels_are_known() -> None:
    assert [read_level(LABELS[level]) for level in Level] == [(level, True) for level in Level]


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("Supported", Position.SUPPORTED),
        ("Supported in part", Position.SUPPORTED_IN_PART),
        ("Поддержано", Position.SUPPORTED),
        ("Принято к сведению", Position.NOTED),
        ("Колдоого алынды", Position.SUPPORTED),
        ("Supported/Noted", Position.SUPPORTED_IN_PART),
        ("", None),
        ("x" * 100 + " noted", None),
    ],
)
def test_positions_in_words(words: str, position: Position | None) -> None:
    assert read_position(words) == position
