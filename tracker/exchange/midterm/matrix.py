"""The sheet Matrix: one row per action point, with the State's level to choose from a list."""

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import put_at
from tracker.exchange.midterm.columns import COLUMNS, STATE_LEVEL, list_rows
from tracker.language import gettext, ngettext
from tracker.models.levels import Level, ShownLevel
from tracker.queries.midterm import MidtermReport

LEVELS_NAME = "tracker_levels"
"""The range on Definitions that the drop-downs list."""
FIRST_ROW = 2
STATE_PLACE = [column.header for column in COLUMNS].index(STATE_LEVEL) + 1
_PAGES_WIDE = 3
_HEADER_HEIGHT_POINTS = 42
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255


def write_matrix(sheet: Worksheet, report: MidtermReport) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        style = styles.INPUT_HEADER if column.header == STATE_LEVEL else styles.HEADER
        put_at(sheet, 1, number, gettext(column.header), style)
    widths = [column.width for column in COLUMNS]
    rows = list_rows(report)
    for number, row in enumerate(rows, start=FIRST_ROW):
        contents = [column.content(row) for column in COLUMNS]
        for place, content in enumerate(contents, start=1):
            invites = place == STATE_PLACE and content == ShownLevel.NO_ENTRY
            put_at(sheet, number, place, content, styles.INPUT if invites else "", row.link)
        sheet.row_dimensions[number].height = workbooks.height_of(contents, widths)
    workbooks.set_widths(sheet, widths)
    sheet.row_dimensions[1].height = _HEADER_HEIGHT_POINTS
    sheet.freeze_panes = "C2"
    last_row = max(len(rows) + 1, FIRST_ROW)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{last_row}"
    _add_choices(sheet, last_row)
    _set_print(sheet, report)


def _add_choices(sheet: Worksheet, last_row: int) -> None:
    """Adds drop-downs to the State's column; a cell gets the colour of the level that is chosen."""
    letter = get_column_letter(STATE_PLACE)
    cells = f"{letter}{FIRST_ROW}:{letter}{last_row}"
    choice = DataValidation(type="list", formula1=LEVELS_NAME, allow_blank=True, showErrorMessage=True)
    choice.errorTitle = gettext("Choose a level from the list")[:_TITLE_LIMIT]
    choice.error = _what_to_choose()[:_MESSAGE_LIMIT]
    choice.promptTitle = gettext("State's level")[:_TITLE_LIMIT]
    choice.prompt = gettext("Choose a level from the list. The sheet Definitions explains each.")[
        :_MESSAGE_LIMIT
    ]
    choice.showInputMessage = True
    choice.add(cells)
    sheet.add_data_validation(choice)
    for level in Level:
        fill = styles.solid(styles.SOFT_LEVEL[ShownLevel(level.value)])
        word = level.label.replace('"', '""')
        rule = Rule("cellIs", operator="equal", formula=[f'"{word}"'], dxf=DifferentialStyle(fill=fill))
        sheet.conditional_formatting.add(cells, rule)
    empty = DifferentialStyle(fill=styles.solid(styles.INPUT_FILL))
    blank = Rule("expression", formula=[f"ISBLANK({letter}{FIRST_ROW})"], dxf=empty)
    sheet.conditional_formatting.add(cells, blank)


def _what_to_choose() -> str:
    """Names the levels, because the message covers the list."""
    levels = ", ".join(level.label for level in Level)
    return gettext("Choose one of: %(levels)s. Leave the cell empty where there is no entry.", levels=levels)


def _set_print(sheet: Worksheet, report: MidtermReport) -> None:
    """Prints three pages wide: on one page the letters would be two points high."""
    count = ngettext("%(num)s action point", "%(num)s action points", len(report.points))
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on} · {count}", pages_wide=_PAGES_WIDE)
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:B"
