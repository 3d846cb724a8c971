"""Any table: what its columns hold is suggested, a person says it, and each row is read or told."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.exchange.imports.states import asked
from tests.exchange.imports.table_files import (
    EXPLODED,
    EXPLODED_HEADER,
    TRACKER,
    TRACKER_HEADER,
    ods,
    text,
    xlsx,
)
from tests.exchange.rows import list_bytes, recommendation
from tracker.exchange.imports.column_names import suggest_columns
from tracker.exchange.imports.reading import read_file
from tracker.exchange.imports.rows import Column, Layout, NotReadable, ReadFile, Weight
from tracker.models.levels import Level
from tracker.models.recommendations import Position

C = Column
LIST_HEADER = ["Ref", "Recommendation", "Recommending State(s)", "Position", "Themes"]
LIST = [
    [
        "1.1.",
        "Plant trees",
        "Chile, Laos",
        "Supported",
        "Clean air\nAffected persons:\n- children\nSDGs:\n- 16.3",
    ]
]
LIST_COLUMNS = (C.REF, C.TEXT, C.STATES, C.POSITION, C.THEMES)


def read(content: bytes, *columns: Column) -> ReadFile:
    found = read_file("table", content, replace(asked(), columns=columns))
    assert found.layout == Layout.TABLE
    return found


def sentences(found: ReadFile) -> dict[str, str]:
    return {problem.place: problem.sentence for problem in found.problems}


def test_without_chosen_columns_it_returns_headers_and_first_rows() -> None:
    found = read(xlsx(LIST_HEADER, LIST * 30, above=[["The list"]]))
    assert (found.headers, len(found.samples), found.rows) == (tuple(LIST_HEADER), 10, ())
    assert found.samples[0] == tuple(LIST[0])
    assert suggest_columns(found.headers, found.samples) == LIST_COLUMNS


@pytest.mark.parametrize(
    "content", [xlsx(LIST_HEADER, LIST), ods(LIST_HEADER, LIST), text(LIST_HEADER, LIST, "\t").encode()]
)
def test_a_row_by_chosen_columns(content: bytes) -> None:
    [row] = read(content, *LIST_COLUMNS).rows
    assert (row.ref, row.text, row.state_codes, row.position) == (
        "1.1",
        "Plant trees",
        ("CHL", "LAO"),
        Position.SUPPORTED,
    )


def test_one_cell_may_list_themes_groups_and_goals() -> None:
    [row] = read(xlsx(LIST_HEADER, LIST), *LIST_COLUMNS).rows
    assert (row.themes, row.groups, row.sdgs) == (("Clean air",), ("children",), ("16.3",))


def test_the_tracker_of_a_ministry_brings_levels_along() -> None:
    content = xlsx(TRACKER_HEADER, TRACKER)
    before = read(content)
    columns = suggest_columns(before.headers, before.samples)
    assert columns == (C.REF, C.TEXT, C.LEVEL, C.DONE, C.AS_OF_ON, C.ORGANISATION)
    found = read(content, *columns)
    first, second, third = found.rows
    assert (first.level, first.done, first.as_of_on) == (
        Level.PARTIALLY_IMPLEMENTED,
        "Посажено сто деревьев",
        date(2026, 11, 20),
    )
    assert (first.organisation, found.language) == ("Министерство парков", "ru")
    assert (second.level, third.level) == (Level.PARTIALLY_IMPLEMENTED, None)
    said = sentences(found)
    assert sorted(said) == ["Sheet1!C3", "Sheet1!C4", "Sheet1!E4"]
    assert "may mean less" in said["Sheet1!C3"]


def test_refs_that_were_read_as_decimals_are_told() -> None:
    """From the exploded matrix: 28.1 stands for 28.1, 28.10 and 28.100."""
    found = read(
        text(EXPLODED_HEADER, EXPLODED).encode(), C.POSITION, C.REF, C.TEXT, C.STATES, C.NONE, C.THEMES
    )
    assert len(found.rows) == len(EXPLODED)
    said = sentences(found)
    assert "2 different texts" in said["line 2"]
    assert "2 different texts" in said["line 3"]
    assert "ends in a zero" in said["line 4"]  # 28.2 may be 28.20
    assert len(said) == 3


def test_a_number_in_a_cell_for_refs_is_told() -> None:
    said = sentences(
        read(xlsx(["Ref", "Text"], [[28.1, "Plant trees"], ["28.2", "Open"], [4.0, "Teach"]]), C.REF, C.TEXT)
    )
    assert list(said) == ["Sheet1!A2"]
    assert "28.10" in said["Sheet1!A2"]


def test_the_number_may_stand_before_the_text() -> None:
    found = read(xlsx(["Text", "Theme"], [["28.10 Plant trees (Chile);", "Air"]]), C.TEXT, C.THEMES)
    assert [(row.ref, row.text, row.state_codes) for row in found.rows] == [
        ("28.10", "Plant trees", ("CHL",))
    ]
    both = read(xlsx(["No", "Text"], [[28.1, "28.10 Plant trees"]]), C.REF, C.TEXT)
    assert [(row.ref, row.text) for row in both.rows] == [("28.10", "Plant trees")]
    assert both.problems == ()


def test_a_row_with_one_cell_is_a_heading() -> None:
    rows = [["", "", "Rights of trees"], ["1.1", "Plant trees", "x"]]
    found = read(xlsx(["Ref", "Text", "Theme"], rows), C.REF, C.TEXT, C.THEMES)
    assert [(row.text, row.heading) for row in found.rows] == [("Plant trees", "Rights of trees")]
    assert "heading" in sentences(found)["Sheet1!C2"]


def test_a_row_without_text_is_refused_with_its_place() -> None:
    found = read(xlsx(["Ref", "Text", "Theme"], [["1.1", "", "x"]]), C.REF, C.TEXT, C.THEMES)
    assert [(problem.place, problem.weight) for problem in found.problems] == [("Sheet1!B2", Weight.REFUSED)]


def test_a_table_of_refs_alone_may_bring_levels() -> None:
    found = read(xlsx(["Ref", "Level"], [["1.1", "planned"], ["", "planned"]]), C.REF, C.LEVEL)
    assert [(row.ref, row.text, row.level) for row in found.rows] == [("1.1", "", Level.PLANNED)]
    assert [problem.weight for problem in found.problems] == [Weight.REFUSED]


def test_columns_of_the_same_kind_are_joined() -> None:
    rows = [["1.1", "Plant trees", "Air", "Water", "one", "two"]]
    header = ["Ref", "Text", "Theme", "Theme", "Done", "Done"]
    columns = (C.REF, C.TEXT, C.THEMES, C.THEMES, C.DONE, C.DONE)
    [row] = read(xlsx(header, rows), *columns).rows
    assert (row.themes, row.done) == (("Air", "Water"), "one\ntwo")


def test_sheets_of_the_same_headers_are_read_and_others_are_told() -> None:
    book, file = Workbook(), BytesIO()
    first = book.active
    assert first is not None
    for number, sheet in enumerate((first, book.create_sheet("Second"))):
        sheet.append(["Ref", "Text"])
        sheet.append([f"1.{number}", f"Plant {sheet.title}"])
    other = book.create_sheet("Other")
    for row in (["Day", "Who", "Where"], ["1", "2", "3"]):
        other.append(row)
    book.save(file)
    found = read(file.getvalue(), C.REF, C.TEXT)
    assert [row.text for row in found.rows] == ["Plant Sheet", "Plant Second"]
    assert list(sentences(found)) == ["Other!A1"]


def test_a_column_for_texts_or_numbers_is_needed() -> None:
    with pytest.raises(NotReadable, match="Choose the column"):
        read(xlsx(LIST_HEADER, LIST), C.NONE, C.THEMES)


def test_the_list_of_this_product_is_read_back() -> None:
    rows = [
        recommendation("140.10", text="Plant trees", position=Position.NOTED),
        recommendation("140.2", text="Open a library", position=Position.SUPPORTED),
    ]
    content = list_bytes(rows)
    before = read(content)
    columns = suggest_columns(before.headers, before.samples)
    named = dict(zip(before.headers, columns, strict=True))
    assert [
        named[header]
        for header in ("Ref", "Recommendation", "Position", "Heading", "Lead organisation", "Topics")
    ] == [C.REF, C.TEXT, C.POSITION, C.HEADING, C.LEAD, C.THEMES]
    found = read(content, *columns)
    said = [(row.ref, row.text, row.position, row.heading, row.themes) for row in found.rows]
    assert said == [(row.ref, row.text, row.position, row.heading, row.topics) for row in rows]
    assert found.problems == ()
