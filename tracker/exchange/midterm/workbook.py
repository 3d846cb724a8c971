"""The mid-term report as a workbook: which sheets, in which order. Each sheet has a file of its own."""

from typing import BinaryIO

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles, workbooks
from tracker.exchange.cells import Content, put_at
from tracker.exchange.midterm.columns import list_rows
from tracker.exchange.midterm.cover import report_title, write_cover
from tracker.exchange.midterm.definitions import write_definitions
from tracker.exchange.midterm.matrix import FIRST_ROW, write_matrix
from tracker.exchange.midterm.report import write_report
from tracker.exchange.midterm.summary import write_summary
from tracker.language import gettext
from tracker.queries.midterm import MidtermReport

TRACKER_SHEET = "_tracker"
FORMAT = "upr-follow-up-midterm"
FORMAT_VERSION = 2
FIRST_KEY_ROW = 8
"""Where the keys begin in `_tracker`, under their header."""


def write_midterm(report: MidtermReport, file: BinaryIO) -> None:
    """Writes the workbook in the current language; the same report gives the same bytes."""
    workbook = workbooks.new_workbook(report_title(report))
    _write_keys(workbook.create_sheet(TRACKER_SHEET), report)
    cover, summary, report_sheet, matrix, definitions = (_add_sheet(workbook, title) for title in _titles())
    write_cover(cover, report, _contents(summary, report_sheet, matrix, definitions))
    write_summary(summary, report)
    write_report(report_sheet, report)
    write_matrix(matrix, report)
    write_definitions(workbook, definitions, report)
    workbook.active = cover
    cover.sheet_view.tabSelected = True
    if report.is_demonstration:
        for sheet in (cover, summary, report_sheet, matrix, definitions):
            workbooks.mark_demonstration(sheet)
    workbooks.write_workbook(workbook, file)


def _titles() -> list[str]:
    return [
        gettext("Cover"),
        gettext("Summary"),
        gettext("Report"),
        gettext("Matrix"),
        gettext("Definitions"),
    ]


def _add_sheet(workbook: Workbook, title: str) -> Worksheet:
    sheet: Worksheet = workbook.create_sheet(workbooks.sheet_title(title))
    return sheet


def _contents(*sheets: Worksheet) -> list[tuple[str, str]]:
    words = [
        gettext("One page: action points at each level, by heading and by lead organisation"),
        gettext("For reading and printing: what each recommendation asks, and what each voice says of it"),
        gettext("For filtering: one row per action point, and one per assessment of a whole recommendation"),
        gettext("What levels, voices, figures and disagreement mean"),
    ]
    return [(sheet.title, text) for sheet, text in zip(sheets, words, strict=True)]


def _write_keys(sheet: Worksheet, report: MidtermReport) -> None:
    """Writes what the tracker needs to read a filled file back, as codes in no language.

    Row numbers are valid until somebody sorts the Matrix; then the two refs of a row lead to its key.
    """
    sheet.sheet_state = "hidden"
    facts: dict[str, Content] = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "review": report.review,
        "edition": report.edition,
        "exported_on": report.as_of_on,
    }
    for row, (name, fact) in enumerate(facts.items(), start=1):
        put_at(sheet, row, 1, name)
        put_at(sheet, row, 2, fact)
    put_at(sheet, FIRST_KEY_ROW - 1, 1, "row", styles.HEADER)
    put_at(sheet, FIRST_KEY_ROW - 1, 2, "key", styles.HEADER)
    for number, row_of_report in enumerate(list_rows(report)):
        put_at(sheet, FIRST_KEY_ROW + number, 1, FIRST_ROW + number)
        put_at(sheet, FIRST_KEY_ROW + number, 2, row_of_report.key)
