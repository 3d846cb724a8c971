"""Workbooks as rows of text cells: .xlsx by openpyxl, .xls and .ods by calamine. Calamine may end the process over a
small file (a cell at the far end of a sheet), so whoever reads a stranger's file does it in `reading_process.py`."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import repeat
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from tracker.exchange.cleaning.packages import open_package
from tracker.exchange.cleaning.refusals import BROKEN, Refusal
from tracker.exchange.imports.delimited import too_wide
from tracker.exchange.imports.refusals import DAMAGED, LOCKED, refuse, refuse_package
from tracker.exchange.imports.rows import Problem
from tracker.exchange.imports.sheets import MOST_COLUMNS, Numeral, Row, Sheet, place
from tracker.language import gettext

UNREADABLE = (*BROKEN, BadZipFile, CalamineError, RuntimeError)
"""What the libraries raise for files that are damaged, or were made to confuse them."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_BLOCK = 1_000_000
_ERRORS = frozenset(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"])
_CODED_BREAK = re.compile("_x000[aAdD]_")
_DIGITS = 15
"""What Excel stores of a number."""
Values = Sequence[Any]


def read_xlsx(name: str, content: bytes) -> list[Sheet]:
    """The visible sheets. Raises `NotReadable`, also while rows are read."""
    try:
        with open_package(content) as package:
            names = [each for each in package.names if each.startswith("xl/worksheets/")]
        computes = any(_has_formula(content, each) for each in names)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        other = load_workbook(BytesIO(content), read_only=True, keep_links=False) if computes else None
    except Refusal as refusal:
        raise refuse_package(refusal, name) from refusal
    except UNREADABLE as error:
        raise refuse(DAMAGED, name) from error
    sheets = []
    for number, sheet in enumerate(book.worksheets):
        if sheet.sheet_state == "visible":
            formulas = _values_of(other.worksheets[number]) if other else None
            sheets.append(_sheet(name, sheet.title, _values_of(sheet), formulas))
    return sheets


def _values_of(sheet: Any) -> Iterator[Values]:
    sheet.reset_dimensions()  # what the file says of its size may be a lie
    rows: Iterator[Values] = sheet.iter_rows(values_only=True)
    return rows


def _has_formula(content: bytes, part: str) -> bool:
    with ZipFile(BytesIO(content)) as archive, archive.open(part) as file:
        before = b""
        while block := file.read(_BLOCK):
            if _FORMULA.search(before[-20:] + block):
                return True
            before = block
    return False


def read_by_calamine(name: str, content: bytes) -> list[Sheet]:
    """The visible sheets of an .xls or .ods. Raises `NotReadable`."""
    try:
        if content.startswith(b"PK"):
            with open_package(content):
                pass
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        shown = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        found = [(sheet_name, book.get_sheet_by_name(sheet_name)) for sheet_name in shown]
    except Refusal as refusal:
        raise refuse_package(refusal, name) from refusal
    except PasswordError as error:
        raise refuse(LOCKED, name) from error
    except UNREADABLE as error:
        raise refuse(DAMAGED, name) from error
    return [_sheet(name, sheet_name, _from_first_column(sheet)) for sheet_name, sheet in found]


def _from_first_column(sheet: CalamineSheet) -> Iterator[Values]:
    """Calamine begins at the first column that is filled, though at the first row."""
    blank: list[Any] = [""] * (sheet.start[1] if sheet.start else 0)
    for values in sheet.iter_rows():
        yield blank + values if blank else values


def _sheet(file: str, name: str, values: Iterator[Values], formulas: Iterator[Values] | None = None) -> Sheet:
    problems: list[Problem] = []
    return Sheet(name, _rows(file, name, values, formulas or repeat(()), problems), problems)


def _rows(
    file: str, name: str, values: Iterator[Values], formulas: Iterator[Values], problems: list[Problem]
) -> Iterator[Row]:
    try:
        for number, (row, beside) in enumerate(zip(values, formulas, strict=False), start=1):
            if len(row) > MOST_COLUMNS and any(value not in (None, "") for value in row[MOST_COLUMNS:]):
                problems.append(Problem(place(name, number, MOST_COLUMNS), too_wide()))
            read = row[:MOST_COLUMNS]
            cells = [value.strip() if type(value) is str else _text(value) for value in read]
            if beside:
                problems += _not_computed(name, number, read, beside)
            yield Row(number, _checked(cells, name, number, problems))
    except UNREADABLE as error:
        raise refuse(DAMAGED, file) from error


def _text(value: Any) -> str:
    """Of a cell that holds no text. Dates are ISO, without a time at midnight; whole numbers have no decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return Numeral(value)
    if isinstance(value, float):
        return Numeral(int(value) if value.is_integer() else format(value, f".{_DIGITS}g"))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _checked(cells: list[str], name: str, number: int, problems: list[Problem]) -> list[str]:
    """Without the errors of formulas, which are told, and without codes for line breaks."""
    for position, cell in enumerate(cells):
        if cell[:1] == "#" and cell in _ERRORS:
            sentence = gettext(
                "This cell holds the error %(error)s of a formula. Correct it, or clear the cell.", error=cell
            )
            problems.append(Problem(place(name, number, position), sentence))
            cells[position] = ""
        elif "_x000" in cell:
            cells[position] = _CODED_BREAK.sub("", cell)
    return cells


def _not_computed(name: str, number: int, row: Values, formulas: Values) -> Iterator[Problem]:
    for position, formula in enumerate(formulas[: len(row)]):
        if formula is not None and row[position] is None:
            yield Problem(
                place(name, number, position),
                gettext(
                    "This cell holds a formula without its result. Open the file in its program, save it and read it"
                    " again, or replace the formula by its value."
                ),
            )
