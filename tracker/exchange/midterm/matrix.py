"""The sheet Matrix, for filtering: one row per action point and one per assessment of a whole recommendation."""

from collections.abc import Iterable

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import put_at, words_of
from tracker.exchange.midterm.columns import STATE_LEVEL, FilledColumn, MatrixRow, fill_columns, list_rows
from tracker.exchange.text_lines import height_of_row
from tracker.language import gettext, ngettext
from tracker.models.levels import Level, ShownLevel
from tracker.queries.midterm import MidtermReport

LEVELS_NAME = "tracker_levels"
"""The range on Definitions that the drop-downs list."""
FIRST_ROW = 2
_HEADER_HEIGHT_POINTS = 46
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255
_A3 = 8


def write_matrix(sheet: Worksheet, report: MidtermReport) -> None:
    rows = list_rows(report)
    filled = fill_columns(rows)
    for place, (column, contents) in enumerate(filled, start=1):
        is_input = column.header == STATE_LEVEL
        put_at(sheet, 1, place, gettext(column.header), styles.INPUT_HEADER if is_input else styles.HEADER)
        for number, (row, content) in enumerate(zip(rows, contents, strict=True), start=FIRST_ROW):
            invites = is_input and content == ShownLevel.NO_ENTRY
            put_at(sheet, number, place, content, styles.INPUT if invites else "", row.link)
    _set_sizes(sheet, filled, len(rows))
    sheet.freeze_panes = "C2"
    last_row = max(len(rows) + 1, FIRST_ROW)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(filled))}{last_row}"
    _add_choices(sheet, filled, rows)
    _set_print(sheet, report)


def _set_sizes(sheet: Worksheet, filled: list[FilledColumn], rows: int) -> None:
    widths = [each.column.width for each in filled]
    workbooks.set_widths(sheet, widths)
    sheet.row_dimensions[1].height = _HEADER_HEIGHT_POINTS
    for index in range(rows):
        texts = [words_of(each.contents[index]) for each in filled]
        sheet.row_dimensions[FIRST_ROW + index].height = height_of_row(texts, widths)


def _add_choices(sheet: Worksheet, filled: list[FilledColumn], rows: list[MatrixRow]) -> None:
    """Adds drop-downs to the State's level of the points; a cell gets the colour of the level that is chosen."""
    place = [each.column.header for each in filled].index(STATE_LEVEL) + 1
    letter = get_column_letter(place)
    ranges = list(_ranges(letter, rows)) or [f"{letter}{FIRST_ROW}"]
    choice = DataValidation(type="list", formula1=LEVELS_NAME, allow_blank=True, showErrorMessage=True)
    choice.errorTitle = gettext("Choose a level from the list")[:_TITLE_LIMIT]
    choice.error = _what_to_choose()[:_MESSAGE_LIMIT]
    choice.promptTitle = gettext("State's level")[:_TITLE_LIMIT]
    choice.prompt = gettext("Choose a level from the list. The sheet Definitions explains each.")[
        :_MESSAGE_LIMIT
    ]
    choice.showInputMessage = True
    for cells in ranges:
        choice.add(cells)
    sheet.add_data_validation(choice)
    for level in Level:
        fill = styles.solid(styles.LEVEL_COLOURS[ShownLevel(level.value)].soft)
        word = level.label.replace('"', '""')
        rule = Rule("cellIs", operator="equal", formula=[f'"{word}"'], dxf=DifferentialStyle(fill=fill))
        sheet.conditional_formatting.add(" ".join(ranges), rule)
    empty = DifferentialStyle(fill=styles.solid(styles.INPUT_FILL))
    first = ranges[0].partition(":")[0]
    blank = Rule("expression", formula=[f"ISBLANK({first})"], dxf=empty)
    sheet.conditional_formatting.add(" ".join(ranges), blank)


def _ranges(letter: str, rows: list[MatrixRow]) -> Iterable[str]:
    """The cells of points, without those of whole recommendations, to which the State gives no level."""
    start = None
    for number, row in enumerate([*rows, None], start=FIRST_ROW):
        is_point = row is not None and row.point is not None
        if is_point and start is None:
            start = number
        elif not is_point and start is not None:
            yield f"{letter}{start}:{letter}{number - 1}"
            start = None


def _what_to_choose() -> str:
    """Names the levels, because the message covers the list."""
    levels = ", ".join(level.label for level in Level)
    return gettext("Choose one of: %(levels)s. Leave the cell empty where there is no entry.", levels=levels)


def _set_print(sheet: Worksheet, report: MidtermReport) -> None:
    """For filtering, not for paper, where Report stands for it: all columns on one page of A3, so that a print of the
    whole workbook stays short."""
    count = ngettext("%(num)s action point", "%(num)s action points", len(report.points))
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on} · {count}")
    sheet.page_setup.paperSize = _A3
    sheet.print_title_rows = "1:1"
