"""Cells of workbooks become texts with their places; what they lost is told."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.evidence_files import locked, package
from tests.exchange.imports.table_files import UPR_INFO, ods, xlsx
from tracker.exchange.imports.rows import NotReadable
from tracker.exchange.imports.sheets import Numeral, Sheet
from tracker.exchange.imports.workbooks import read_by_calamine, read_xlsx

HEADER = ["ref", "day", "number", "truth"]
ROW = ["140.7 ", date(2026, 11, 20), 4.0, True]


def cells(sheet: Sheet) -> list[list[str]]:
    return [row.cells for row in sheet.rows_below(0)]


def book_of(**values: object) -> bytes:
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for place, value in values.items():
        sheet[place] = value  # type: ignore[assignment]
    book.save(file)
    return file.getvalue()


def test_cells_become_texts() -> None:
    [sheet] = read_xlsx("a.xlsx", xlsx(HEADER, [ROW, ["", datetime(2026, 1, 2, 14, 5), 28.1, None]]))  # noqa: DTZ001
    assert cells(sheet) == [
        HEADER,
        ["140.7", "2026-11-20", "4", "TRUE"],
        ["", "2026-01-02 14:05", "28.1"],
    ]


def test_a_number_is_known_as_such() -> None:
    [sheet] = read_xlsx("a.xlsx", book_of(A1="28.1", B1=28.10))
    [row] = sheet.rows_below(0)
    assert [isinstance(cell, Numeral) for cell in row.cells] == [False, True]


def test_opendocument_is_read_like_excel() -> None:
    [sheet] = read_by_calamine("a.ods", ods(["a", "b"], [["x & y", 28.1]]))
    assert cells(sheet) == [["a", "b"], ["x & y", "28.1"]]


def test_places_are_those_of_the_program() -> None:
    for read in (read_xlsx, read_by_calamine):
        [sheet] = read("a.xlsx", book_of(C4="x"))
        [row] = sheet.rows_below(0)
        assert (sheet.place(row.number, 2), row.cell(2)) == ("Sheet!C4", "x")


def test_a_formula_without_its_result_is_told() -> None:
    [sheet] = read_xlsx("a.xlsx", book_of(A1="x", B2="=1+1", A2="y"))
    assert cells(sheet) == [["x"], ["y", ""]]
    assert [problem.place for problem in sheet.problems] == ["Sheet!B2"]


def test_an_error_of_a_formula_is_told() -> None:
    [sheet] = read_xlsx("a.xlsx", book_of(A1="x", B1="#N/A"))
    assert cells(sheet) == [["x", ""]]
    assert "#N/A" in sheet.problems[0].sentence


def test_hidden_sheets_are_not_read() -> None:
    book, file = Workbook(), BytesIO()
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.save(file)
    assert [sheet.name for sheet in read_xlsx("a.xlsx", file.getvalue())] == ["Sheet"]


def test_a_cell_at_the_far_end_is_no_reason_to_fill_memory() -> None:
    [sheet] = read_xlsx("a.xlsx", book_of(A1="x", XFD1048576="y"))
    assert cells(sheet) == [["x"]]
    assert "more than 200 cells" in sheet.problems[0].sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (xlsx(HEADER, [ROW])[:-200], "damaged"),
        (locked(xlsx(HEADER, [ROW])), "password"),
        (package({"xl/workbook.xml": "<a/>", "xl/vbaProject.bin": b"x"}), "macros"),
        (package({"xl/workbook.xml": "<a/>", "[Content_Types].xml": "<a/>"}), "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(NotReadable, match=words):
        read_xlsx("a.xlsx", content)


def test_a_sheet_that_is_broken_in_the_middle_is_refused_while_it_is_read() -> None:
    whole = xlsx(["a"] * 11, UPR_INFO * 200)
    import zipfile

    with zipfile.ZipFile(BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-3_000]
    [sheet] = read_xlsx("a.xlsx", package(parts))
    with pytest.raises(NotReadable, match="damaged"):
        cells(sheet)
