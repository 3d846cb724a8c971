"""The mid-term workbook: its sheets, the Matrix and its columns, Cover and Definitions."""

from datetime import date, datetime

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.exchange.rows import (
    ADDRESS,
    independent,
    item,
    midterm_bytes,
    one_point,
    parts,
    point,
    read,
    report,
    rows_of,
    state,
)
from tests.golden import compare
from tracker.exchange import styles
from tracker.exchange.midterm.columns import COLUMNS
from tracker.exchange.midterm.workbook import FIRST_KEY_ROW, TRACKER_SHEET
from tracker.language import PSEUDO, gettext, speaking
from tracker.models.levels import Level, ShownLevel, Voice
from tracker.models.recommendations import Position
from tracker.queries.midterm import RetiredPoints

SHEETS = ["Cover", "Summary", "Report", "Matrix", "Definitions"]


def matrix(data: bytes) -> list[dict[str, object]]:
    return rows_of(data, "Matrix")


def headers_of(data: bytes) -> list[str]:
    return [str(cell.value) for cell in read(data)["Matrix"][1]]


def letter_of(sheet: Worksheet, header: str) -> str:
    return next(cell.column_letter for cell in sheet[1] if cell.value == header)


def test_the_columns_are_the_golden_ones_in_their_order() -> None:
    known = [column.header for column in COLUMNS]
    compare("midterm_headers.txt", "\n".join(known) + "\n")
    found = headers_of(midterm_bytes())
    assert found == [header for header in known if header in found]


def test_a_column_that_is_empty_in_the_whole_review_is_left_out() -> None:
    left_out = {"Symbol", "Recommending States", "Position", "Obstacles", "NHRI's level", "UN's level"}
    assert not left_out & set(headers_of(midterm_bytes()))
    full = one_point(
        state(obstacles="Two regions lack staff."),
        independent("Ombudsperson", Level.PLANNED, Voice.NHRI),
        independent("UN Women", Level.PLANNED, Voice.UN),
    )
    items = [*full.recommendations, item("A2", recommending_states=("Peru",), position=Position.NOTED)]
    items.append(item("A3", source_symbol="A/HRC/44/4"))
    assert left_out <= set(headers_of(midterm_bytes(report(items))))
    # And what is there to be filled in stays, also where the State has said nothing
    silent = headers_of(midterm_bytes(report([item()])))
    assert "State's level" in silent
    assert "What was done" not in silent


def test_the_sheets_stand_in_order_and_the_first_is_hidden() -> None:
    workbook = read(midterm_bytes())
    assert workbook.sheetnames == [TRACKER_SHEET, *SHEETS]
    assert [sheet.sheet_state for sheet in workbook] == ["hidden", *["visible"] * 5]
    assert workbook.active is workbook["Cover"]
    assert [bool(sheet.sheet_view.tabSelected) for sheet in workbook] == [False, True, *[False] * 4]
    listed = [cell.value for cell in workbook["Cover"]["A"] if cell.hyperlink]
    assert listed == SHEETS[1:]


def test_each_row_of_the_matrix_has_its_key() -> None:
    whole = independent("Open Justice", Level.REGRESSED)
    workbook = read(
        midterm_bytes(report([item(points=[point("A1.1"), point("A1.2")], wholes=(whole,)), item("A10")]))
    )
    keys = list(workbook[TRACKER_SHEET].iter_rows(min_row=FIRST_KEY_ROW, values_only=True))
    assert [key for _, key in keys] == [
        "KGZ-3/A1/A1.1",
        "KGZ-3/A1/A1.2",
        "KGZ-3/A1/whole/open-justice",
        "KGZ-3/A10/A10.1",
    ]
    points = [workbook["Matrix"].cell(int(str(row)), 2).value for row, _ in keys]
    assert points == ["A1.1", "A1.2", "the whole", "A10.1"]
    facts = dict(workbook[TRACKER_SHEET].iter_rows(max_row=5, max_col=2, values_only=True))
    assert facts == {
        "format": "upr-follow-up-midterm",
        "version": 2,
        "review": "KGZ-3",
        "edition": "KGZ-3-live",
        "exported_on": datetime(2026, 12, 8),  # noqa: DTZ001  as openpyxl reads a day
    }


