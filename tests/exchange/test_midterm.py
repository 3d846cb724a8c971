"""The mid-term workbook: its sheets, its columns and that every figure is the Matrix's own."""

from collections import Counter
from datetime import date, datetime

import pytest
from openpyxl.utils import get_column_letter

from tests.exchange.rows import ADDRESS, matrix_row, midterm_bytes, parts, read, report
from tests.golden import compare
from tracker.exchange import styles
from tracker.exchange.midterm.columns import COLUMNS
from tracker.exchange.midterm.workbook import FIRST_KEY_ROW, TRACKER_SHEET
from tracker.language import PSEUDO, speaking
from tracker.models.levels import Level, ShownLevel, Voice
from tracker.models.recommendations import Position
from tracker.queries.midterm import AssessmentLine

VOICE_COLUMNS = {
    Voice.STATE: "State's level",
    Voice.CIVIL_SOCIETY: "Civil society's level",
    Voice.NHRI_UN: "NHRI and UN's level",
}


def matrix(data: bytes) -> list[dict[str, object]]:
    rows = list(read(data)["Matrix"].iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_the_headers_are_the_golden_ones() -> None:
    headers = [cell.value for cell in read(midterm_bytes())["Matrix"][1]]
    compare("midterm_headers.txt", "\n".join(map(str, headers)) + "\n")
    assert headers == [column.header for column in COLUMNS]


def test_the_sheets_stand_in_order_and_the_first_is_hidden() -> None:
    workbook = read(midterm_bytes())
    assert workbook.sheetnames == [TRACKER_SHEET, "Cover", "Matrix", "Summary", "Definitions"]
    assert [sheet.sheet_state for sheet in workbook] == ["hidden", *["visible"] * 4]
    assert workbook.active is workbook["Cover"]
    assert [bool(sheet.sheet_view.tabSelected) for sheet in workbook] == [False, True, False, False, False]


def test_each_row_of_the_matrix_has_its_key() -> None:
    workbook = read(midterm_bytes())
    keys = list(workbook[TRACKER_SHEET].iter_rows(min_row=FIRST_KEY_ROW, values_only=True))
    assert [key for _, key in keys] == ["KGZ-3/A1/A1.1", "KGZ-3/A1/A1.2", "KGZ-3/A10/A10.1"]
    points = [workbook["Matrix"].cell(int(str(row)), 2).value for row, _ in keys]
    assert points == ["A1.1", "A1.2", "A10.1"]
    facts = dict(workbook[TRACKER_SHEET].iter_rows(max_row=5, max_col=2, values_only=True))
    assert facts == {
        "format": "upr-follow-up-midterm",
        "version": 1,
        "review": "KGZ-3",
        "edition": "KGZ-3-live",
        "exported_on": datetime(2026, 12, 8),  # noqa: DTZ001  as openpyxl reads a day
    }


def test_a_row_says_what_each_voice_says() -> None:
    first, second, third = matrix(midterm_bytes())
    assert first["State's level"] == "Partially implemented"
    assert first["Civil society's level"] == "Not implemented"
    assert first["NHRI and UN's level"] == third["State's level"] == "Not assessed"
    assert first["Independent assessments"] == "Open Justice, 2026-11-03: Not implemented. Nothing changed."
    assert first["Disagreement"] == "Voices contradict each other"
    assert first["What was done"] == "Тергөө башталды, өкүлдөр ү менен ң тамгаларын окушту."
    assert first["Groups of persons"] == "Women & girls\nGeneral"
    assert first["Next step by"] == datetime(2027, 3, 31)  # noqa: DTZ001
    assert second["Disagreement"] is None
    assert third["Ref"] == "A10"


def test_states_positions_and_several_links_are_shown() -> None:
    row = matrix_row(
        recommending_states=("Peru", "Norway"),
        position=Position.NOTED,
        evidence_links=("https://a.org", "https://b.org"),
    )
    (found,) = matrix(midterm_bytes(report([row])))
    assert found["Recommending States"] == "Peru, Norway"
    assert found["Position"] == "Noted"
    assert found["Evidence links"] == "https://a.org\nhttps://b.org"


def test_links_lead_to_the_point() -> None:
    sheet = read(midterm_bytes())["Matrix"]
    targets = [sheet.cell(row, len(COLUMNS)).hyperlink.target for row in (2, 3, 4)]
    assert targets == [f"{ADDRESS}A1#A1.1", f"{ADDRESS}A1#A1.2", f"{ADDRESS}A10#A10.1"]


def test_no_text_of_people_becomes_a_formula() -> None:
    texts = {
        "state_done": "=1+1",
        "obstacles": "+1",
        "next_step": "-1",
        "state_reason": "@A1",
        "heading": "=A1",
    }
    data = midterm_bytes(report([matrix_row(lead_organisation="=B2", **texts)]))
    assert "<f>" not in parts(data, "worksheets/")
    assert matrix(data)[0]["What was done"] == "=1+1"


def test_no_assessment_makes_a_line_under_the_name_of_another() -> None:
    lines = [
        AssessmentLine(
            Voice.CIVIL_SOCIETY,
            organisation,
            Level.NOT_IMPLEMENTED,
            "Said_x000A_Other, 2026-11-29: \u202efully.\x0bMore\u2028more",
            date(2026, 11, 3),
            "",
        )
        for organisation in ("Open Justice", "جمعية")
    ]
    [row] = matrix(midterm_bytes(report([matrix_row(assessments=tuple(lines))])))
    shown = str(row["Independent assessments"])
    assert shown.split("\n") == [
        "Open Justice, 2026-11-03: Not implemented. Said_x005F_x000A_Other, 2026-11-29: fully. More more",
        "\u200eجمعية\u200e, 2026-11-03: Not implemented. Said_x005F_x000A_Other, 2026-11-29: fully. More more",
    ]


def test_a_text_too_long_points_to_its_page() -> None:
    (row,) = matrix(midterm_bytes(report([matrix_row(state_done="ө" * 33_000)])))
    assert str(row["What was done"]).endswith(f"{ADDRESS}A1#A1.1]")


def test_the_states_level_is_chosen_from_the_seven_of_definitions() -> None:
    workbook = read(midterm_bytes())
    (choice,) = workbook["Matrix"].data_validations.dataValidation
    place = workbook.defined_names[choice.formula1].attr_text
    listed = [cell.value for (cell,) in workbook["Definitions"][place.split("!")[1].replace("$", "")]]
    assert listed == [level.label for level in Level]
    letter = workbook["Matrix"].cell(1, [column.header for column in COLUMNS].index("State's level") + 1)
    assert str(choice.sqref) == f"{letter.column_letter}2:{letter.column_letter}4"
    assert "Fully implemented" in choice.error


def test_every_column_is_as_wide_as_its_text_asks() -> None:
    """Where no width is set, programs show eight letters of a sentence."""
    sheet = read(midterm_bytes())["Matrix"]
    letters = [get_column_letter(place) for place in range(1, len(COLUMNS) + 1)]
    assert {letter: sheet.column_dimensions[letter].width for letter in letters} == dict(
        zip(letters, [column.width for column in COLUMNS], strict=True)
    )
    widths = {
        column.header: sheet.column_dimensions[letter].width
        for letter, column in zip(letters, COLUMNS, strict=True)
    }
    refs, texts = ("Ref", "Action point ref"), ("Recommendation", "Action point", "What was done")
    assert max(widths[name] for name in refs) < 12 < 40 <= min(widths[name] for name in texts)


def test_header_and_refs_stay_in_view_and_on_paper() -> None:
    sheet = read(midterm_bytes())["Matrix"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:AD4"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.oddFooter.right.text == "Page &P of &N"


@pytest.mark.parametrize("voice", Voice)
def test_the_summary_counts_what_the_matrix_shows(voice: Voice) -> None:
    data = midterm_bytes()
    shown = Counter(row[VOICE_COLUMNS[voice]] for row in matrix(data))
    rows = list(read(data)["Summary"].iter_rows(values_only=True))
    line = next(row for row in rows if row[0] == voice.label)
    assert list(line[1:11]) == [*(shown[level.label] for level in ShownLevel), 3]
    top = next(number for number, row in enumerate(rows) if row[0] == f"Levels by heading: {voice.label}")
    women, children, total = rows[top + 2 : top + 5]
    assert (women[0], children[0], total[0]) == ("Women", "Children", "Total")
    assert (women[10], children[10]) == (2, 1)
    assert total[1:11] == line[1:11]


def test_every_heading_of_a_table_of_the_summary_is_bold_in_the_colour_of_its_level() -> None:
    sheet = read(midterm_bytes())["Summary"]
    headings = [sheet.cell(4, column) for column in range(2, 2 + len(ShownLevel))]
    assert [cell.value for cell in headings] == [level.label for level in ShownLevel]
    assert all(cell.font.b for cell in headings)
    assert [cell.fill.start_color.rgb[2:] for cell in headings] == [*styles.SOFT_LEVEL.values()]


def test_points_without_a_lead_come_last() -> None:
    rows = list(read(midterm_bytes())["Summary"].iter_rows(values_only=True))
    top = next(
        number for number, row in enumerate(rows) if row[0] == "The State's level by lead organisation"
    )
    assert [row[0] for row in rows[top + 2 : top + 5]] == [
        "Ministry of Justice",
        "No lead organisation",
        "Total",
    ]


def test_the_summary_has_stacked_bars_over_its_tables() -> None:
    data = midterm_bytes()
    assert len(read(data)["Summary"]._charts) == 5
    charts = parts(data, "charts/chart")
    assert charts.count('<grouping val="stacked" />') == 5
    assert "00664F" in charts
    assert "'Summary'!$B$4" in charts
    # LibreOffice takes the cells' format, where nothing is a dash, unless it is told not to
    assert charts.count('<numFmt formatCode="[&lt;1]&quot;&quot;;0" sourceLinked="0" />') == 5 * len(
        ShownLevel
    )


def test_bars_end_where_their_total_does_and_numbers_stand_where_there_is_room() -> None:
    rows = [matrix_row(f"A{number}", f"A{number}.1", heading="One heading") for number in range(1, 138)]
    charts = parts(midterm_bytes(report(rows)), "charts/chart")
    assert (charts.count('<max val="137" />'), charts.count('<min val="0" />')) == (5, 5)
    assert charts.count('formatCode="[&lt;2]&quot;&quot;;0"') == 5 * len(ShownLevel)


def test_the_cover_gives_figures_with_their_of() -> None:
    values = [
        [cell for cell in row if cell] for row in read(midterm_bytes())["Cover"].iter_rows(values_only=True)
    ]
    assert ["State", "2 of 3", "1 of 2"] in values
    assert ["Civil society", "1 of 3", "0 of 1"] in values
    assert ["Voices contradict each other", "1 of 3 action points"] in values
    assert ["Recommendations", 2] in values
    assert ["Status as of", datetime(2026, 12, 8)] in values  # noqa: DTZ001
    assert not any("Demonstration" in str(value) for row in values for value in row)


def test_a_demonstration_says_so_on_every_sheet() -> None:
    workbook = read(midterm_bytes(report(is_demonstration=True)))
    assert str(workbook["Cover"]["A1"].value).startswith("Demonstration")
    assert all("Demonstration" in sheet.oddHeader.center.text for sheet in workbook.worksheets[1:])


def test_the_same_report_gives_the_same_bytes() -> None:
    assert midterm_bytes() == midterm_bytes()


def test_a_review_without_action_points_has_a_workbook() -> None:
    workbook = read(midterm_bytes(report([])))
    assert workbook["Matrix"].max_row == 1
    assert len(workbook["Summary"]._charts) == 1


def test_every_text_of_ours_is_translated() -> None:
    with speaking(PSEUDO):
        workbook = read(midterm_bytes(report([])))
    texts = [cell.value for sheet in workbook.worksheets[1:] for row in sheet for cell in row]
    own = {"Kyrgyzstan", "KGZ-3-live", "Letter of the High Commissioner of 4 December 2020"}
    assert [
        text for text in texts if isinstance(text, str) and not text.startswith("⟦") and text not in own
    ] == []
    assert workbook.sheetnames[1] == "⟦Cover⟧"


def test_dates_in_the_matrix_are_real() -> None:
    sheet = read(midterm_bytes())["Matrix"]
    dated = [cell for cell in sheet[2] if cell.is_date]
    assert [cell.value.date() for cell in dated] == [date(2027, 3, 31), date(2026, 9, 1), date(2026, 11, 3)]
    assert {cell.number_format for cell in dated} == {"yyyy-mm-dd"}


def test_many_headings_get_a_page_for_their_bars() -> None:
    rows = [matrix_row(f"A{number}", f"A{number}.1", heading=f"Heading {number}") for number in range(1, 19)]
    data = midterm_bytes(report(rows))
    assert len(read(data)["Summary"].row_breaks.brk) == 4 + 3
    assert "'Summary'!$A$" in parts(data, "charts/chart")


def test_rows_are_high_enough_for_their_text() -> None:
    sheet = read(midterm_bytes(report([matrix_row(), matrix_row(point="A1.2", state_done="word " * 80)])))[
        "Matrix"
    ]
    assert sheet.row_dimensions[2].height < sheet.row_dimensions[3].height <= 409
