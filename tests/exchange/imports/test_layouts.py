"""The same review from two layouts is put together without counting anything twice."""

from typing import Any

from tests.exchange.imports.states import known_states
from tracker.exchange.imports.layouts import merge_layouts
from tracker.exchange.imports.merging import Merged
from tracker.exchange.imports.rows import FileRow
from tracker.models.recommendations import Position

LONG = "Take further steps to plant trees along all roads of the capital and of the other towns"
MATRIX = [
    FileRow(
        "row 1",
        LONG,
        "1.1",
        state_code="KGZ",
        state_codes=("CHL",),
        themes=("Trees",),
        position=Position.SUPPORTED,
    ),
    FileRow(
        "row 2", LONG, "1.2", state_code="KGZ", state_codes=("PER",), themes=("Air",), position=Position.NOTED
    ),
    FileRow(
        "row 3",
        "Count the birds (New Zealand); Feed the birds of the lake (Uruguay)",
        "1.3",
        state_code="KGZ",
        state_codes=("NZL", "URY"),
        position=Position.SUPPORTED_IN_PART,
    ),
]


def row(place: int, text: str, *codes: str, **more: Any) -> FileRow:
    return FileRow(f"line {place}", text, state_code="KGZ", state_codes=codes, **more)


def put_together(*rows: FileRow) -> Merged:
    merged = merge_layouts(MATRIX, rows, known_states())
    assert merge_layouts(rows, MATRIX, known_states()) == merged, "the order of the files means nothing"
    return merged


def test_the_same_text_is_matched_by_its_state_and_brings_action_and_issues() -> None:
    merged = put_together(
        row(1, LONG.upper(), "PER", action_category=2, issues=("Trees",)),
        row(2, LONG, "CHL", action_category=4, issues=("Roads", "Trees")),
    )
    assert merged.problems == ()
    assert [
        (item.row.ref, item.row.action_category, item.row.issues, item.row.themes, item.row.state_codes)
        for item in merged.items[:2]
    ] == [("1.1", 4, ("Roads", "Trees"), ("Trees",), ("CHL",)), ("1.2", 2, ("Trees",), ("Air",), ("PER",))]
    assert len(merged.items) == 3


def test_clauses_of_one_recommendation_are_joined_to_it() -> None:
    merged = put_together(row(1, "Count the birds", "NZL"), row(2, "Feed the birds of the lake", "URY"))
    assert len(merged.items) == 3
    assert merged.items[2].row.text == MATRIX[2].text
    assert [each.place for each in merged.items[2].rows] == ["row 3", "line 1", "line 2"]


def test_a_text_that_is_almost_the_same_is_matched_only_where_a_state_is() -> None:
    almost = LONG.replace("further ", "").replace("capital", "capital city")
    assert len(put_together(row(1, almost, "CHL")).items) == 3
    stranger = put_together(row(1, almost, "TGO"))
    assert len(stranger.items) == 4
    assert stranger.items[3].is_doubtful
    assert stranger.problems[0].place == "line 1"


def test_a_part_of_a_text_is_joined_and_told() -> None:
    merged = put_together(row(1, "plant trees along all roads of the capital", "CHL"))
    assert len(merged.items) == 3
    assert merged.items[0].is_doubtful
    assert merged.items[0].row.text == LONG
    assert [each.sentence for each in merged.problems] == [
        "This row was taken for 1.1 (row 1), though it has another text, or only a part of it. Look at both."
    ]


def test_a_difference_of_positions_is_told_and_the_matrix_stays() -> None:
    merged = put_together(row(1, "Count the birds", "NZL", position=Position.NOTED))
    assert (merged.items[2].row.position, merged.items[2].is_doubtful) == (Position.SUPPORTED_IN_PART, True)
    assert [each.place for each in merged.problems] == ["line 1"]


def test_numbers_match_before_texts() -> None:
    merged = merge_layouts(MATRIX, [FileRow("line 1", "", "1.2", position=Position.NOTED)], known_states())
    assert (len(merged.items), merged.problems) == (3, ())
    assert merged.items[1].row.text == LONG


def test_a_part_of_a_text_beyond_all_measure_is_not_looked_for() -> None:
    """It would take as long as both lengths multiplied."""
    part = "plant trees along all roads of the capital and of the other towns of the country"
    for length, number in ((900, 1), (1_200, 2)):
        whole = FileRow("row 1", f"{part} {'and to water them ' * 70}"[:length], "1.1", state_codes=("CHL",))
        merged = merge_layouts([whole], [FileRow("line 1", part, state_codes=("CHL",))], known_states())
        assert len(merged.items) == number


def test_of_many_texts_the_ones_with_the_same_rare_words_are_compared() -> None:
    words = "continue its efforts to plant trees in the gardens of the schools of the city"
    rows = [
        FileRow(f"row {at}", f"{words} number{at}", f"1.{at}", state_codes=("CHL",)) for at in range(2_000)
    ]
    asked = FileRow("line 1", f"{words} number1999 too", state_codes=("CHL",))
    merged = merge_layouts(rows, [asked], known_states())
    assert (len(merged.items), len(merged.items[1999].rows)) == (2_000, 2)