def test_a_row_says_what_each_voice_says() -> None:
    first, second, third = matrix(midterm_bytes())
    assert first["State's level"] == "Partially implemented"
    assert first["Civil society's level"] == "Not implemented"
    assert second["Civil society's level"] == third["State's level"] == "No entry"
    assert first["Independent assessments"] == "Open Justice, 2026-11-03: Not implemented. Nothing changed."
    assert first["Disagreement"] == "Contradict, 1 of 1 organisations: Open Justice"
    assert first["What was done"] == "Тергөө башталды, өкүлдөр ү менен ң тамгаларын окушту."
    assert first["Groups of persons"] == "Women & girls\nGeneral"
    assert first["Date of the next step"] == datetime(2027, 3, 31)  # noqa: DTZ001
    assert second["Disagreement"] is None
    assert third["Ref"] == "A10"


def test_organisations_that_differ_are_a_range_and_none_is_left_out() -> None:
    entries = (
        state(Level.PLANNED),
        independent("Open Justice", Level.REGRESSED),
        independent("Second Lamp", Level.PARTIALLY_IMPLEMENTED),
        independent("Third Door", Level.OVERTAKEN),
    )
    [row] = matrix(midterm_bytes(one_point(*entries)))
    assert row["Civil society's level"] == (
        "Regressed to Partially implemented, Overtaken by events, 3 organisations"
    )
    assert str(row["Independent assessments"]).count("\n") == 2
    assert row["Disagreement"] == "Contradict, 1 of 3 organisations: Open Justice"


def test_an_entry_without_a_level_is_not_called_no_entry() -> None:
    [row] = matrix(midterm_bytes(one_point(state(None, reason="Our part is small."))))
    assert row["State's level"] == "Entry, no level"


def test_an_assessment_of_the_whole_is_a_row_of_its_own_with_its_author() -> None:
    whole = independent("Open Justice", Level.REGRESSED)
    point_row, row = matrix(midterm_bytes(report([item(wholes=(whole,))])))
    assert (row["Ref"], row["Action point ref"], row["Action point"]) == ("A1", "the whole", None)
    assert (row["State's level"], row["Civil society's level"]) == (None, "Regressed")
    assert row["Independent assessments"] == "Open Justice, 2026-11-03: Regressed. Nothing changed."
    # And the level of the whole is nobody's level of the point
    assert point_row["Civil society's level"] == "No entry"


def test_states_positions_and_several_links_are_shown() -> None:
    spoken = state(evidence_links=("https://a.org", "https://b.org"))
    given = item(
        points=[point("A1.1", spoken)], recommending_states=("Peru", "Norway"), position=Position.NOTED
    )
    (found,) = matrix(midterm_bytes(report([given])))
    assert found["Recommending States"] == "Peru, Norway"
    assert found["Position"] == "Noted"
    assert found["Evidence links"] == "https://a.org\nhttps://b.org"


def test_links_lead_to_the_point() -> None:
    sheet = read(midterm_bytes())["Matrix"]
    targets = [sheet[f"{letter_of(sheet, 'Link')}{row}"].hyperlink.target for row in (2, 3, 4)]
    assert targets == [f"{ADDRESS}A1#A1.1", f"{ADDRESS}A1#A1.2", f"{ADDRESS}A10#A10.1"]


def test_no_text_of_people_becomes_a_formula() -> None:
    texts = {"text": "=1+1", "obstacles": "+1", "next_step": "-1", "reason": "@A1"}
    given = item(points=[point("A1.1", state(**texts), text="=A3")], heading="=A1", lead_organisation="=B2")
    data = midterm_bytes(report([given]))
    assert "<f>" not in parts(data, "worksheets/")
    assert matrix(data)[0]["What was done"] == "=1+1"


def test_no_assessment_makes_a_line_under_the_name_of_another() -> None:
    reason = "Said_x000A_Other, 2026-11-29: \u202efully.\x0bMore\u2028more"
    entries = [independent(name, Level.NOT_IMPLEMENTED, reason=reason) for name in ("Open Justice", "جمعية")]
    [row] = matrix(midterm_bytes(one_point(*entries)))
    shown = str(row["Independent assessments"])
    assert shown.split("\n") == [
        "Open Justice, 2026-11-03: Not implemented. Said_x005F_x000A_Other, 2026-11-29: fully. More more",
        "\u200eجمعية\u200e, 2026-11-03: Not implemented. Said_x005F_x000A_Other, 2026-11-29: fully. More more",
    ]


def test_a_text_too_long_points_to_its_page() -> None:
    (row,) = matrix(midterm_bytes(one_point(state(text="ө" * 33_000))))
    assert str(row["What was done"]).endswith(f"{ADDRESS}A1#A1.1]")


