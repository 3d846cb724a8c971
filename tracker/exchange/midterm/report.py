"""The sheet Report: A4 portrait, to be read and printed."""

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import put_at
from tracker.exchange.midterm.blocks import WIDTHS, Row, list_rows
from tracker.exchange.midterm.page_breaks import find_breaks
from tracker.language import gettext
from tracker.queries.midterm import MidtermReport

FIRST_ROW = 2
_HEADER_POINTS = 17
_MARGIN_INCHES = 0.7
"""`page_breaks.PAGE_POINTS` is what they leave."""


def write_report(sheet: Worksheet, report: MidtermReport) -> None:
    headers = [gettext("Point, and who speaks"), gettext("What is asked; level and words")]
    for column, header in enumerate(headers, start=1):
        put_at(sheet, 1, column, header, styles.HEADER)
    sheet.row_dimensions[1].height = _HEADER_POINTS
    rows = list(list_rows(report))
    for number, row in enumerate(rows, start=FIRST_ROW):
        _write_row(sheet, number, row)
    for index in find_breaks(rows):
        sheet.row_breaks.append(Break(id=FIRST_ROW + index - 1))
    workbooks.set_widths(sheet, WIDTHS)
    workbooks.set_page(sheet, f"{report.edition} · {report.as_of_on}", landscape=False)
    sheet.page_margins.top = sheet.page_margins.bottom = _MARGIN_INCHES
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "A2"
    sheet.sheet_view.showGridLines = False


def _write_row(sheet: Worksheet, number: int, row: Row) -> None:
    for column, (content, look) in enumerate(zip(row.contents, row.looks, strict=True), start=1):
        put_at(sheet, number, column, content, look)
    if row.is_wide:
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(WIDTHS))
    sheet.row_dimensions[number].height = row.height
