"""Each layout of tables, damaged in sixty ways: rows or problems with a place, or a refusal. Never another failure, and
never a row that is lost in silence."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.imports.states import asked
from tests.exchange.imports.table_files import (
    EXPLODED,
    EXPLODED_HEADER,
    OLD_HEADER,
    RENAMED_HEADER,
    TRACKER,
    TRACKER_HEADER,
    UHRI,
    UHRI_HEADER,
    UPR_INFO,
    ods,
    text,
    xlsx,
)
from tracker.exchange.imports.reading import read_assignments, read_file
from tracker.exchange.imports.rows import Asked, Column, NotReadable, ReadFile, Weight

C = Column
Table = list[list[Any]]
SIXTY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
ODD = st.sampled_from(
    [
        "",
        "  ",
        "\u00a0",
        "a\u00a0b",
        "\t",
        "28.1",
        28.1,
        "=1+1",
        "#REF!",
        "(",
        ";",
        "x" * 5_000,
        "ү",
        "\u202e",
        "&#0;",
        "<b",
        "- ",
        "\r",
        '"',
        4.0,
        -1.5,
        1e300,
    ]
)
WRITERS: list[Callable[[list[Any], Table], bytes]] = [
    xlsx,
    ods,
    lambda header, rows: text(header, rows).encode(),
    lambda header, rows: text(header, rows, ";", "\r").encode("mac_roman", errors="replace"),
    lambda header, rows: text(header, rows, "\t").encode("utf-16"),
    lambda header, rows: text(header, rows).encode("cp1251", errors="replace"),
]


@st.composite
def damaged(draw: st.DrawFn, header: list[str], rows: Table) -> tuple[bytes, int]:
    """The file, and how many rows below the header hold something; 0 where its bytes were damaged, too."""
    table = [list(header), *map(list, rows * 2)]
    for _ in range(draw(st.integers(0, 4))):
        _harm(draw, table)
    content = draw(st.sampled_from(WRITERS))(table[0], table[1:])
    if draw(st.integers(0, 2)) == 0:
        return _harm_bytes(draw, content), 0
    return content, sum(any(str(cell).strip() for cell in row) for row in table[1:])


def _harm(draw: st.DrawFn, table: Table) -> None:
    row = draw(st.integers(0, len(table) - 1))
    column, other = draw(st.integers(0, 11)), draw(st.integers(0, 11))
    kind = draw(st.sampled_from(["cell", "short", "long", "swap", "header", "blank", "column", "above"]))
    if kind == "cell" and column < len(table[row]):
        table[row][column] = draw(ODD)
    elif kind == "short":
        del table[row][column:]
    elif kind == "long":
        table[row] += ["more"] * draw(st.sampled_from([1, 250]))
    elif kind == "header" and max(column, other) < len(table[0]):
        table[0][column] = table[0][other]
    elif kind == "blank":
        table.insert(max(row, 1), [""] * len(table[0]))
    else:
        for each in table:
            if max(column, other) < len(each):
                each[column], each[other] = each[other], each[column]
                if kind == "column":
                    each[other] = ""


def _harm_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    at = draw(st.integers(0, 999)) * len(content) // 1_000
    kind = draw(st.sampled_from(["cut", "byte", "head", "double"]))
    if kind == "cut":
        return content[:at]
    if kind == "byte":
        return content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
    return content[at:] if kind == "head" else content + content


def check(content: bytes, given_: Asked, rows: int) -> None:
    """Each row below the header is read, counted as left out or refused with its place."""
    try:
        found = read_file("file", content, given_)
    except NotReadable:
        return
    assert all(row.place and (row.text or row.ref) for row in found.rows)
    assert all(problem.place and problem.sentence for problem in found.problems)
    if rows and not found.headers[: 1 if not given_.columns else 0]:
        assert accounted(found) >= rows, (accounted(found), rows)


def accounted(found: ReadFile) -> int:
    refused = {problem.place for problem in found.problems if problem.weight == Weight.REFUSED}
    headings = {problem.place for problem in found.problems if "as a heading" in problem.sentence}
    return len(found.rows) + found.left_out + len(refused) + len(headings)


@SIXTY
@given(damaged(OLD_HEADER, UPR_INFO))
def test_upr_info(harmed: tuple[bytes, int]) -> None:
    check(harmed[0], asked(cycle=1), harmed[1])


@SIXTY
@given(damaged(RENAMED_HEADER, UPR_INFO))
def test_upr_info_with_other_headers(harmed: tuple[bytes, int]) -> None:
    check(harmed[0], asked(), harmed[1])


@SIXTY
@given(damaged(UHRI_HEADER, UHRI))
def test_uhri(harmed: tuple[bytes, int]) -> None:
    check(harmed[0], asked(cycle=3), harmed[1])


@SIXTY
@given(damaged(TRACKER_HEADER, TRACKER))
def test_a_tracker(harmed: tuple[bytes, int]) -> None:
    columns = (C.REF, C.TEXT, C.LEVEL, C.DONE, C.AS_OF_ON, C.ORGANISATION)
    check(harmed[0], replace(asked(), columns=columns), harmed[1])
    check(harmed[0], asked(), 0)


@SIXTY
@given(damaged(EXPLODED_HEADER, EXPLODED))
def test_the_exploded_matrix(harmed: tuple[bytes, int]) -> None:
    columns = (C.POSITION, C.REF, C.TEXT, C.STATES, C.NONE, C.THEMES)
    check(harmed[0], replace(asked(), columns=columns), harmed[1])


@SIXTY
@given(
    damaged(
        ["Ref", "Lead", "Supporting"],
        [["1.1", "Ministry of Parks", "A; B"], ["1.2", "Ministry of Books", ""]],
    )
)
def test_assignments(harmed: tuple[bytes, int]) -> None:
    try:
        found = read_assignments("file", harmed[0])
    except NotReadable:
        return
    assert all(row.ref and (row.lead or row.supporting) for row in found.rows)
    assert all(problem.place for problem in found.problems)


RECORDS = [
    {
        "Text": f"140.{number} Plant trees",
        "Countries": ["Kyrgyzstan"],
        "Body": "- UPR",
        "AnnotationId": str(number),
        "UprSession": ["35th Session - Cycle 3"],
        "UprPositions": ["Supported"],
    }
    for number in range(1, 6)
]


@SIXTY
@given(st.data())
def test_the_json_of_uhri(data: st.DataObject) -> None:
    values = st.sampled_from([None, "", 5, [], ["x"], {"a": 1}, [None], "- UPR", True, "x" * 1_000])
    records: list[Any] = [dict(record) for record in RECORDS]
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(records) - 1))
        if isinstance(records[at], dict):
            records[at][data.draw(st.sampled_from(list(RECORDS[0])))] = data.draw(values)
        if data.draw(st.integers(0, 5)) == 0:
            records[at] = data.draw(values)
    content = json.dumps(records).encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig"])))
    is_harmed = data.draw(st.booleans())
    content = _harm_bytes(data.draw, content) if is_harmed else content
    check(content, asked(cycle=3), 0 if is_harmed else len(records))
