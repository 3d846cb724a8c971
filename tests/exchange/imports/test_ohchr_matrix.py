"""OHCHR's matrix in its four layouts, with invented recommendations of the same shape."""

import pytest

from tests.exchange.imports.matrices import (
    EGYPT,
    EGYPT_ROWS,
    FOURTH,
    FOURTH_ROWS,
    SECOND,
    SECOND_ROWS,
    THIRD_ROWS,
    matrix,
)
from tests.exchange.imports.states import asked
from tracker.exchange.imports.ohchr_matrix import read_matrix
from tracker.exchange.imports.rows import Layout, NotReadable, ReadFile, Weight
from tracker.models.recommendations import Position


def read(header: tuple[str, ...], *rows: object) -> ReadFile:
    return read_matrix(matrix(header, rows), asked())  # type: ignore[arg-type]


def test_the_layout_of_the_second_cycle() -> None:
    found = read(SECOND, *SECOND_ROWS)
    assert (found.layout, found.problems) == (Layout.OHCHR_MATRIX, ())
    first, second, third = found.rows
    assert (first.place, first.ref, first.text) == ("table 1, row 3", "186.28", "Plant more trees")
    assert (first.state_code, first.state_codes) == ("KGZ", ("MNG",))
    assert first.position is Position.SUPPORTED
    assert first.position_source == "A/HRC/99/5/Add.1 - Para. 186.28."
    assert first.heading == "Acceptance of international norms"
    assert first.themes == ("Acceptance of international norms", "Right to an effective remedy")
    assert (first.groups, first.sdgs, first.comment) == (("general",), (), "Begun in 2031")
    assert (second.ref, second.text, second.state_codes) == (
        "186.20",
        "Measure the rain (No. 29)",
        ("CHL", "CIV"),
    )
    assert (second.themes, second.sdgs) == (("Persons with disabilities",), ("16",))
    assert third.text == "Count the birds (New Zealand); Feed the birds (Uruguay) (Mali)"
    assert third.state_codes == ("NZL", "URY", "MLI")
    assert (third.heading, third.groups) == ("Persons with disabilities", ("children", "women"))


def test_the_layout_with_a_column_of_states() -> None:
    found = read(EGYPT, *EGYPT_ROWS)
    assert found.problems == ()
    first, second = found.rows
    assert (first.position, first.state_codes) == (Position.SUPPORTED_IN_PART, ("CHL", "GAB"))
    assert first.themes == ("Acceptance of international norms", "Death penalty")
    assert first.heading == "Acceptance of international norms"
    assert (second.text, second.state_codes) == ("Open the school", ("BOL",))
    assert second.position_source == "Sent in a later letter"
    assert (second.themes, second.groups) == (("Right to an effective remedy",), ("general",))


def test_the_layout_with_goals_among_the_themes() -> None:
    (row,) = read(SECOND, *THIRD_ROWS).rows
    assert (row.ref, row.sdgs, row.groups) == ("121.1", ("16", "10"), ("Disappeared persons",))
    assert row.themes == ("Acceptance of international norms", "2030 Agenda & other commitments")


def test_the_layout_with_a_column_of_goals() -> None:
    (row,) = read(FOURTH, *FOURTH_ROWS).rows
    assert (row.themes, row.groups) == (
        ("Ratification", "Equality & non-discrimination"),
        ("Public officials",),
    )
    assert (row.sdgs, row.position_source) == (("1", "16.3"), "A/HRC/99/15/Add.1 - Para.3vv")


def test_columns_are_found_by_their_headers_in_any_order() -> None:
    header = ("Position", "Full list of themes", "Recommendation")
    (row,) = read(header, ("Noted", "A12 Norms", "1.2 Plant trees (Chile);")).rows
    assert (row.ref, row.position, row.themes) == ("1.2", Position.NOTED, ("Norms",))


def test_numbers_stay_text() -> None:
    rows = read(
        FOURTH, ("140.10 Plant trees (Chile)", "Noted", "", ""), ("140.1 Fell trees (Chile)", "Noted", "", "")
    ).rows
    assert [row.ref for row in rows] == ["140.10", "140.1"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("Plant trees (Chile)", "Noted", "", ""), "No number"),
        (("1.2 Plant trees", "Noted", "", ""), "No recommending State"),
        (("1.2 Plant trees (Zamunda)", "Noted", "", ""), "“Zamunda” is no State"),
        (("1.2 Plant trees (Chile)", "Perhaps", "", ""), "“Perhaps” is no position"),
        (("1.2 Plant trees (Chile)", "", "", ""), "no position"),
        (("1.2 Plant trees (Chile)", "Noted", "", "- 44 - MOON"), "“44 - MOON” names no goal"),
        (("1.2 Plant trees (Chile)", "Noted"), "other cells than the header"),
        ("1.2 Plant trees (Chile)", "merged"),
        ("A line of somebody", "read as a heading"),
    ],
)
def test_a_doubtful_row_is_told_with_its_place(row: object, words: str) -> None:
    found = read(FOURTH, "Theme: Trees", row)
    assert {(each.place, each.weight) for each in found.problems} == {("table 1, row 3", Weight.DOUBTFUL)}
    assert words in found.problems[0].sentence


def test_states_of_the_column_and_of_the_text_are_compared() -> None:
    found = read(EGYPT, ("1.2 Plant trees (Chile)", "Peru", "Noted", ""))
    assert found.rows[0].state_codes == ("PER", "CHL")
    assert "different States" in found.problems[0].sentence


def test_a_row_without_a_text_is_refused_and_an_empty_one_is_nothing() -> None:
    found = read(FOURTH, ("", "Noted", "", ""), ("", "", "", ""), ("140.7 ", "Noted", "", ""))
    assert found.rows == ()
    assert [(each.place, each.weight) for each in found.problems] == [
        ("table 1, row 2", Weight.REFUSED),
        ("table 1, row 4", Weight.REFUSED),
    ]


def test_a_header_that_is_repeated_is_no_row() -> None:
    found = read(SECOND, *THIRD_ROWS, SECOND, *THIRD_ROWS[1:])
    assert [row.ref for row in found.rows] == ["121.1", "121.1"]


def test_more_rows_than_may_be_are_told() -> None:
    content = matrix(FOURTH, [(f"1.{number} Plant trees (Chile)", "Noted", "", "") for number in range(1, 6)])
    few = asked().__class__("KGZ", asked().states, most_rows=3)
    found = read_matrix(content, few)
    assert len(found.rows) == 3
    assert [(each.place, each.weight) for each in found.problems] == [("table 1, row 5", Weight.REFUSED)]


def test_a_table_of_something_else_is_not_read() -> None:
    with pytest.raises(NotReadable, match="“Recommendation” and “Position”"):
        read(("Name", "Room"), ("Asel", "12"))
