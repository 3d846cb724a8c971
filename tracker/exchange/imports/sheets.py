"""A table as rows of text cells with their places, whatever file it came from, and which of its rows is the header."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from tracker.exchange.imports.rows import Problem, Weight
from tracker.language import fold, gettext

MOST_COLUMNS = 200
HEAD_ROWS = 30
_LEAST_OF_HEADER = 0.6
"""Of the cells of the fullest row: a header may lack the names of some columns, a title above it fills one or two."""
_CELL = re.compile(r"^(.*!)[A-Z]{1,3}([0-9]+)$", re.DOTALL)
_BETWEEN = re.compile(r"[\W_]+")


class Numeral(str):
    """The text of a cell that holds a number: it reads 28.1 where 28.10 was meant, too."""

    __slots__ = ()


class Row(NamedTuple):
    """`number`: as the program shows it that opens the file, from 1."""

    number: int
    cells: list[str]

    def cell(self, at: int) -> str:
        """Empty beyond the end of the row."""
        return self.cells[at] if at < len(self.cells) else ""


class Sheet:
    """Rows are read while they are asked for, once; `head` holds the first of them beforehand. Rows without any text
    are left out. `name` is empty for a text, whose places are lines. `problems` grows while rows are read."""

    def __init__(self, name: str, rows: Iterator[Row], problems: list[Problem] | None = None) -> None:
        self.name = name
        self.problems = [] if problems is None else problems
        filled = (row for row in rows if any(row.cells))
        self.head = list(islice(filled, HEAD_ROWS))
        self._rest = filled

    def rows_below(self, number: int) -> Iterator[Row]:
        """The rows after that of this number."""
        return (row for row in chain(self.head, self._rest) if row.number > number)

    def place(self, row: int, column: int = 0) -> str:
        return place(self.name, row, column)

    def problem(self, row: int, column: int, sentence: str, weight: Weight = Weight.DOUBTFUL) -> Problem:
        return Problem(self.place(row, column), sentence, weight)


def place(sheet: str, row: int, column: int = 0) -> str:
    """Sheet1!B12; “line 12” of a text. `column` counts from 0."""
    if not sheet:
        return gettext("line %(number)s", number=row)
    from openpyxl.utils import get_column_letter  # late: every command and the server would wait for openpyxl

    return f"{sheet}!{get_column_letter(column + 1)}{row}"


def row_of(place: str) -> str:
    """The same for all cells of a row: Sheet1!12. Other places are rows as they are."""
    return _CELL.sub(r"\1\2", place)


def fold_header(text: str) -> str:
    """The same text for headers that differ in case, spaces, signs or look-alike letters."""
    return _BETWEEN.sub(" ", fold(text)).strip()


def headers_key(headers: Sequence[str]) -> str:
    """The same for tables of the same headers, in this order: what a person chose for one holds for the others."""
    return "|".join(fold_header(header) for header in headers).rstrip("|")


def find_header(head: Sequence[Row], known: Collection[str] = (), least: int = 2) -> Row | None:
    """The first row with at least `least` of the `known` names (folded). Without such a row, and where no names are
    known: the first that is filled like the fullest, so that titles above it are passed over."""
    for row in head:
        if known and len({fold_header(cell) for cell in row.cells} & set(known)) >= least:
            return row
    filled = [sum(1 for cell in row.cells if cell) for row in head]
    most = max(filled, default=0)
    return next(
        (row for row, number in zip(head, filled, strict=True) if _is_header(row, number, most)), None
    )


def _is_header(row: Row, filled: int, most: int) -> bool:
    if filled < most and any(isinstance(cell, Numeral) for cell in row.cells):
        return False
    return filled >= max(_LEAST_OF_HEADER * most, min(most, 2))


class NamedColumns(NamedTuple):
    """`at`: the position of each column by what it holds. `again`: headers that occur again, whose columns are not
    read."""

    header: Row
    at: dict[str, int]
    again: tuple[str, ...] = ()

    def problems(self, sheet: Sheet) -> list[Problem]:
        return [
            sheet.problem(
                self.header.number,
                0,
                gettext(
                    "The header “%(header)s” occurs again. The first column of that name was read.",
                    header=header[:80],
                ),
            )
            for header in self.again
        ]


def columns_named(header: Row, names: dict[str, str]) -> NamedColumns:
    """`names`: what a column holds, by its folded header. The first of two columns that hold the same counts."""
    found: dict[str, int] = {}
    again = []
    for position, cell in enumerate(header.cells):
        code = names.get(fold_header(cell))
        if code is not None and code in found:
            again.append(cell)
        elif code is not None:
            found[code] = position
    return NamedColumns(header, found, tuple(again))
