"""Who leads and who supports each recommendation, as a table or pasted cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.exchange.imports.any_table import find_table
from tracker.exchange.imports.column_names import known_headers, suggest_columns
from tracker.exchange.imports.plain_cells import clean_cell, clean_cell_lines
from tracker.exchange.imports.refs import may_have_lost_zero, read_ref
from tracker.exchange.imports.rows import Column, NotReadable, Problem, Weight
from tracker.exchange.imports.sheets import Numeral, Row, Sheet, fold_header
from tracker.language import gettext

_BETWEEN = re.compile(r"[;,\n](?![^()]*\))")
"""Between organisations: commas in brackets belong to a name."""
_BY_POSITION = (Column.REF, Column.LEAD, Column.SUPPORTING)
"""Of cells that were pasted without their headers."""


@dataclass(frozen=True)
class AssignmentRow:
    """Names of organisations as spelled. `lead` may be empty: only who supports is said."""

    place: str
    ref: str
    lead: str
    supporting: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadAssignments:
    rows: tuple[AssignmentRow, ...]
    problems: tuple[Problem, ...] = ()


def read_assignment_sheets(sheets: Sequence[Sheet], columns: Sequence[Column] = ()) -> ReadAssignments:
    """`columns`: what a person chose, else what the headers say; without headers number, lead, supporting in this
    order. Raises `NotReadable` where no column holds numbers, or none organisations."""
    rows: list[AssignmentRow] = []
    problems: list[Problem] = []
    for sheet in sheets:
        if not sheet.head:
            continue
        header, chosen = _columns(sheet, columns)
        if Column.REF not in chosen or not {Column.LEAD, Column.SUPPORTING} & set(chosen):
            continue
        for row in sheet.rows_below(header.number if header else 0):
            if read := _read_row(sheet, row, chosen, problems):
                rows.append(read)
        problems += sheet.problems
    if not rows and not problems:
        raise NotReadable(
            gettext(
                "No table with assignments was found. It needs a column for the number of the recommendation and one"
                " for the organisation that leads; a third one names those that support."
            )
        )
    return ReadAssignments(tuple(rows), tuple(problems))


def _columns(sheet: Sheet, columns: Sequence[Column]) -> tuple[Row | None, Sequence[Column]]:
    first = sheet.head[0]
    if read_ref(first.cell(0)) and not any(fold_header(cell) in known_headers() for cell in first.cells):
        return None, columns or _BY_POSITION
    header = found[1] if (found := find_table([sheet])) else first
    samples = [row.cells for row in sheet.head if row.number > header.number]
    return header, columns or suggest_columns(header.cells, samples)


def _read_row(
    sheet: Sheet, row: Row, columns: Sequence[Column], problems: list[Problem]
) -> AssignmentRow | None:
    cells: dict[Column, str] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        if cell:
            cells[column] = f"{cells[column]}\n{cell}" if column in cells else cell
    at = columns.index(Column.REF)
    cell = row.cell(at)
    ref = read_ref(clean_cell(cell))
    if ref is None:
        problems.append(sheet.problem(row.number, at, _no_ref(cell), Weight.REFUSED))
        return None
    if isinstance(cell, Numeral) and may_have_lost_zero(ref):
        sentence = gettext(
            "This cell holds a number, not a text: %(ref)s may have been %(ref)s0. Check it.", ref=ref
        )
        problems.append(sheet.problem(row.number, at, sentence))
    lead, *others = split_organisations(cells.get(Column.LEAD, "")) or [""]
    supporting = [*others, *split_organisations(cells.get(Column.SUPPORTING, ""))]
    if not lead and not supporting:
        sentence = gettext("No organisation stands beside %(ref)s, so the row was not read.", ref=ref)
        problems.append(sheet.problem(row.number, at, sentence, Weight.REFUSED))
        return None
    if others:
        sentence = gettext(
            "%(ref)s names more than one organisation that leads. The first, “%(lead)s”, was taken; the others"
            " support.",
            ref=ref,
            lead=lead,
        )
        problems.append(sheet.problem(row.number, columns.index(Column.LEAD), sentence))
    return AssignmentRow(sheet.place(row.number, at), ref, lead, tuple(dict.fromkeys(supporting)))


def split_organisations(cell: str) -> list[str]:
    return [name for part in _BETWEEN.split(clean_cell_lines(cell)) if (name := part.strip(" -–•\t"))]


def _no_ref(cell: str) -> str:
    if not cell:
        return gettext("This row holds no number of a recommendation, so it was not read.")
    return gettext(
        "“%(cell)s” is no number of a recommendation, such as 140.7. The row was not read.", cell=cell[:80]
    )
