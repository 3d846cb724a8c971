"""Tables as text: CSV with any separator that Excel writes, and cells pasted from a table. A row is never lost: where
a quotation mark is not closed, the rest is read line by line."""

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from tracker.exchange.imports.charsets import Decoded, decode
from tracker.exchange.imports.rows import Problem
from tracker.exchange.imports.sheets import MOST_COLUMNS, Row, Sheet, place
from tracker.language import gettext

_SEPARATORS = "\t;,|"
_SAID = re.compile(r"sep=(.)\n", re.IGNORECASE)
"""Excel reads the separator from such a first line."""
_SAMPLE_ROWS = 100
_LONGEST_CELL = 1_000_000
_CHARSETS = {"cp1251": "Windows-1251", "cp1252": "Windows-1252", "mac_roman": "Mac Roman"}


def read_delimited(content: bytes) -> Sheet:
    decoded = decode(content)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    problems = list(_charset_problems(decoded, text))
    said = _SAID.match(text)
    separator = said[1] if said else find_separator(text)
    rows = _rows(text, separator, problems)
    return Sheet("", islice(rows, 1, None) if said else rows, problems)


def find_separator(text: str) -> str:
    """The one that gives most of the first rows the same number of cells, of these the one with most cells."""
    return max(_SEPARATORS, key=lambda separator: _evenness(text, separator))


def _evenness(text: str, separator: str) -> float:
    widths = Counter(len(row) for row in _sample(text, separator) if row)
    if not widths:
        return 0.0
    width, times = max(widths.items(), key=lambda item: (item[0] > 1) * item[1])
    return math.sqrt(width - 1) * times / sum(widths.values())


def _sample(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(_Lines(text), delimiter=separator)
    try:
        return list(islice(reader, _SAMPLE_ROWS))
    except csv.Error:
        return []


class _Lines:
    """The lines of a text one by one, and those of the present row."""

    def __init__(self, text: str, begin: int = 0) -> None:
        self._text, self._at = text, begin
        self.row_begin = begin

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        end = self._text.find("\n", self._at) + 1 or len(self._text)
        if end == self._at:
            raise StopIteration
        line = self._text[self._at : end]
        self._at = end
        return line

    def finish_row(self) -> str:
        """The text of the row that ends here."""
        row = self._text[self.row_begin : self._at]
        self.row_begin = self._at
        return row


def _rows(text: str, separator: str, problems: list[Problem]) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    lines, number = _Lines(text), 1
    reader = csv.reader(lines, delimiter=separator)
    while True:
        begin = lines.row_begin
        try:
            cells = next(reader, None)
        except csv.Error:
            cells = None
            lines.finish_row()
            if lines.row_begin == begin:
                return
            yield from _unquoted(text, begin, number, separator, problems)
            return
        if cells is None:
            return
        if reader.line_num > number and lines.finish_row().count('"') % 2:
            yield from _unquoted(text, begin, number, separator, problems)
            return
        lines.row_begin = lines._at
        yield Row(number, _cut([cell.strip() for cell in cells], number, problems))
        number = reader.line_num + 1


def _unquoted(text: str, begin: int, number: int, separator: str, problems: list[Problem]) -> Iterator[Row]:
    sentence = gettext(
        "A quotation mark is opened here and never closed, so the lines from here on were read one by one. Close it and"
        " read the file again, or check these rows."
    )
    problems.append(Problem(place("", number), sentence))
    reader = csv.reader(_Lines(text, begin), delimiter=separator, quoting=csv.QUOTE_NONE)
    csv.field_size_limit(max(_LONGEST_CELL, len(text)))
    for offset, cells in enumerate(reader):
        yield Row(
            number + offset, _cut([cell.strip().strip('"') for cell in cells], number + offset, problems)
        )


def _cut(cells: list[str], number: int, problems: list[Problem]) -> list[str]:
    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
        problems.append(Problem(place("", number), too_wide()))
    return cells[:MOST_COLUMNS]


def too_wide() -> str:
    return gettext("This row has more than %(most)s cells. Those behind were not read.", most=MOST_COLUMNS)


def _charset_problems(decoded: Decoded, text: str) -> Iterator[Problem]:
    if decoded.broken is not None:
        number = text.count("\n", 0, text.find("\ufffd")) + 1
        sentence = gettext(
            "Letters from here on could not be read: %(sample)s. Save the file anew in UTF-8.",
            sample=_sample_at(text, text.find("\ufffd")),
        )
        yield Problem(place("", number), sentence)
    beyond = re.search(r"[^\x00-\x7f]", text) if decoded.is_guess else None
    if beyond:
        number = text.count("\n", 0, beyond.start()) + 1
        sentence = gettext(
            "The file does not say its alphabet. It was read as %(charset)s, which gives %(sample)s. If that is wrong,"
            " save the file anew in UTF-8.",
            charset=_CHARSETS[decoded.charset],
            sample=_sample_at(text, beyond.start()),
        )
        yield Problem(place("", number), sentence)


def _sample_at(text: str, at: int) -> str:
    """The words around a place, in quotation marks."""
    around = text[max(0, at - 15) : at + 16].replace("\n", " ")
    return f"“{around.strip()}”"