def test_an_entry_in_another_language_is_marked_with_it_and_never_dropped() -> None:
    entries = (
        state(language="ky", text="Окуу өттү."),
        independent("Open Justice", Level.PLANNED, language="ru"),
    )
    [row] = matrix(midterm_bytes(one_point(*entries)))
    assert (row["What was done"], row["Language of the State's entry"]) == ("Окуу өттү.", "ky")
    assert row["Independent assessments"] == "Open Justice, 2026-11-03: Planned. [ru] Nothing changed."
    with speaking("ru"):
        [row] = rows_of(midterm_bytes(one_point(*entries)), gettext("Matrix"))
    assert "[ru]" not in str(row.values())


def test_an_entry_on_an_earlier_wording_quotes_it() -> None:
    entries = (
        state(earlier_wording="Ratifying\nboth conventions"),
        independent("Open Justice", Level.PLANNED, earlier_wording="Ratifying the first"),
        independent("Second Lamp", Level.PLANNED),
    )
    [row] = matrix(midterm_bytes(one_point(*entries)))
    assert row["Said of an earlier wording"] == (
        "Ministry of Justice: “Ratifying both conventions”\nOpen Justice: “Ratifying the first”"
    )
    assert "Said of an earlier wording" not in headers_of(midterm_bytes())


def test_the_newest_entry_is_told_though_it_does_not_count() -> None:
    newest = point("A1.1", state(), newest_on=date(2026, 10, 2))
    silent = point("A1.2", newest_on=date(2026, 10, 3))
    whole = independent("Open Justice", Level.PLANNED)
    rows = matrix(midterm_bytes(report([item(points=[newest, silent, point("A1.3")], wholes=(whole,))])))
    days = [row["Last updated"] for row in rows]
    assert [day and str(day)[:10] for day in days] == ["2026-10-02", "2026-10-03", None, "2026-11-03"]


def test_the_institution_on_itself_is_marked_as_a_self_assessment() -> None:
    own = independent("Ombudsperson", Level.PLANNED, Voice.NHRI, is_self_assessment=True)
    [row] = matrix(midterm_bytes(one_point(own)))
    assert str(row["Independent assessments"]).startswith("Ombudsperson (self-assessment), 2026-11-03")


def test_the_states_level_is_chosen_from_the_seven_of_definitions() -> None:
    workbook = read(midterm_bytes())
    (choice,) = workbook["Matrix"].data_validations.dataValidation
    place = workbook.defined_names[choice.formula1].attr_text
    listed = [cell.value for (cell,) in workbook["Definitions"][place.split("!")[1].replace("$", "")]]
    assert listed == [level.label for level in Level]
    letter = letter_of(workbook["Matrix"], "State's level")
    assert str(choice.sqref) == f"{letter}2:{letter}4"
    assert "Fully implemented" in choice.error


def test_the_state_chooses_no_level_of_a_whole_recommendation() -> None:
    whole = independent("Open Justice", Level.REGRESSED)
    sheet = read(
        midterm_bytes(report([item(wholes=(whole,)), item("A2", points=[point("A2.1"), point("A2.2")])]))
    )["Matrix"]
    (choice,) = sheet.data_validations.dataValidation
    letter = letter_of(sheet, "State's level")
    assert str(choice.sqref) == f"{letter}2 {letter}4:{letter}5"


def test_planned_and_no_entry_differ_in_colour_and_in_grey() -> None:
    """Planned has a fill and a dark edge, no entry has neither; the cell that waits for the State's level is yellow."""
    planned = point("A1.1", independent("Open Justice", Level.PLANNED))
    sheet = read(midterm_bytes(report([item(points=[planned, point("A1.2")])])))["Matrix"]
    letter = letter_of(sheet, "Civil society's level")
    first, second = sheet[f"{letter}2"], sheet[f"{letter}3"]
    assert (first.value, second.value) == ("Planned", "No entry")
    assert first.fill.start_color.rgb != second.fill.start_color.rgb
    assert grey(first.border.left.color.rgb) < 0.4 < 0.8 < grey(second.border.left.color.rgb)
    place = letter_of(sheet, "State's level")
    waiting = sheet[f"{place}3"]
    assert waiting.fill.start_color.rgb[2:] == styles.INPUT_FILL
    of_charts = styles.LEVEL_COLOURS[ShownLevel.PLANNED], styles.LEVEL_COLOURS[ShownLevel.NO_ENTRY]
    assert grey(of_charts[0].edge) < 0.5 < 0.9 < grey(of_charts[1].edge)


def grey(colour: str) -> float:
    """From 0, black, to 1, white."""
    red, green, blue = (int(colour[-6:][place : place + 2], 16) / 255 for place in (0, 2, 4))
    return 0.3 * red + 0.59 * green + 0.11 * blue


