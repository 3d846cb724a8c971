"""CSV of every kind and pasted cells: rows with their lines, and none is lost."""

import pytest

from tests.exchange.imports.table_files import UPR_INFO, text
from tracker.exchange.imports.delimited import find_separator, read_delimited
from tracker.exchange.imports.sheets import Sheet

HEADER = ["ref", "text", "note"]
ROWS = [
    ["1.1", "Plant trees, and water them", 'say "yes"'],
    ["1.2", "Open\na library", "a;b"],
    ["1.3", "Teach", "c"],
]


def cells(sheet: Sheet) -> list[list[str]]:
    return [row.cells for row in sheet.rows_below(0)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_separator_and_end_of_line(separator: str, ends: str) -> None:
    found = read_delimited(text(HEADER, ROWS, separator, ends).encode())
    assert cells(found) == [HEADER, *ROWS]
    assert found.problems == []


def test_mixed_ends_of_lines() -> None:
    found = read_delimited(b"a,b\r\nc,d\re,f\ng,h")
    assert cells(found) == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]


def test_excel_says_the_separator_in_a_first_line() -> None:
    assert cells(read_delimited(b"sep=;\na,b;c\n1,2;3\n")) == [["a,b", "c"], ["1,2", "3"]]


def test_commas_of_a_text_are_not_taken_for_separators() -> None:
    assert find_separator("number;text\n1;one, two, three, four\n2;five, six\n") == ";"


def test_places_are_lines_of_the_file() -> None:
    found = read_delimited(text(HEADER, ROWS).encode())
    assert [found.place(row.number) for row in found.rows_below(1)] == ["line 2", "line 3", "line 5"]


def test_a_quotation_mark_that_is_never_closed_swallows_no_row() -> None:
    found = read_delimited(b'a,b\n1,2\n"3,4\n5,6\n7,8\n')
    assert cells(found) == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]]
    assert [(problem.place, "never closed" in problem.sentence) for problem in found.problems] == [
        ("line 3", True)
    ]


def test_an_inch_in_the_middle_of_a_cell_is_a_letter() -> None:
    found = read_delimited(b'a,b\n5" pipe,x\ny,z\n')
    assert cells(found) == [["a", "b"], ['5" pipe', "x"], ["y", "z"]]
    assert found.problems == []


def test_a_guessed_alphabet_is_told_with_a_sample() -> None:
    found = read_delimited("a,b\nx,Equité\n".encode("mac_roman"))
    assert [(problem.place, "Equité" in problem.sentence) for problem in found.problems] == [("line 2", True)]


def test_what_is_behind_the_last_column_is_told() -> None:
    found = read_delimited(("a," * 300 + "b\n").encode())
    assert len(cells(found)[0]) == 200
    assert "more than 200 cells" in found.problems[0].sentence


def test_a_large_export_is_read_whole() -> None:
    rows = UPR_INFO * 1_000
    assert len(cells(read_delimited(text(["a"] * 11, rows, ends="\r").encode("mac_roman")))) == len(rows) + 1
