"""The sheet Report: a block for each recommendation, every entry signed, nothing cut and nothing blank."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tests.exchange.rows import (
    independent,
    item,
    midterm_bytes,
    one_point,
    parts,
    point,
    read,
    report,
    state,
)
from tracker.exchange import styles
from tracker.exchange.midterm import page_breaks
from tracker.exchange.midterm.blocks import BLOCK, POINT, Row, list_rows
from tracker.exchange.midterm.page_breaks import PAGE_POINTS, find_breaks
from tracker.exchange.text_lines import count_lines, split_text
from tracker.language import gettext, speaking
from tracker.models.levels import Level, Voice
from tracker.models.recommendations import Position
from tracker.queries.midterm import MidtermReport


def lines(given: MidtermReport) -> list[tuple[Any, ...]]:
    return [
        tuple(cell or "" for cell in row)
        for row in read(midterm_bytes(given))[gettext("Report")].iter_rows(values_only=True)
    ]


def words(given: MidtermReport) -> str:
    return "\n".join(" | ".join(map(str, row)) for row in lines(given))


def full() -> MidtermReport:
    spoken = state(
        reason="An order is in force.",
        text="Eleven officers were trained.",
        next_step="Train the south.",
        next_step_on=date(2027, 3, 31),
        as_of_on=date(2026, 10, 1),
    )
    first = point(
        "A1.1",
        spoken,
        independent("Open Justice", Level.REGRESSED, reason="No case was heard."),
        independent("Second Lamp", Level.PARTIALLY_IMPLEMENTED, reason="Some were."),
    )
    whole = independent("Open Justice", Level.NOT_IMPLEMENTED, reason="Taken together nothing moved.")
    return report([item(points=[first, point("A1.2", text="Amending the law")], wholes=(whole,))])


def test_a_block_tells_what_is_asked_and_what_each_voice_says() -> None:
    assert lines(full())[1:] == [
        ("Source of all recommendations: Letter of 4 December 2020", ""),
        ("“No entry” alone: neither the State nor another voice has an entry there.", ""),
        ("A1", "Ratify"),
        ("Ratifying the convention; amending the law.", ""),
        ("Annex of the letter · Women · Lead: Ministry of Justice · Supporting: Supreme Court", ""),
        ("A1.1", "Ratifying the convention"),
        (
            "Ministry of Justice\nState, situation on 1 Oct 2026",
            "Partially implemented. An order is in force.\nDone: Eleven officers were trained."
            "\nNext step by 31 Mar 2027: Train the south.",
        ),
        ("Open Justice\nCivil society, 3 Nov 2026", "Regressed. No case was heard."),
        ("Second Lamp\nCivil society, 3 Nov 2026", "Partially implemented. Some were."),
        ("Civil society", "Range. Regressed to Partially implemented, 2 organisations"),
        ("Contradict", "1 of 2 organisations: Open Justice"),
        ("A1.2 · no entry", "Amending the law"),
        ("On the whole", "Assessments of the whole recommendation; figures count points only"),
        ("Open Justice\nCivil society, 3 Nov 2026", "Not implemented. Taken together nothing moved."),
    ]


def test_a_voice_that_is_silent_takes_a_few_words() -> None:
    spoken = independent("Open Justice", Level.PLANNED)
    assert "A1.1 · State: no entry |" in words(one_point(spoken))
    assert "A1.1 · Civil society: no entry |" in words(one_point(state()))
    nhri = independent("Ombudsperson", Level.PLANNED, Voice.NHRI)
    assert "A1.1 · State, Civil society: no entry |" in words(one_point(nhri))


def test_what_is_empty_in_the_whole_review_is_left_out() -> None:
    assert "Position" not in words(report([item(), item("A2")]))
    noted = words(report([item(position=Position.NOTED), item("A2")]))
    assert noted.count("Position: Noted") == noted.count("Position: –") == 1
    assert "Recommended by: Peru" in words(report([item(recommending_states=("Peru",))]))


def test_recommendations_of_several_sources_name_theirs() -> None:
    found = words(report([item(), item("A2", source_title="Report", source_symbol="A/HRC/44/4")]))
    assert "Source of all" not in found
    assert "Source: Letter of 4 December 2020" in found
    assert "Source: Report, A/HRC/44/4" in found


def test_a_point_that_is_the_whole_recommendation_does_not_repeat_it() -> None:
    text = "Ratifying the convention; amending the law"
    assert "A1.1 · no entry | As the recommendation says" in words(one_point(text=text))


def test_entries_in_another_language_are_marked_and_not_dropped() -> None:
    given = one_point(
        state(reason="Приказ действует.", language="ru"),
        independent("Open Justice", Level.PLANNED, reason="План бар.", language="ky"),
    )
    assert "Partially implemented. [ru] Приказ действует." in words(given)
    assert "Planned. [ky] План бар." in words(given)
    with speaking("ru"):
        assert "[ru]" not in words(given)


def test_an_entry_on_an_earlier_wording_quotes_it() -> None:
    given = one_point(
        state(reason="Приказ действует.", language="ru", earlier_wording="Ratifying both conventions"),
        independent("Open Justice", Level.PLANNED, reason="Some.", earlier_wording="Ratifying the first"),
        independent("Second Lamp", Level.PLANNED, reason="All."),
    )
    said = [text for _, text in lines(given)]
    assert (
        "Partially implemented. [ru] Приказ действует.\nSaid of an earlier wording: “Ratifying both conventions”"
        in said
    )
    assert "Planned. Some.\nSaid of an earlier wording: “Ratifying the first”" in said
    assert "Planned. All." in said


def test_the_institution_on_itself_is_marked() -> None:
    own = independent("Ombudsperson", Level.PLANNED, Voice.NHRI, is_self_assessment=True)
    found = words(report([item(points=[point("A1.1", own)], wholes=(own,))]))
    assert found.count("Ombudsperson (self-assessment)\nNHRI, 3 Nov 2026") == 2


def test_the_mark_beside_planned_differs_from_those_of_other_levels() -> None:
    looks = {}
    for level in Level:
        sheet = read(midterm_bytes(one_point(state(level, reason="x"))))["Report"]
        cell = next(cell for cell in sheet["B"] if str(cell.value).startswith(f"{level.label}. "))
        looks[level] = (cell.border.left.style, cell.border.left.color.rgb[2:])
    assert looks[Level.PLANNED] == ("double", styles.LEVEL_COLOURS[Level.PLANNED].edge)  # type: ignore[index]
    assert len({look for level, look in looks.items() if level.place}) == 5
    assert {looks[level][0] for level in Level if not level.place} == {"mediumDashed"}


def test_no_text_of_people_becomes_a_formula_or_a_code() -> None:
    given = item(
        points=[point("A1.1", state(reason="=1+1", text="Done_x000A_Other"), text="=A3")],
        short_title="=A1",
        text="=A2",
    )
    data = midterm_bytes(report([given]))
    assert "<f>" not in parts(data, "worksheets/")
    assert "Done_x005F_x000A_Other" in parts(data, "worksheets/")


LONG = "lamp " * 2_000


def test_a_text_longer_than_a_row_can_be_high_goes_on_in_the_next_row() -> None:
    given = one_point(state(reason="Short.", text=LONG), text=LONG)
    rows = list(list_rows(given))
    assert max(row.height for row in rows) <= 409
    shown = words(given)
    assert shown.count("lamp") == 4_000
    sheet = read(midterm_bytes(given))["Report"]
    assert max(dimension.height for dimension in sheet.row_dimensions.values() if dimension.height) <= 409


@pytest.mark.parametrize(
    "text", ["word " * 200, "ңөү" * 500, "https://example.org/" + "a" * 900, "a\n\nb\n", ""]
)
def test_a_text_that_is_split_loses_nothing(text: str) -> None:
    split = split_text(text, 60, 5)
    assert all(count_lines(part, 60) <= 5 for part in split)
    assert "".join("".join(split).split()) == "".join(text.split())


def test_letters_count_as_wide_as_they_are() -> None:
    lines_of = [count_lines(letter * 300, 60) for letter in "iaШ人"]
    assert lines_of == sorted(set(lines_of))


def test_page_and_letters() -> None:
    """A4 portrait; columns that both in Calibri and in wider letters leave more than nine points of ten."""
    sheet = read(midterm_bytes())["Report"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
    assert sheet.print_title_rows == "$1:$1"
    widest_digit_points, printable_points = 6.3, 595 - 2 * 0.4 * 72
    wide = sum(sheet.column_dimensions[letter].width for letter in "AB") * widest_digit_points
    smallest = min(cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value)
    assert smallest * min(1, printable_points / wide) >= 9


def block(*heights: float) -> list[Row]:
    """A recommendation of points of these heights."""
    looks, nothing = ("", ""), (None, None)
    head = Row(nothing, looks, 50, BLOCK)
    return [
        head,
        *(
            row
            for each in heights
            for row in (Row(nothing, looks, 20, POINT), Row(nothing, looks, each - 20))
        ),
    ]


def test_a_page_ends_between_recommendations_or_else_between_points() -> None:
    # Given a block that nearly fills a page, the next one begins on the next page
    assert find_breaks([*block(300, 250), *block(100)]) == [5]
    # Given half a page is left, a block begins there, and breaks before the point that has no room
    rows = [*block(300), *block(200, 200)]
    assert find_breaks(rows) == [6]
    assert rows[6].begins == POINT
    # And a head never stands alone at the end of a page
    assert find_breaks([*block(550), *block(100)]) == [3]


def test_no_page_holds_more_than_it_can() -> None:
    rows = list(
        list_rows(
            report(
                [
                    item(f"A{n}", [point(f"A{n}.{k}", state(text="word " * (k * 30))) for k in range(1, 6)])
                    for n in range(1, 12)
                ]
            )
        )
    )
    begins = [0, *find_breaks(rows), len(rows)]
    pages = [sum(row.height for row in rows[start:end]) for start, end in pairwise(begins)]
    assert max(pages) <= PAGE_POINTS
    assert min(pages[:-1]) > PAGE_POINTS / 2
    sheet = read(midterm_bytes())["Report"]
    assert sheet.row_breaks.brk == []
    assert page_breaks.PAGE_POINTS < 842 - 2 * 0.7 * 72
