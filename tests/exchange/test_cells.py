"""Cells: text from people stays text, whatever stands in it."""

import re
from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from tests.exchange.rows import parts
from tracker.exchange import workbooks
from tracker.exchange.cells import (
    CELL_LIMIT,
    Content,
    MixedWords,
    SheetLink,
    WebLink,
    Words,
    clean,
    put_at,
    set_apart,
    shorten,
    words_of,
)
from tracker.exchange.styles import Look
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
    assert clean("a\x00bc\ud800\ufffe\r\nd\re") == "abc\nd\ne"
    assert written("Өкүлдөрдүн\x07 ң")[0].value == "Өкүлдөрдүн ң"


def test_control_characters_that_end_a_line_become_line_breaks() -> None:
    assert clean("a\x0bb\x0cc\x85d\u2028e\u2029f") == "a\nb\nc\nd\ne\nf"
    assert written("first\x0bsecond")[0].value == "first\nsecond"


CODES = [
    "_x000A_Other organisation, 2026-11-29: Fully implemented.",
    "_x0001_",
    "_x005F_x000A_",
    "_x000a_x000B_x000C_",
    "a__x0041__",
    "_X000A_",
    "no code: _x00_ x000A_ _x000G_",
]


@pytest.mark.parametrize("text", CODES)
def test_a_code_that_programs_decode_is_read_as_it_was_typed(text: str) -> None:
    _, data = written(text)
    assert as_programs_read("".join(re.findall(r"<t[^>]*>([^<]*)</t>", parts(data, "worksheets/")))) == text


def as_programs_read(text: str) -> str:
    """Excel and LibreOffice decode from the left, each underscore once."""
    return re.sub("_[xX]([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)


def test_no_code_comes_through_titles_footers_and_properties() -> None:
    workbook = workbooks.new_workbook("T_x000A_U")
    sheet = workbook.create_sheet(workbooks.sheet_title("S_x000A_"))
    put_at(sheet, 1, 1, SheetLink(sheet.title, "to_x000A_"))
    put_at(sheet, 2, 1, WebLink("https://example.org/", "open_x000A_"))
    put_at(sheet, 3, 1, WebLink("no address_x000A_", "open"))
    workbooks.set_page(sheet, "foot_x000A_")
    file = BytesIO()
    workbooks.write_workbook(workbook, file)
    everything = parts(file.getvalue(), r"\.xml$")
    assert everything.count("_x005F_x000A_") >= 6
    assert not re.search("(?<!_x005F)_x000A_", everything)


def test_what_turns_the_direction_reaches_no_cell_and_right_to_left_words_keep_to_themselves() -> None:
    assert written("a\u202eb\u2066c\u2069\u202c")[0].value == "abc"
    assert set_apart("plain, 2026") == "plain, 2026"
    assert set_apart("جمعية") == "\u200eجمعية\u200e"
    assert written("name\u200f")[0].value == "name"


def test_no_entry_of_a_small_workbook_is_a_zip64() -> None:
    """Its entries would ask for version 4.5 and say 0xFFFFFFFF for their sizes."""
    _, data = written("text")
    for match in re.finditer(b"PK\x03\x04(..)..........(....)(....)(....)", data, re.DOTALL):
        assert int.from_bytes(match[1], "little") < 45
    with ZipFile(BytesIO(data)) as archive:
        assert {entry.extract_version for entry in archive.infolist()} == {20}
        assert not any(entry.extra for entry in archive.infolist())


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
    assert written(ShownLevel.NO_ENTRY)[0].value == "No entry"


def test_words_of_several_looks_share_a_cell_and_are_no_formula() -> None:
    words = MixedWords((Words("=1+1 ", Look.BOLD), Words("\x00"), Words("_x000A_\ud800ң\r\n", Look.MUTED)))
    cell, data = written(words)
    assert (cell.value, cell.data_type) == ("=1+1 _x005F_x000A_ң\n", "s")
    assert "<f>" not in parts(data, "worksheets/")
    assert parts(data, "worksheets/").count("<rPr>") == 2
    assert words_of(words) == "=1+1 _x000A_ң\n"
    assert written(MixedWords(()))[0].value is None


def test_words_too_long_for_a_cell_say_where_the_whole_stands() -> None:
    words = MixedWords((Words("ы" * 20_000, Look.BOLD), Words("ы" * 20_000)))
    text = str(written(words, "https://tracker.example.org/A1")[0].value)
    assert len(text) == CELL_LIMIT
    assert text.endswith("Read the whole text at https://tracker.example.org/A1]")


@pytest.mark.parametrize(
    ("text", "title"), [("A/B: [C]*?", "A B   C"), ("'State'", "State"), ("x" * 40, "x" * 31), ("?", "–")]
)
def test_titles_of_sheets_are_ones_that_excel_accepts(text: str, title: str) -> None:
    assert workbooks.sheet_title(text) == title


def test_properties_name_no_person_and_no_moment() -> None:
    with speaking("en"):
        _, data = written("x")
    core = ElementTree.fromstring(parts(data, "docProps/core.xml"))
    assert {each.tag.partition("}")[2]: each.text for each in core} == {
        "creator": "UPR Follow-up",
        "title": "T",
    }
