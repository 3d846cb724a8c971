"""Real files, read where they lie (TRACKER_REAL_DATA), against counts that were made without this program."""

import csv
import json
from collections import Counter
from io import StringIO
from itertools import groupby

import pytest

from tests.exchange.imports.states import REAL, asked, known_states, needs_real_data
from tests.exchange.imports.two_layouts import count, match
from tracker.exchange.imports.merging import merge_rows
from tracker.exchange.imports.named_review import OtherReview
from tracker.exchange.imports.number_lists import read_number_lists
from tracker.exchange.imports.ohchr_matrix import read_matrix
from tracker.exchange.imports.reading import read_file
from tracker.exchange.imports.rows import Asked, FileRow, ReadFile
from tracker.exchange.imports.state_names import fold_name
from tracker.exchange.imports.texts import clean_text
from tracker.exchange.imports.theme_lists import without_code
from tracker.exchange.imports.working_group import read_working_group
from tracker.models.recommendations import Position

pytestmark = needs_real_data
PAIRS = {"egypt-2014.docx": 321, "china-2013.docx": 285, "slovenia-2019.docx": 223, "slovenia-2025.docx": 262}
"""Recommendations × States. UPR Info has 321 rows on Egypt, too."""
WORDS = {
    "Supported": Position.SUPPORTED,
    "Noted": Position.NOTED,
    "Supported/Noted": Position.SUPPORTED_IN_PART,
}


REVIEWS = {
    "egypt-2014.docx": ("EGY", 2),
    "china-2013.docx": ("CHN", 2),
    "slovenia-2019.docx": ("SVN", 3),
    "slovenia-2025.docx": ("SVN", 4),
}


def read_real_matrix(name: str) -> ReadFile:
    return read_matrix((REAL / "ohchr-matrix" / name).read_bytes(), asked(*REVIEWS[name]))


def read_real(name: str) -> ReadFile:
    return read_working_group((REAL / "wg-reports" / name).read_bytes(), asked())


def rows_of_upr_info(name: str, code: str) -> list[FileRow]:
    """The columns by their places: two headers occur twice."""
    text = (REAL / "upr-info" / name).read_bytes().decode("mac_roman")
    states, rows = known_states(), list[FileRow]()
    for number, cells in enumerate(csv.reader(StringIO(text, newline="")), start=1):
        if states.get(fold_name(cells[0])) == code:
            rows.append(
                FileRow(
                    f"line {number}",
                    clean_text(cells[3]),
                    state_code=code,
                    state_codes=(states[fold_name(cells[4])],),
                    position=Position.SUPPORTED if cells[7] == "Accepted" else Position.NOTED,
                    issues=tuple(cells[9].split(",")),
                    action_category=int(float(cells[8])),
                )
            )
    return rows


@pytest.mark.parametrize("name", PAIRS)
def test_a_real_matrix_has_the_counts_of_its_report(name: str) -> None:
    golden = json.loads((REAL / "golden-counts.json").read_text(encoding="utf-8"))["ohchr_matrix"][name]
    found = read_real_matrix(name)
    assert (len(found.rows), found.problems) == (golden["recommendations"], ())
    expected = {WORDS[word]: count for word, count in golden["positions"].items()}
    assert Counter(row.position for row in found.rows) == expected
    assert sum(len(row.state_codes) for row in found.rows) == PAIRS[name]
    assert len({row.ref for row in found.rows}) == len(found.rows)
    assert all(row.text and row.themes and row.position_source and row.heading for row in found.rows)


@pytest.mark.parametrize("name", PAIRS)
def test_a_real_matrix_has_the_headings_of_the_document(name: str) -> None:
    """The golden count of a heading that occurs twice is that of its last section. Two headings of Egypt have different
    codes and the same words."""
    golden = json.loads((REAL / "golden-counts.json").read_text(encoding="utf-8"))["ohchr_matrix"][name]
    sections = [
        (heading, len(list(rows)))
        for heading, rows in groupby(read_real_matrix(name).rows, lambda row: row.heading)
    ]
    last = dict(sections)
    assert list(last.items())[:5] == [(without_code(theme), count) for theme, count in golden["first_themes"]]
    same_words = {"egypt-2014.docx": 1}.get(name, 0)
    assert len(last) == golden["theme_rows"] - same_words


def test_a_matrix_alone_gives_its_recommendations() -> None:
    merged = merge_rows(read_real_matrix("egypt-2014.docx").rows)
    assert (len(merged.items), merged.problems) == (300, ())
    assert sum(len(item.row.state_codes) for item in merged.items) == 321


def test_china_2013_from_two_layouts_is_counted_once() -> None:
    rows = rows_of_upr_info("14-17.csv", "CHN")
    assert len(rows) == 284
    matrix = read_real_matrix("china-2013.docx").rows
    found = match(matrix, rows)
    assert sorted(each.keys for each in found) == [(at,) for at in range(252)]
    assert all(
        each.item.row.action_category and each.item.row.issues and not each.item.problems for each in found
    )
    assert sum(len(each.item.rows) for each in found) == 284
    assert count(matrix, rows) == 252


