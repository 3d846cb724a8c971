"""A workbook as a file: properties, titles of sheets, pages, and bytes that depend on the content alone."""

import re
from collections.abc import Iterable
from math import ceil
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_CORE

from tracker.exchange import styles
from tracker.exchange.cells import Content, words_of, written
from tracker.exchange.text_lines import height_of_row
from tracker.language import gettext, mark

_CREATOR = mark("UPR Follow-up")
_TITLE_LIMIT = 31
_REFUSED_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_MOMENTS = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_MARGIN_INCHES = 0.4
_A4 = 9
_LINE_POINTS, _PADDING_POINTS, _TALLEST_POINTS = 13.5, 3.0, 409.0
_LETTERS_PER_UNIT = 1.06


def new_workbook(title: str, *, write_only: bool = False) -> Workbook:
    """An empty workbook with our styles; its properties name the product and no person."""
    workbook = Workbook(write_only=write_only)
    if not write_only:
        workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = written(gettext(_CREATOR))
    workbook.properties.title = written(title)
    styles.add_styles(workbook)
    return workbook


def sheet_title(text: str) -> str:
    """A title that Excel accepts: at most 31 characters, none of []:*?/\\ and no apostrophe at its ends."""
    return _REFUSED_IN_TITLE.sub(" ", written(text))[:_TITLE_LIMIT].strip("' ") or "–"


def set_widths(sheet: Worksheet, widths: list[float]) -> None:
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def height_of(contents: Iterable[Content], widths: Iterable[float]) -> float:
    """Points that a row needs for its longest cell, estimated: not every program fits rows to their text."""
    lines = max(_lines(words_of(content), width) for content, width in zip(contents, widths, strict=True))
    return min(lines * _LINE_POINTS + _PADDING_POINTS, _TALLEST_POINTS)


def fit_heights(sheet: Worksheet, widths: list[float], first_row: int) -> None:
    """Sets the height of each filled row from `first_row` on, where nobody has set it."""
    rows = sheet.iter_rows(min_row=first_row, max_col=len(widths))
    for number, row in enumerate(rows, start=first_row):
        if sheet.row_dimensions[number].height is None:
            sheet.row_dimensions[number].height = height_of_row(
                [str(cell.value or "") for cell in row], widths
            )


def _lines(text: str, width: float) -> int:
    """A column takes about as many letters as it is wide (in digits), less the gaps at the ends of lines."""
    if len(text) < width and "\n" not in text:
        return 1
    return sum(max(1, ceil(len(line) / (width * _LETTERS_PER_UNIT))) for line in text.split("\n"))


def set_page(sheet: Worksheet, footer: str, *, landscape: bool = True, pages_wide: int = 1) -> None:
    """A4, `pages_wide` pages wide and as long as needed, with page numbers."""
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
    sheet.page_margins.left = sheet.page_margins.right = _MARGIN_INCHES
    sheet.page_margins.top = sheet.page_margins.bottom = 2 * _MARGIN_INCHES
    sheet.page_margins.header = sheet.page_margins.footer = _MARGIN_INCHES
    foot: Any = sheet.oddFooter  # always there; its type says that it may be absent
    foot.left.text = written(footer).replace("&", "&&")
    foot.right.text = gettext("Page %(page)s of %(pages)s", page="&P", pages="&N")


def mark_demonstration(sheet: Worksheet) -> None:
    """Says so in the tab's colour and at the top of each printed page."""
    sheet.sheet_properties.tabColor = styles.AMBER
    head: Any = sheet.oddHeader
    head.center.text = written(demonstration_line()).replace("&", "&&")


def demonstration_line() -> str:
    return gettext(
        "Demonstration: every entry, and every organisation and person that speaks here, is invented."
    )


def write_workbook(workbook: Workbook, file: BinaryIO) -> None:
    """Writes the same bytes for the same content, so that the hash of an edition can be checked."""
    ExcelWriter(workbook, _TimelessZip(file, "w", ZIP_DEFLATED)).save()


class _TimelessZip(ZipFile):
    """A zip that does not tell when it was written, neither in its entries nor in the properties inside."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        if zinfo_or_arcname == ARC_CORE:
            data = _MOMENTS.sub(b"", data if isinstance(data, bytes) else data.encode())
        super().writestr(_entry(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Tells the size first: otherwise the entry must leave room for one beyond 4 GB, in a form (ZIP64) that some
        programs do not open."""
        entry = _entry(arcname)
        entry.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(entry, "w") as target:
            copyfileobj(source, target)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry
