"""Reads a file of recommendations, whatever its layout. Of strangers' files only in a process of its own
(`reading_process.py`)."""

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import islice

from tracker.exchange.imports import any_table, refusals, uhri_records, upr_info
from tracker.exchange.imports.assignments import ReadAssignments, read_assignment_sheets
from tracker.exchange.imports.charsets import decode
from tracker.exchange.imports.delimited import read_delimited
from tracker.exchange.imports.json_arrays import DamagedRecord, read_array, read_object
from tracker.exchange.imports.kinds import Kind, kind_of
from tracker.exchange.imports.matching import Known, Match, match_file
from tracker.exchange.imports.named_review import OtherReview
from tracker.exchange.imports.number_lists import read_number_lists
from tracker.exchange.imports.ohchr_matrix import read_matrix
from tracker.exchange.imports.refusals import refuse
from tracker.exchange.imports.rows import Asked, Column, Layout, NotReadable, ReadFile
from tracker.exchange.imports.sheets import Sheet
from tracker.exchange.imports.state_names import ExplainedStates
from tracker.exchange.imports.uhri import read_uhri_json, read_uhri_sheets
from tracker.exchange.imports.uwazi import read_answer
from tracker.exchange.imports.workbooks import read_by_calamine, read_xlsx
from tracker.exchange.imports.working_group import read_working_group
from tracker.exchange.imports.working_group_tables import is_working_group_table
from tracker.language import gettext

_LEAST_EVEN = 0.6
"""Of the first lines of a text: so many have the same number of cells, or it is no table."""


def read_file(name: str, content: bytes, asked: Asked) -> ReadFile:
    """Recognises the layout by the content, unless `asked.layout` says it. Raises `NotReadable` where nothing can be
    read; what it cannot read of a part, it tells as problems."""
    states = ExplainedStates(asked.states, asked.explained)
    asked = replace(asked, states=states)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it leaves out of a workbook
        found = _read(name, content, asked)
    if len(found.rows) > asked.most_rows:
        raise NotReadable(
            gettext(
                "“%(name)s” holds %(number)s rows; at most %(most)s are read at once. Divide it.",
                name=name,
                number=len(found.rows),
                most=asked.most_rows,
            )
        )
    return replace(found, explained=tuple(sorted(states.found)))


def read_and_match(
    name: str, content: bytes, asked: Asked, known: Known
) -> tuple[ReadFile, tuple[Match, ...]]:
    """`read_file`, and which of its recommendations are those that stand here already."""
    read = read_file(name, content, asked)
    return read, match_file(known, read.rows, asked.states)


def read_assignments(name: str, content: bytes, columns: tuple[Column, ...] = ()) -> ReadAssignments:
    """Of a table or of pasted cells. Raises `NotReadable`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_assignment_sheets(_sheets(name, content, kind_of(name, content)), columns)


def _read(name: str, content: bytes, asked: Asked) -> ReadFile:
    kind = kind_of(name, content)
    if kind == Kind.DOCX:
        if asked.layout not in (None, Layout.OHCHR_MATRIX):
            raise NotReadable(_other_layout())
        return read_matrix(content, asked)
    if kind == Kind.JSON:
        return _read_json(name, content, asked)
    if kind == Kind.TEXT:
        return _read_text(name, content, asked)
    return _read_sheets(_sheets(name, content, kind), asked)


def _sheets(name: str, content: bytes, kind: Kind) -> list[Sheet]:
    if kind == Kind.XLSX:
        return read_xlsx(name, content)
    if kind in (Kind.XLS, Kind.ODS):
        return read_by_calamine(name, content)
    if kind == Kind.TEXT:
        return [read_delimited(content)]
    raise refuse(refusals.NO_TABLE, name)


def _read_sheets(sheets: list[Sheet], asked: Asked) -> ReadFile:
    if asked.layout in (None, Layout.UPR_INFO) and any(map(upr_info.find_columns, sheets)):
        return upr_info.read_upr_info(sheets, asked)
    if asked.layout in (None, Layout.UHRI) and any(map(uhri_records.find_columns, sheets)):
        return read_uhri_sheets(sheets, asked)
    if asked.layout in (None, Layout.TABLE):
        return any_table.read_any_table(sheets, asked)
    raise NotReadable(_other_layout())


def _read_json(name: str, content: bytes, asked: Asked) -> ReadFile:
    """The first record tells the layout."""
    if answer := read_object(content):
        sheet = read_answer(answer)
        if sheet is None:
            raise refuse(refusals.UNKNOWN, name)
        return _read_sheets([sheet], asked)
    try:
        first = next(islice(read_array(BytesIO(content)), 1), None)
    except DamagedRecord:
        first = None
    is_record = isinstance(first, dict) and len(uhri_records.RECORD_KEYS & first.keys()) > 1
    if is_record and asked.layout not in (None, Layout.UHRI):
        raise NotReadable(_other_layout())
    if is_record:
        return read_uhri_json(BytesIO(content), asked)
    if not isinstance(first, dict) and find_text_table(content):
        return _read_text(name, content, asked)
    raise refuse(refusals.UNKNOWN, name)


def _read_text(name: str, content: bytes, asked: Asked) -> ReadFile:
    """A table with separators, or a text of the Working Group: a report, or an addendum's lists of numbers."""
    if asked.layout == Layout.WORKING_GROUP:
        return read_working_group(content, asked)
    if asked.layout == Layout.POSITIONS:
        return read_number_lists(content, asked)
    if asked.layout is None and is_working_group_table(decode(content).text):
        return read_working_group(content, asked)
    if sheet := find_text_table(content) or (read_delimited(content) if asked.columns else None):
        return _read_sheets([sheet], asked)
    readers: tuple[Callable[[bytes, Asked], ReadFile], ...] = (read_working_group, read_number_lists)
    for read in readers if asked.layout is None else ():
        try:
            return read(content, asked)
        except OtherReview:
            raise
        except NotReadable:
            continue
    raise refuse(refusals.NO_TABLE, name)


def find_text_table(content: bytes) -> Sheet | None:
    """Prose has commas, too, but not the same number in each line."""
    sheet = read_delimited(content)
    widths = Counter(len(row.cells) for row in sheet.head)
    width, times = widths.most_common(1)[0] if widths else (0, 0)
    is_even = width > 1 and times > 1 and times >= _LEAST_EVEN * widths.total()
    return sheet if is_even or upr_info.find_columns(sheet) or uhri_records.find_columns(sheet) else None


def _other_layout() -> str:
    return gettext(
        "The file does not have the layout that was chosen. Let it be recognised, or choose “any table” and say what"
        " the columns hold."
    )
