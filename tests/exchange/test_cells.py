"""Cells: text from people stays text, whatever stands in it."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from tests.exchange.rows import parts
from tracker.exchange import workbooks
from tracker.exchange.cells import CELL_LIMIT, Content, SheetLink, WebLink, clean, put_at, shorten
from tracker.language import speaking
from tracker.models.levels import ShownLevel


def written(content: Content, whole_text_at: str = "") -> tuple[Cell, bytes]:
    workbook = workbooks.new_workbook("T")
    put_at(workbook.create_sheet("S"), 1, 1, content, whole_text_at=whole_text_at)
    file = BytesIO()
    workbooks.write_workbook(workbook, file)
    return load_workbook(file)["S"].cell(1, 1), file.getvalue()


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "#N/A", "\t=1", "007"]
)
def test_text_from_people_is_never_a_formula(text: str) -> None:
    cell, data = written(text)
    assert (cell.value, cell.data_type) == (text, "s")
    assert "<f>" not in parts(data, "worksheets/")


def test_characters_that_excel_refuses_are_removed_and_lines_kept() -> None:
    assert clean("a\x00b\x0bc\ud800\ufffe\r\nd\re") == "abc\nd\ne"
    assert written("Өкүлдөрдүн\x07 ң")[0].value == "Өкүлдөрдүн ң"


def test_a_long_text_ends_by_saying_where_the_whole_stands() -> None:
    text = written("ы" * 40_000, "https://tracker.example.org/A1")[0].value
    assert isinstance(text, str)
    assert len(text) == CELL_LIMIT
    assert text.startswith("ыыы")
    assert text.endswith("Read the whole text at https://tracker.example.org/A1]")
    assert "on its page" in shorten("x" * 40_000)
    assert shorten("x" * CELL_LIMIT) == "x" * CELL_LIMIT


def test_the_limit_counts_as_excel_counts() -> None:
    short = shorten("😀" * 20_000)
    assert len(short.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert "�" not in short


def test_dates_are_dates() -> None:
    cell, _ = written(date(2026, 11, 3))
    assert cell.is_date
    assert cell.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    "content", ["text", 7, date(2026, 11, 3), WebLink("https://example.org/", "Open"), *ShownLevel]
)
def test_a_cell_looks_as_if_its_style_had_been_set_by_name(content: Content) -> None:
    sheet = workbooks.new_workbook("T").create_sheet("S")
    put_at(sheet, 1, 1, content)
    by_name, cell = sheet.cell(1, 2), sheet.cell(1, 1)
    by_name.style = cell.style
    assert cell.style.startswith("Tracker ")
    assert (cell.style_id, cell.number_format) == (by_name.style_id, by_name.number_format)


def test_a_cell_that_is_given_another_look_changes_no_other() -> None:
    sheet = workbooks.new_workbook("T").create_sheet("S")
    for column in (1, 2):
        put_at(sheet, 1, column, "text")
    sheet.cell(1, 1).number_format = "0.0"
    assert sheet.cell(1, 2).number_format == "General"


def test_links_show_words() -> None:
    cell, data = written(WebLink("https://example.org/ү?a=1&b=2#c", "Open"))
    assert cell.value == "Open"
    assert cell.hyperlink is not None
    assert cell.hyperlink.target == "https://example.org/%D2%AF?a=1&b=2#c"
    assert "<f>" not in parts(data, "worksheets/")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://[bad",
        "https://",
        "https://a#b#c",
        "https://сайт.рф/",
        "x" * 3000,
    ],
)
def test_an_address_that_excel_would_repair_or_run_stays_text(address: str) -> None:
    cell, _ = written(WebLink(address, "Open"))
    assert cell.value == address
    assert cell.hyperlink is None


def test_a_place_points_to_a_sheet_with_an_apostrophe() -> None:
    cell, _ = written(SheetLink("State's", "State's"))
    assert cell.hyperlink is not None
    assert cell.hyperlink.location == "'State''s'!A1"


def test_a_level_carries_its_word() -> None:
    assert written(ShownLevel.NOT_ASSESSED)[0].value == "Not assessed"


@pytest.mark.parametrize(
    ("text", "title"), [("A/B: [C]*?", "A B   C"), ("'State'", "State"), ("x" * 40, "x" * 31), ("?", "–")]
)
def test_titles_of_sheets_are_ones_that_excel_accepts(text: str, title: str) -> None:
    assert workbooks.sheet_title(text) == title


def test_properties_name_no_person_and_no_moment() -> None:
    with speaking("en"):
        _, data = written("x")
    core = parts(data, "docProps/core.xml")
    assert "<dc:creator>UPR Follow-up</dc:creator>" in core
    assert "lastModifiedBy" not in core
    assert "dcterms:" not in core.replace("xmlns:dcterms", "")
