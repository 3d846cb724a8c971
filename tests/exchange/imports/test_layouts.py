"""The same review from two layouts is put together without counting anything twice."""

from typing import Any

from tests.exchange.imports.two_layouts import count, match, recommendations
from tracker.exchange.imports.matching import Match
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


def put_together(*rows: FileRow) -> tuple[Match, ...]:
    """How many recommendations there are is the same, whichever file came first."""
    found = match(MATRIX, rows)
    assert len(recommendations(MATRIX, found)) == count(MATRIX, rows)
    return found


def test_the_same_text_is_matched_by_its_state_and_brings_action_and_issues() -> None:
    rows = (
        row(1, LONG.upper(), "PER", action_category=2, issues=("Trees",)),
        row(2, LONG, "CHL", action_category=4, issues=("Roads", "Trees")),
    )
    found = put_together(*rows)
    assert [
        (each.keys, each.item.row.action_category, each.item.row.issues, each.item.problems) for each in found
    ] == [((1,), 2, ("Trees",), ()), ((0,), 4, ("Roads", "Trees"), ())]
    other_way_round = match(rows, MATRIX)
    assert [(each.keys, each.item.row.ref) for each in other_way_round] == [
        ((1,), "1.1"),
        ((0,), "1.2"),
        ((), "1.3"),
    ]


def test_clauses_of_one_recommendation_are_joined_to_it() -> None:
    [found] = put_together(row(1, "Count the birds", "NZL"), row(2, "Feed the birds of the lake", "URY"))
    assert found.keys == (2,)
    assert found.item.row.text == MATRIX[2].text
    assert [each.place for each in found.item.rows] == ["line 1", "line 2"]


def test_a_text_that_is_almost_the_same_is_matched_only_where_a_state_is() -> None:
    almost = LONG.replace("further ", "").replace("capital", "capital city")
    [found] = put_together(row(1, almost, "CHL"))
    assert found.keys == (0,)
    [stranger] = put_together(row(1, almost, "TGO"))
    assert stranger.keys == ()


def test_a_part_of_a_text_is_joined_and_told() -> None:
    [found] = put_together(row(1, "plant trees along all roads of the capital", "CHL"))
    assert (found.keys, found.item.row.text) == ((0,), LONG)
    assert [each.sentence for each in found.item.problems] == [
        "This row was taken for 1.1 (row 1), though it has another text, or only a part of it. Look at both."
    ]


def test_numbers_match_before_texts() -> None:
    [found] = match(MATRIX, [FileRow("line 1", "", "1.2", position=Position.NOTED)])
    assert (found.keys, found.item.problems) == ((1,), ())


def test_a_part_of_a_text_beyond_all_measure_is_not_looked_for() -> None:
    """It would take as long as both lengths multiplied."""
    part = "plant trees along all roads of the capital and of the other towns of the country"
    for length, keys in ((900, (0,)), (1_200, ())):
        whole = FileRow("row 1", f"{part} {'and to water them ' * 70}"[:length], "1.1", state_codes=("CHL",))
        [found] = match([whole], [FileRow("line 1", part, state_codes=("CHL",))])
        assert found.keys == keys


def test_of_many_texts_the_ones_with_the_same_rare_words_are_compared() -> None:
    words = "continue its efforts to plant trees in the gardens of the schools of the city"
    rows = [
        FileRow(f"row {at}", f"{words} number{at}", f"1.{at}", state_codes=("CHL",)) for at in range(2_000)
    ]
    [found] = match(rows, [FileRow("line 1", f"{words} number1999 too", state_codes=("CHL",))])
    assert found.keys == (1999,)
