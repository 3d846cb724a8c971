"""The sheet Summary: levels by voice, by heading and by lead organisation, as values and as bars."""

from collections import Counter
from collections.abc import Mapping

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import put_at
from tracker.exchange.midterm.charts import add_chart
from tracker.exchange.midterm.figures import Groups, by_heading, by_lead
from tracker.language import gettext
from tracker.models.levels import ShownLevel, Voice
from tracker.queries.midterm import MidtermReport

_WIDTHS: list[float] = [46, *[13.0] * len(ShownLevel), 10]
_LINES_ON_A_PAGE_WITH_CHART = 8
_Line = tuple[str, dict[ShownLevel, int]]


def write_summary(sheet: Worksheet, report: MidtermReport) -> None:
    """Writes values, not formulas: viewers on phones show no result for a formula that was never calculated."""
    workbooks.set_widths(sheet, _WIDTHS)
    put_at(sheet, 1, 1, gettext("Summary"), styles.TITLE)
    sheet.row_dimensions[1].height = 36
    row = _write_voices(sheet, 3, report)
    for voice in report.figures.voices:
        _break_before(sheet, row)
        title = gettext("Levels by heading: %(voice)s", voice=voice.label)
        groups = _count(by_heading(report), voice, gettext("No heading"))
        row = _write_table(sheet, row, title, groups, gettext("Heading"), has_total=True)
    _break_before(sheet, row)
    title = gettext("The State's level by lead organisation")
    groups = _count(by_lead(report), Voice.STATE, gettext("No lead organisation"))
    _write_table(sheet, row, title, groups, gettext("Lead organisation"), has_total=True)
    workbooks.fit_heights(sheet, _WIDTHS, first_row=2)
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on}")


def _write_voices(sheet: Worksheet, row: int, report: MidtermReport) -> int:
    title = gettext("Levels by voice: all %(total)s action points", total=report.figures.total)
    lines = [(voice.label, report.figures.of(voice).counts) for voice in report.figures.voices]
    return _write_table(sheet, row, title, lines, gettext("Voice"), has_total=False)


def _count(groups: Groups, voice: Voice, nameless: str) -> list[_Line]:
    return [(name or nameless, figures.of(voice).counts) for name, figures in groups.items()]


def _break_before(sheet: Worksheet, row: int) -> None:
    sheet.row_breaks.append(Break(id=row - 1))


def _write_table(
    sheet: Worksheet, row: int, title: str, lines: list[_Line], corner: str, *, has_total: bool
) -> int:
    """Writes a table and, where it has lines, its chart; returns the first free row below."""
    put_at(sheet, row, 1, title, styles.SECTION)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_WIDTHS))
    sheet.row_dimensions[row].height = 26
    header_row = row + 1
    _write_header(sheet, header_row, corner)
    for number, (name, counts) in enumerate(lines, start=header_row + 1):
        _write_line(sheet, number, name, counts, styles.LABEL, styles.COUNT)
    last_row = header_row + len(lines)
    if has_total:
        last_row += 1
        whole = sum((Counter(counts) for _, counts in lines), Counter[ShownLevel]())
        _write_line(sheet, last_row, gettext("Total"), whole, styles.TOTAL_LABEL, styles.TOTAL)
    if not lines:
        return last_row + 2
    if len(lines) > _LINES_ON_A_PAGE_WITH_CHART:
        _break_before(sheet, last_row + 2)
    totals = [sum(counts.values()) for _, counts in lines]
    return 2 + add_chart(sheet, title=title, header_row=header_row, totals=totals, top=last_row + 2)


def _write_header(sheet: Worksheet, row: int, corner: str) -> None:
    put_at(sheet, row, 1, corner, styles.HEADER)
    for column, level in enumerate(ShownLevel, start=2):
        put_at(sheet, row, column, level, styles.heading_of_level(level))
    put_at(sheet, row, len(_WIDTHS), gettext("Total"), styles.HEADER)


def _write_line(
    sheet: Worksheet,
    row: int,
    name: str,
    counts: Mapping[ShownLevel, int],
    label_style: str,
    count_style: str,
) -> None:
    put_at(sheet, row, 1, name, label_style)
    for column, level in enumerate(ShownLevel, start=2):
        put_at(sheet, row, column, counts.get(level, 0), count_style)
    put_at(sheet, row, len(_WIDTHS), sum(counts.values()), styles.TOTAL)