def test_every_column_is_as_wide_as_its_text_asks() -> None:
    """Where no width is set, programs show eight letters of a sentence."""
    sheet = read(midterm_bytes())["Matrix"]
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    known = {column.header: column.width for column in COLUMNS}
    assert widths == {header: known[str(header)] for header in widths}
    refs, texts = ("Ref", "Action point ref"), ("Recommendation", "Action point", "What was done")
    assert max(widths[name] for name in refs) < 12 < 40 <= min(widths[name] for name in texts)


def test_header_and_refs_stay_in_view_and_on_paper() -> None:
    sheet = read(midterm_bytes())["Matrix"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(sheet.max_column)}4"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_the_cover_gives_figures_with_their_of() -> None:
    values = [
        [cell for cell in row if cell] for row in read(midterm_bytes())["Cover"].iter_rows(values_only=True)
    ]
    assert ["State", "2 of 3", "1 of 2"] in values
    assert ["Civil society", "1 of 3", "0 of 1"] in values
    assert ["Of the points on which the State and another voice both give a level"] in [
        row[1:] for row in values
    ]
    assert ["Contradict", "1 of 1"] in values
    assert ["Recommendations", 2] in values
    assert ["Action points", 3] in values
    assert ["Made on", datetime(2026, 12, 8)] in values  # noqa: DTZ001


def test_the_cover_says_which_points_every_figure_leaves_out() -> None:
    given = report(retired=RetiredPoints(3, 2))
    values = [row[:2] for row in read(midterm_bytes(given))["Cover"].iter_rows(values_only=True)]
    assert ("Action points", "3; left out: 3 retired, 2 of them with entries") in values


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "1 entry was made before its point was split or merged and is left out of the figures."),
        (2, "2 entries were made before their points were split or merged and are left out of the figures."),
    ],
)
def test_the_cover_says_how_many_entries_a_split_took_out_of_the_figures(number: int, sentence: str) -> None:
    cover = read(midterm_bytes(report(on_split_wordings=number)))["Cover"]
    assert [cell.value for cell in cover["A"]].count(sentence) == 1
    silent = read(midterm_bytes())["Cover"]
    assert "split or merged" not in " ".join(str(cell.value) for cell in silent["A"])


def test_definitions_explain_levels_voices_and_figures() -> None:
    rows = read(midterm_bytes())["Definitions"].iter_rows(values_only=True)
    words = {row[0] for row in rows}
    assert {level.label for level in ShownLevel} | {voice.label for voice in Voice} <= words
    assert {"Agree", "Differ", "Contradict", "With an entry", "With a level", "Both give a level"} <= words


def test_a_demonstration_says_so_on_every_sheet() -> None:
    workbook = read(midterm_bytes(report(is_demonstration=True)))
    assert str(workbook["Cover"]["A1"].value).startswith("Demonstration")
    assert all("Demonstration" in sheet.oddHeader.center.text for sheet in workbook.worksheets[1:])


def test_the_same_report_gives_the_same_bytes() -> None:
    assert midterm_bytes() == midterm_bytes()


def test_a_review_without_recommendations_has_a_workbook() -> None:
    workbook = read(midterm_bytes(report([])))
    assert workbook["Matrix"].max_row == 1
    assert len(workbook["Summary"]._charts) == 1


@pytest.mark.parametrize("items", [[], None], ids=["empty", "three points"])
def test_every_text_of_ours_is_translated(items: list[object] | None) -> None:
    with speaking(PSEUDO):
        workbook = read(midterm_bytes(report(items)))  # type: ignore[arg-type]
    texts = [cell.value for sheet in workbook.worksheets[1:] for row in sheet for cell in row]
    own = {"Kyrgyzstan", "KGZ-3-live", "Letter of the High Commissioner of 4 December 2020"}
    found = {text for text in texts if isinstance(text, str) and "⟦" not in text and text not in own}
    if items == []:
        assert found == set()
    assert not {column.header for column in COLUMNS} & found
    assert workbook.sheetnames[1] == "⟦Cover⟧"


def test_dates_in_the_matrix_are_real() -> None:
    sheet = read(midterm_bytes())["Matrix"]
    dated = [cell for cell in sheet[2] if cell.is_date]
    assert [cell.value.date() for cell in dated] == [date(2027, 3, 31), date(2026, 9, 1), date(2026, 11, 3)]
    assert {cell.number_format for cell in dated} == {"yyyy-mm-dd"}


def test_rows_are_high_enough_for_their_text() -> None:
    long = point("A1.2", state(text="word " * 80))
    sheet = read(midterm_bytes(report([item(points=[point("A1.1"), long])])))["Matrix"]
    assert sheet.row_dimensions[2].height < sheet.row_dimensions[3].height <= 409
