"""Damaged files: what is found is a row, or a problem with its place, or the file is refused. Never another exception,
never a row that is lost without a word."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.imports.matrices import LAYOUTS, Row, quick_matrix
from tests.exchange.imports.states import asked
from tests.exchange.imports.test_number_lists import ADDENDUM
from tests.exchange.imports.test_working_group import HEADER, REPORT
from tests.exchange.imports.two_layouts import match
from tracker.exchange.imports.merging import merge_rows
from tracker.exchange.imports.number_lists import read_number_lists
from tracker.exchange.imports.ohchr_matrix import read_matrix
from tracker.exchange.imports.rows import NotReadable, ReadFile
from tracker.exchange.imports.theme_lists import is_heading
from tracker.exchange.imports.working_group import read_working_group

SIXTY = settings(max_examples=60, deadline=None)
SEEDS = st.integers(0, 2**32)
ODD = ("\xa0", "\u200b", "\t", "  ", "\u2028", "\xad", "\n", ");", "&nbsp", "<br>")
Damage = Callable[[list[str], Random], Row]


def missing_cell(cells: list[str], random: Random) -> Row:
    del cells[random.randrange(len(cells))]
    return cells


def swapped(cells: list[str], random: Random) -> Row:
    random.shuffle(cells)
    return cells


def merged(cells: list[str], random: Random) -> Row:
    return " ".join(cells)


def odd_signs(cells: list[str], random: Random) -> Row:
    at = random.randrange(len(cells))
    place = random.randrange(len(cells[at]) + 1)
    cells[at] = cells[at][:place] + random.choice(ODD) + cells[at][place:]
    return cells


def cut(cells: list[str], random: Random) -> Row:
    at = random.randrange(len(cells))
    cells[at] = cells[at][: random.randrange(len(cells[at]) + 1)]
    return cells


def one_more(cells: list[str], random: Random) -> Row:
    return [*cells, "more"]


def as_decimal(cells: list[str], random: Random) -> Row:
    return [cells[0].replace("28.", "2.80", 1), *cells[1:]]


DAMAGES: tuple[Damage, ...] = (missing_cell, swapped, merged, odd_signs, cut, one_more, as_decimal)


def damage(cells: Row, random: Random) -> Row:
    for each in random.sample(DAMAGES, random.randint(0, 2)):
        if not isinstance(cells, str) and cells:
            cells = each(list(cells), random)
    return cells


def told(found: ReadFile) -> set[str]:
    return {each.place for each in (*found.rows, *found.problems)}


def damaged_bytes(content: bytes, random: Random) -> bytes:
    if random.random() < 0.5:
        return content[: random.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(random.randint(1, 9)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("layout", range(len(LAYOUTS)))
@SIXTY
@given(SEEDS)
def test_no_row_of_a_damaged_matrix_is_lost(layout: int, seed: int) -> None:
    header, rows = LAYOUTS[layout]
    random = Random(seed)
    body = [damage(row, random) for row in rows * random.randint(1, 3)]
    found = read_matrix(quick_matrix(header, body), asked())
    for number, row in enumerate(body, start=2):
        is_known = is_heading(row) if isinstance(row, str) else not "".join(row).strip()
        assert is_known or f"table 1, row {number}" in told(found), row
    again = merge_rows(found.rows)
    assert sum(len(item.rows) for item in again.items) == len(found.rows)
    for standing, rows in ((found.rows, found.rows[::2]), (found.rows[::2], found.rows)):
        assert sum(len(each.item.rows) for each in match(standing, rows)) == len(rows)


@pytest.mark.parametrize("layout", range(len(LAYOUTS)))
@SIXTY
@given(SEEDS)
def test_a_matrix_with_damaged_bytes_is_read_or_refused(layout: int, seed: int) -> None:
    header, rows = LAYOUTS[layout]
    content = damaged_bytes(quick_matrix(header, rows), Random(seed))
    with suppress(NotReadable):
        assert told(read_matrix(content, asked()))


LINES = (
    ["76.1. Plant trees (Chile);", "kyrgysztan", "support", "Chile", "2010", ""],
    ["76.28   Feed the birds (Peru). );", "kyrgysztan", "consider", "Peru", "2010", "note"],
    ["96.1.1  Open the school (Togo)", "kyrgysztan", "reject", "Togo", "2010"],
)


@SIXTY
@given(SEEDS)
def test_no_line_of_a_damaged_table_is_lost(seed: int) -> None:
    random = Random(seed)
    lines = [damage(line, random) for line in LINES * random.randint(1, 3)]
    texts = [line if isinstance(line, str) else ",".join(line) for line in lines]
    texts = [" ".join(text.split()) for text in texts]
    found = read_working_group((HEADER + random.choice("\r\n").join(texts)).encode("utf-8"), asked())
    places = told(found)
    lost = [text for number, text in enumerate(texts, start=2) if f"line {number}" not in places]
    assert len([text for text in lost if text.strip(", ")]) <= found.left_out


TEXTS = (REPORT.encode(), ADDENDUM.encode(), (HEADER + ",".join(LINES[0])).encode())


@pytest.mark.parametrize("content", TEXTS, ids=("report", "addendum", "table"))
@pytest.mark.parametrize("read", [read_working_group, read_number_lists])
@SIXTY
@given(SEEDS)
def test_a_text_with_damaged_bytes_is_read_or_refused(
    read: Callable[..., ReadFile], content: bytes, seed: int
) -> None:
    with suppress(NotReadable):
        assert all(told(read(damaged_bytes(content, Random(seed)), asked())))


@SIXTY
@given(SEEDS)
def test_no_number_of_a_damaged_addendum_is_lost(seed: int) -> None:
    """Each number of a list stands in a row or in a problem, whatever signs stand between them."""
    random = Random(seed)
    refs = [f"140.{number}" for number in random.sample(range(1, 255), 12)]
    between = [random.choice((", ", ". ", "; ", "\n", " and ", ",", " ")) for _ in refs]
    text = "".join(ref + sign for ref, sign in zip(refs, between, strict=True))
    found = read_number_lists("The State accepts: " + text, asked())
    assert [row.ref for row in found.rows] == refs


@SIXTY
@given(SEEDS)
def test_no_number_of_a_damaged_report_is_lost(seed: int) -> None:
    """Lines are broken at any blank, and signs of pages stand between them."""
    random = Random(seed)
    lines = [f"76.{number}. Plant {number} trees in towns (Chile) (Peru);" for number in range(1, 9)]
    text = "76. These enjoy its support:\n"
    for line in lines:
        words = line.split(" ")
        at = random.randint(2, len(words) - 1)
        text += (
            " ".join(words[:at])
            + "\n"
            + random.choice(("", "\n12\n\n", "\nA/HRC/1/2\n"))
            + " ".join(words[at:])
            + "\n"
        )
    found = read_working_group(text.encode(), asked())
    assert [row.ref for row in found.rows] == [f"76.{number}" for number in range(1, 9)]
    assert {row.state_codes for row in found.rows} == {("CHL", "PER")}
