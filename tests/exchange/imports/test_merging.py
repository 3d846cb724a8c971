"""Rows of one file become recommendations."""

from typing import Any

from tracker.exchange.imports.merging import merge_rows
from tracker.exchange.imports.rows import FileRow
from tracker.models.recommendations import Position, RecommendationKind


def row(place: int, text: str, ref: str | None = None, **more: Any) -> FileRow:
    return FileRow(f"line {place}", text, ref, state_code="KGZ", **more)


def test_rows_with_the_same_number_are_one_with_all_their_states() -> None:
    merged = merge_rows(
        [
            row(1, "Plant trees", "1.1", state_codes=("CHL",), themes=("Trees",)),
            row(2, "Plant trees", "1.1", state_codes=("PER", "CHL"), themes=("Air",), action_category=4),
            row(3, "Plant trees", "1.10", state_codes=("PER",)),
        ]
    )
    first, second = merged.items
    assert (first.row.ref, first.row.state_codes, first.row.themes) == (
        "1.1",
        ("CHL", "PER"),
        ("Trees", "Air"),
    )
    assert (first.row.action_category, len(first.rows), first.is_doubtful) == (4, 2, False)
    assert (second.row.ref, merged.problems) == ("1.10", ())


def test_rows_without_a_number_are_one_where_their_texts_are_the_same() -> None:
    merged = merge_rows(
        [
            row(1, "Plant trees ", state_codes=("CHL",), session=8),
            row(2, "plant  Trees.", state_codes=("PER",), session=8),
            row(3, "Plant trees", state_codes=("PER",), session=9),
            row(4, "Plant trees", state_codes=("PER",), session=8).but(state_code="TJK"),
            row(5, "Plant trees", session=8, kind=RecommendationKind.VOLUNTARY_PLEDGE),
        ]
    )
    assert [(item.row.state_codes, len(item.rows)) for item in merged.items] == [
        (("CHL", "PER"), 2),
        (("PER",), 1),
        (("PER",), 1),
        ((), 1),
    ]


def test_a_difference_of_positions_is_told_and_none_is_taken() -> None:
    merged = merge_rows(
        [
            row(1, "Plant trees", "1.1"),
            row(2, "Plant trees", "1.1", position=Position.SUPPORTED, position_source="A/HRC/1/1"),
            row(3, "Plant trees", "1.1", position=Position.NOTED),
        ]
    )
    (item,) = merged.items
    assert (item.row.position, item.row.position_source, item.is_doubtful) == (None, "", True)
    assert item.positions == (Position.SUPPORTED, Position.NOTED)
    assert [(each.place, each.sentence) for each in merged.problems] == [
        (
            "line 3",
            "This row says “Noted”, and line 2 says “Supported” of the same recommendation: none of them was taken."
            " Look at the report, and take the line of the position that it gives.",
        )
    ]


def test_another_text_under_the_same_number_is_an_item_of_its_own() -> None:
    trees, birds = "Plant trees in all towns of the north", "Count all birds of the sea"
    merged = merge_rows(
        [
            row(1, trees, "1.1", state_codes=("CHL",)),
            row(2, birds, "1.1", state_codes=("PER",)),
            row(3, "", "1.1", state_codes=("MLI",)),
            row(4, "Plant trees in all towns of the south", "1.1", state_codes=("FJI",)),
            row(5, "x", "1.10"),
        ]
    )
    assert [(item.row.text, item.row.state_codes, item.is_doubtful) for item in merged.items] == [
        (trees, ("CHL", "FJI", "MLI"), False),
        (birds, ("PER",), True),
        ("x", (), False),
    ]
    assert [each.place for each in merged.problems] == ["line 2"]


def test_numbers_that_were_read_as_decimals_are_told_and_kept_apart() -> None:
    merged = merge_rows(
        [
            row(1, "Plant trees in all towns", "28.1", state_codes=("CHL",)),
            row(2, "Count all birds of the sea", "28.1", state_codes=("PER",)),
            row(3, "Plant trees in all towns", "28.1", state_codes=("MLI",)),
            row(4, "Open the old school", "28.11"),
            row(5, "Mend the bridge", "28.2"),
        ]
    )
    assert [(item.row.ref, item.row.state_codes, item.is_doubtful) for item in merged.items] == [
        (None, ("CHL", "MLI"), True),
        (None, ("PER",), True),
        ("28.11", (), False),
        ("28.2", (), False),
    ]
    assert [each.place for each in merged.problems] == ["line 1", "line 2"]
    assert "28.10 became 28.1" in merged.problems[0].sentence


def test_nothing_gives_nothing() -> None:
    assert merge_rows([]).items == ()