def test_kyrgyzstan_2010_from_two_layouts_is_counted_once() -> None:
    """UPR Info parts some of the 168 into several rows; their positions are later than the report."""
    rows = rows_of_upr_info("6-9.csv", "KGZ")
    report = read_real("kyrgyzstan-2010.txt").rows
    found = match(report, rows)
    assert (len(rows), sum(len(each.item.rows) for each in found)) == (175, 175)
    assert count(report, rows) == len(report) == 168
    problems = [each.sentence for match in found for each in match.item.problems]
    parts = [each.split()[5] for each in problems if "only a part" in each]
    assert sorted(parts) == ["77.1", "77.1", "77.1", "77.11", "77.11", "77.18", "77.18", "77.4", "77.4"]
    before = [report[each.keys[0]].position for each in found]
    differing = [
        position
        for position, each in zip(before, found, strict=True)
        if position is not each.item.row.position
    ]
    assert differing == [Position.PENDING] * 41


def test_the_report_on_kyrgyzstan_says_what_the_table_of_it_says() -> None:
    table, report = read_real("2010-parsed.csv"), read_real("kyrgyzstan-2010.txt")
    assert (len(table.rows), table.left_out, table.problems) == (170, 6_044 - 170, ())
    assert (len(report.rows), report.problems) == (168, ())
    assert sum(len(row.state_codes) for row in report.rows) == 170
    items = {item.row.ref: item.row for item in merge_rows(table.rows).items}
    assert set(items) == {row.ref for row in report.rows}
    for row in report.rows:
        other = items[row.ref]
        assert (set(other.state_codes), other.position) == (set(row.state_codes), row.position)
    assert Counter(row.position for row in report.rows) == {Position.SUPPORTED: 127, Position.PENDING: 41}


@pytest.mark.parametrize("code", ["IRN", "PRK", "CRI", "ARM", "LAO", "ESP"])
def test_other_reviews_of_the_table_are_read(code: str) -> None:
    found = read_working_group((REAL / "wg-reports" / "2010-parsed.csv").read_bytes(), asked(code))
    assert len(found.rows) > 90
    assert all(row.ref and row.text and row.state_codes for row in found.rows)
    assert len(found.rows) + found.left_out == 6_044


def test_the_numbers_of_an_addendum_are_those_of_the_matrix() -> None:
    found = read_number_lists((REAL / "wg-reports" / "slovenia-2025-add1.txt").read_bytes(), asked("SVN"))
    assert Counter(row.position for row in found.rows) == {Position.SUPPORTED: 217, Position.NOTED: 37}
    assert found.problems == ()
    matrix = read_real_matrix("slovenia-2025.docx")
    assert {row.ref: row.position for row in found.rows} == {row.ref: row.position for row in matrix.rows}
    matched = match(matrix.rows, found.rows)
    assert sorted(each.keys for each in matched) == [(at,) for at in range(254)]
    assert not any(each.item.problems for each in matched)


def test_a_table_whose_numbers_became_decimals_is_told_so() -> None:
    """310 numbers for 346 recommendations."""
    with (REAL / "ohchr-matrix" / "china-2018-exploded.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    rows = [
        FileRow(
            f"line {line}",
            clean_text(each["recommendations"]),
            each["code"],
            position=WORDS[each["position"]],
        )
        for line, each in enumerate(cells, start=2)
    ]
    merged = merge_rows(rows)
    assert (len(rows), len({row.ref for row in rows})) == (971, 310)
    assert len(merged.items) >= 346
    assert sum(len(item.rows) for item in merged.items) == 971
    told = {each.sentence.split()[0] for each in merged.problems}
    assert {"28.1", "28.4", "28.16", "28.9"} <= told
    assert {item.row.ref for item in merged.items if item.rows[0].ref in {"28.1", "28.4"}} == {None}


@pytest.mark.parametrize("name", REVIEWS)
def test_a_matrix_of_another_review_is_refused(name: str) -> None:
    """Its header names State and cycle."""
    state, cycle = REVIEWS[name]
    content = (REAL / "ohchr-matrix" / name).read_bytes()
    for other in (asked("KGZ", cycle), asked(state, cycle - 1)):
        with pytest.raises(OtherReview, match=r"The header of this document says “UPR of"):
            read_matrix(content, other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("kyrgyzstan-2010.txt", asked("TJK", 1)),
        ("kyrgyzstan-2010.txt", asked("KGZ", 4)),
        ("slovenia-2025-add1.txt", asked("KGZ", 4)),
    ],
)
def test_a_report_or_an_addendum_of_another_review_is_refused(name: str, other: Asked) -> None:
    with pytest.raises(OtherReview, match=f"the review is {other.state_code}-{other.cycle}"):
        read_file(name, (REAL / "wg-reports" / name).read_bytes(), other)
