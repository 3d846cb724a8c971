"""Cells of tables: one text, a list, a date. They are cleaned like every text, fast where there is nothing to clean."""

import re
from datetime import date, timedelta
from functools import lru_cache

from tracker.days import read_day
from tracker.exchange.imports.texts import clean_lines, clean_text

JOINED = re.compile(r"(?:^|(?<!\s)\s++)-\s+")
"""Between the values of a list in one line. A hyphen inside of a name has no blanks."""
_TO_CLEAN = re.compile(r"[^ -~]|[&<]|  ")
_FIRST_DAY_OF_EXCEL = date(1899, 12, 30)
_SERIALS = range(32_874, 73_051)
"""1990 to 2099."""
_TIME = re.compile(r"[T ](?=\d\d:)")


def clean_cell(text: str) -> str:
    """On one line, without entities, tags and double blanks."""
    return clean_text(text) if _TO_CLEAN.search(text) else text.strip()


def clean_cell_lines(text: str) -> str:
    """The same, with its lines."""
    return clean_lines(text) if _TO_CLEAN.search(text) else text.strip()


@lru_cache(4096)
def split_list(cell: str) -> tuple[str, ...]:
    """Lines that begin with “- ”, or one line of values joined by it. Many cells say the same."""
    lines = [line for line in clean_cell_lines(cell).split("\n") if line]
    items = JOINED.split(lines[0]) if len(lines) == 1 and lines[0].startswith("-") else lines
    return tuple(item for line in items if (item := line.removeprefix("-").strip()))


@lru_cache(4096)
def read_date(cell: str) -> date | None:
    """A day in ISO form, with a time or without; a serial number of Excel; or as people write it."""
    if cell.isascii() and cell.isdecimal() and len(cell) < 7 and int(cell) in _SERIALS:
        return _FIRST_DAY_OF_EXCEL + timedelta(days=int(cell))
    return read_day(_TIME.split(cell, maxsplit=1)[0])
