"""The sheet Summary, one printed page: figures with their "of", then the points by level, by heading and by lead."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import put_at
from tracker.exchange.midterm import charts
from tracker.exchange.midterm.figures import Groups, by_heading, by_lead
from tracker.exchange.text_lines import count_lines
from tracker.language import gettext, ngettext
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.queries.figures import PointFigures
from tracker.queries.midterm import MidtermReport

_NAME_WIDTH, _COUNT_WIDTH, _BARS_WIDTH = 34.0, 3.7, 14.0
_LINE_POINTS, _HEADER_POINTS, _CHART_ROW_POINTS, _CHART_FRAME_POINTS = 13.7, 122.0, 23.0, 56.0
_SENTENCE_POINTS = 11
MOST_REFS = 10
"""Of retired recommendations in a sentence: the page is one sheet of paper."""


class _Grid(NamedTuple):
    """The columns that all tables share: the name, a column for each level that occurs, their sum; for each other voice
    the points on which it has an entry; how the State and others compare; then the bars."""

    levels: tuple[ShownLevel, ...]
    others: tuple[Voice, ...]

    @property
    def total(self) -> int:
        return 2 + len(self.levels)

    @property
    def compared(self) -> int:
        return self.total + len(self.others) + 1

    @property
    def bars(self) -> int:
        return self.compared + 3

    @property
    def widths(self) -> list[float]:
        return [_NAME_WIDTH, *[_COUNT_WIDTH] * (self.bars - 2), _BARS_WIDTH]


def write_summary(sheet: Worksheet, report: MidtermReport) -> None:
    """Writes values, not formulas: viewers on phones show no result for a formula that was never calculated."""
    grid = _grid(report.figures)
    workbooks.set_widths(sheet, grid.widths)
    put_at(sheet, 1, 1, gettext("Summary"), styles.TITLE)
    sheet.row_dimensions[1].height = 30
    row = 2
    for sentence in list_sentences(report):
        row = _write_sentence(sheet, row, sentence, grid)
    chart_row = row
    row = _leave_room(sheet, row, len(report.figures.voices))
    header_row = _write_header(sheet, row, grid)
    first_row = header_row + 1
    row = first_row
    for voice in report.figures.voices:
        row = _write_line(sheet, row, voice, report.figures, grid)
    bars = charts.Bars(grid.levels, header_row, first_row, row - 1, report.figures.total)
    title = ngettext(
        "What each voice says of the %(num)s action point",
        "What each voice says of the %(num)s action points",
        report.figures.total,
    )
    charts.add_chart(sheet, bars, charts.Frame(1, chart_row, grid.bars, header_row - 1), title)
    row = _write_groups(
        sheet,
        row,
        header_row,
        gettext("The State's level, by heading"),
        by_heading(report, gettext("No heading")),
        grid,
    )
    _write_groups(
        sheet,
        row,
        header_row,
        gettext("The State's level, by lead organisation"),
        by_lead(report, gettext("No lead organisation")),
        grid,
    )
    _set_page(sheet, report)


def list_sentences(report: MidtermReport) -> list[str]:
    """Each figure names the number of which it is a part."""
    figures = report.figures
    sentences = []
    for voice in figures.voices:
        said = figures.of(voice)
        sentences.append(
            gettext(
                "%(voice)s: an entry on %(entries)s of %(total)s action points, a level on %(levels)s;"
                " fully implemented: %(fully)s of these %(levels)s.",
                voice=voice.label,
                entries=said.with_entry,
                total=said.total,
                levels=said.with_level,
                fully=figures.count(voice, ShownLevel.FULLY_IMPLEMENTED),
            )
        )
    compared = figures.comparison
    sentences.append(
        gettext(
            "Of the %(total)s points on which the State and another voice both give a level: contradict"
            " %(contradict)s, differ %(differ)s, agree %(agree)s.",
            total=compared.total,
            contradict=compared.contradict,
            differ=compared.differ,
            agree=compared.agree,
        )
    )
    if retired := report.retired.recommendations:
        refs = ", ".join(ref for ref, _ in retired[:MOST_REFS])
        sentences.append(
            ngettext(
                "Retired and in no figure: %(num)s recommendation (%(refs)s).",
                "Retired and in no figure: %(num)s recommendations (%(refs)s).",
                len(retired),
                refs=f"{refs}…" if len(retired) > MOST_REFS else refs,
            )
        )
    return sentences


def _grid(figures: PointFigures) -> _Grid:
    counted = {shown for voice in figures.voices for shown in figures.of(voice).counts}
    levels = tuple(shown for shown in ShownLevel if shown in counted or shown == ShownLevel.NO_ENTRY)
    return _Grid(levels, tuple(voice for voice in figures.voices if voice != Voice.STATE))


def _write_sentence(sheet: Worksheet, row: int, text: str, grid: _Grid) -> int:
    put_at(sheet, row, 1, text, styles.SENTENCE)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=grid.bars)
    lines = count_lines(text, sum(grid.widths), _SENTENCE_POINTS)
    sheet.row_dimensions[row].height = lines * 15 + 2
    return row + 1


def _leave_room(sheet: Worksheet, row: int, bars: int) -> int:
    """For the chart: a row for each bar and two for its title and its key."""
    for number in range(row, row + bars):
        sheet.row_dimensions[number].height = _CHART_ROW_POINTS
    for number in (row + bars, row + bars + 1):
        sheet.row_dimensions[number].height = _CHART_FRAME_POINTS / 2
    return row + bars + 2


def _write_header(sheet: Worksheet, row: int, grid: _Grid) -> int:
    put_at(sheet, row, 1, gettext("Action points"), styles.CORNER)
    for column, level in enumerate(grid.levels, start=2):
        put_at(sheet, row, column, level, styles.heading_of_level(level))
    put_at(sheet, row, grid.total, gettext("Total"), styles.COUNT_HEADER)
    for column, voice in enumerate(grid.others, start=grid.total + 1):
        put_at(sheet, row, column, gettext("%(voice)s: entry", voice=voice.label), styles.COUNT_HEADER)
    words = [gettext("Both give a level"), Disagreement.CONTRADICTS.label, Disagreement.DIFFERS.label]
    for column, word in enumerate(words, start=grid.compared):
        put_at(sheet, row, column, word, styles.COUNT_HEADER)
    sheet.row_dimensions[row].height = _HEADER_POINTS
    return row


def _write_groups(
    sheet: Worksheet, row: int, header_row: int, title: str, groups: Groups, grid: _Grid
) -> int:
    """A line for each group with its bar beside it, and their total; returns the first free row."""
    if not groups:
        return row
    put_at(sheet, row, 1, title, styles.SUBSECTION)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=grid.bars)
    sheet.row_dimensions[row].height = 20
    first_row = row + 1
    for number, (name, figures) in enumerate(groups.items(), start=first_row):
        _write_counts(sheet, number, name, figures, Voice.STATE, grid)
        _write_comparison(sheet, number, figures, grid)
    last_row = row + len(groups)
    longest = max(figures.total for figures in groups.values())
    for first, last, lines in _runs(list(groups), first_row):
        bars = charts.Bars(grid.levels, header_row, first, last, longest)
        charts.add_bars(sheet, bars, charts.Frame(grid.bars, first, grid.bars, last), lines)
    return last_row + 1


def _runs(names: list[str], first_row: int) -> Iterator[tuple[int, int, int]]:
    """First row, last row and height in lines of rows of one height: the bars of a chart stand at equal distances."""
    rows = enumerate(map(_lines_of, names), start=first_row)
    for lines, run in groupby(rows, key=lambda row: row[1]):
        numbers = [number for number, _ in run]
        yield numbers[0], numbers[-1], lines


def _lines_of(name: str) -> int:
    return count_lines(name, _NAME_WIDTH, is_bold=True)


def _write_line(sheet: Worksheet, row: int, voice: Voice, figures: PointFigures, grid: _Grid) -> int:
    _write_counts(sheet, row, voice.label, figures, voice, grid)
    if voice == Voice.STATE:
        _write_comparison(sheet, row, figures, grid)
    return row + 1


def _write_counts(
    sheet: Worksheet, row: int, name: str, figures: PointFigures, voice: Voice, grid: _Grid
) -> None:
    counts = figures.of(voice).counts
    put_at(sheet, row, 1, name, styles.LABEL)
    for column, level in enumerate(grid.levels, start=2):
        number = counts.get(level, 0)
        put_at(sheet, row, column, number, styles.count_of_level(level) if number else styles.COUNT)
    put_at(sheet, row, grid.total, figures.total, styles.TOTAL)
    sheet.row_dimensions[row].height = _lines_of(name) * _LINE_POINTS + 1


def _write_comparison(sheet: Worksheet, row: int, figures: PointFigures, grid: _Grid) -> None:
    compared = figures.comparison
    entries = [figures.of(voice).with_entry for voice in grid.others]
    numbers = [*entries, compared.total, compared.contradict, compared.differ]
    for column, number in enumerate(numbers, start=grid.total + 1):
        put_at(sheet, row, column, number, styles.COUNT)


def _set_page(sheet: Worksheet, report: MidtermReport) -> None:
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on}", landscape=False)
    sheet.page_setup.fitToHeight = 1
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.page_margins.header = sheet.page_margins.footer = 0.25
    sheet.print_options.horizontalCentered = True
    sheet.sheet_view.showGridLines = False
