"""The sheet Summary: one printed page, whose every number is the Matrix's own."""

from collections import Counter
from typing import Any

import pytest

from tests.exchange.rows import independent, item, midterm_bytes, parts, point, read, report, rows_of, state
from tracker.exchange import styles
from tracker.models.levels import Level, ShownLevel, Voice
from tracker.queries.midterm import MidtermReport

VOICE_COLUMNS = {
    Voice.STATE: "State's level",
    Voice.CIVIL_SOCIETY: "Civil society's level",
    Voice.NHRI: "NHRI's level",
    Voice.UN: "UN's level",
}


def summary(data: bytes) -> list[tuple[Any, ...]]:
    return list(read(data)["Summary"].iter_rows(values_only=True))


def header_of(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    return next(row for row in rows if row[0] == "Action points")


def line_of(rows: list[tuple[Any, ...]], name: str) -> dict[str, Any]:
    """The numbers of a line by the words above them."""
    header = header_of(rows)
    row = next(row for row in rows if row[0] == name and row is not header)
    return {str(word): number for word, number in zip(header[1:], row[1:], strict=True) if word}


def many() -> MidtermReport:
    """All four voices, a range, an entry without a level, points under two headings."""
    women = [
        point("A1.1", state(), independent("Open Justice", Level.NOT_IMPLEMENTED)),
        point(
            "A1.2",
            state(Level.PLANNED),
            independent("Open Justice", Level.REGRESSED),
            independent("Second Lamp", Level.PLANNED),
            independent("Ombudsperson", Level.PARTIALLY_IMPLEMENTED, Voice.NHRI),
            independent("UN Women", Level.PLANNED, Voice.UN),
        ),
    ]
    children = [point("A2.1", state(None)), point("A2.2")]
    return report([item(points=women), item("A2", children, heading="Children", lead_organisation=None)])


@pytest.mark.parametrize("given", [report(), many()], ids=["three points", "four voices"])
@pytest.mark.parametrize("voice", Voice)
def test_the_summary_counts_what_the_matrix_shows(voice: Voice, given: MidtermReport) -> None:
    data = midterm_bytes(given)
    cells = [str(row.get(VOICE_COLUMNS[voice], "No entry")) for row in rows_of(data, "Matrix")]
    shown = Counter("Range" if "organisations" in cell else cell for cell in cells)
    rows = summary(data)
    if shown == {"No entry": len(cells)}:
        assert not any(row[0] == voice.label for row in rows)
        return
    line = line_of(rows, voice.label)
    assert {level.label: line.get(level.label, 0) for level in ShownLevel} == {
        level.label: shown[level.label] for level in ShownLevel
    }
    assert line["Total"] == len(cells)


def test_headings_and_leads_add_up_to_the_line_of_the_state() -> None:
    rows = summary(midterm_bytes(many()))
    whole = line_of(rows, "State")
    for names in (("Women", "Children"), ("Ministry of Justice", "No lead organisation")):
        lines = [line_of(rows, name) for name in names]
        assert {word: sum(line[word] or 0 for line in lines) for word in whole} == whole
    women = line_of(rows, "Women")
    assert (women["Planned"], women["Total"], women["Civil society: entry"], women["NHRI: entry"]) == (
        1,
        2,
        2,
        1,
    )
    assert (women["Both give a level"], women["Contradict"], women["Differ"]) == (2, 2, 0)


def test_points_without_a_lead_come_last() -> None:
    names = [row[0] for row in summary(midterm_bytes())]
    top = names.index("The State's level, by lead organisation")
    assert names[top + 1 : top + 3] == ["Ministry of Justice", "No lead organisation"]


def test_each_figure_names_the_number_of_which_it_is_a_part() -> None:
    words = [row[0] for row in summary(midterm_bytes())]
    assert "State: an entry on 2 of 3 action points, a level on 2; fully implemented: 1 of these 2." in words
    assert (
        "Of the 1 points on which the State and another voice both give a level: contradict 1, differ 0, agree 0."
        in words
    )


def test_it_is_one_printed_page_whatever_the_review() -> None:
    items = [item(f"A{number}", heading=f"Heading {number}") for number in range(1, 40)]
    sheet = read(midterm_bytes(report(items)))["Summary"]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.row_breaks.brk == []


def test_levels_that_nobody_gives_have_no_column() -> None:
    header = header_of(summary(midterm_bytes()))
    levels = [word for word in header if word in {level.label for level in ShownLevel}]
    assert levels == ["Fully implemented", "Partially implemented", "Not implemented", "No entry"]


def test_every_heading_of_a_level_is_bold_in_its_colour() -> None:
    sheet = read(midterm_bytes(many()))["Summary"]
    by_label = {level.label: level for level in ShownLevel}
    row = next(row for row in sheet.iter_rows() if row[0].value == "Action points")
    headings = [cell for cell in row if cell.value in by_label]
    assert len(headings) == 6
    assert all(cell.font.b for cell in headings)
    assert [cell.fill.start_color.rgb[2:] for cell in headings] == [
        styles.LEVEL_COLOURS[by_label[cell.value]].soft for cell in headings
    ]


def test_stacked_bars_stand_over_and_beside_the_tables() -> None:
    data = midterm_bytes()
    assert len(read(data)["Summary"]._charts) == 3  # voices, headings, leads
    charts = parts(data, "charts/chart")
    assert charts.count('<grouping val="stacked"/>') == 3
    assert "0B4F47" in charts
    assert "'Summary'!$B$" in charts
    # LibreOffice takes the cells' format, where nothing is a dash, unless it is told not to
    assert charts.count('<numFmt formatCode="[&lt;1]&quot;&quot;;0" sourceLinked="0"/>') == 4


def test_each_bar_stands_in_the_row_that_it_draws() -> None:
    long = "A heading that is so long that it needs more than one line of its column"
    headings = ("Women", "Children", long, "Minorities")
    data = midterm_bytes(report([item(f"A{n}", heading=each) for n, each in enumerate(headings)]))
    sheet = read(data)["Summary"]
    names = {row[0].value: row[0].row for row in sheet.iter_rows() if row[0].value}
    frames = {(chart.anchor._from.row + 1, chart.anchor.to.row) for chart in sheet._charts}
    assert {(names["Women"], names["Children"]), (names[long],) * 2, (names["Minorities"],) * 2} <= frames


def test_bars_end_where_their_total_does_and_numbers_stand_where_there_is_room() -> None:
    items = [item(f"A{number}", heading="One heading") for number in range(1, 135)]
    charts = parts(midterm_bytes(report(items)), "charts/chart")
    assert (charts.count('<max val="134"/>'), charts.count('<min val="0"/>')) == (3, 3)
    assert 'formatCode="[&lt;3]&quot;&quot;;0"' in charts


def test_planned_no_entry_and_a_range_differ_in_charts() -> None:
    charts = parts(midterm_bytes(many()), "charts/chart1.xml").split("<ser>")[1:]
    looks = [series.split("</spPr>")[0].split("<spPr>")[1] for series in charts]
    assert len(set(looks)) == len(looks)
    planned = next(look for look in looks if "CFE3DF" in look)
    assert "2F7D73" in planned
    assert any("wdUpDiag" in look for look in looks)
