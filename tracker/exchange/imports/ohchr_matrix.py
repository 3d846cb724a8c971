"""OHCHR's matrix of recommendations, a Word document, in the four layouts since the second cycle.

Columns are found by the words of their header. Headings of themes are rows merged across all columns. The number, the
recommending States and the source of the position stand in the cell of the recommendation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.exchange.imports.named_review import refuse_other_matrix
from tracker.exchange.imports.readings import Reading, shown
from tracker.exchange.imports.rows import Asked, FileRow, Layout, NotReadable, ReadFile
from tracker.exchange.imports.state_names import find_states, split_states
from tracker.exchange.imports.texts import clean_lines, clean_text, join_lines, split_ref
from tracker.exchange.imports.theme_lists import is_heading, read_goals, read_theme_lists, without_code
from tracker.exchange.imports.word_tables import WordRow, read_word_headers, read_word_tables
from tracker.language import gettext

_SOURCE = re.compile(r"^\s*(?:Sources?\s+of\s+position|Comments?)\s*:\s*", re.IGNORECASE)
_GLUED_SOURCE = re.compile(r"(?<=\S)\s*(?=Sources?\s+of\s+[Pp]osition\s*:)")


class Role(StrEnum):
    """What a column of the matrix holds."""

    TEXT = "text"
    STATES = "states"
    POSITION = "position"
    THEMES = "themes"
    SDGS = "sdgs"
    COMMENT = "comment"


_HEADERS = (
    (Role.POSITION, r"position"),
    (Role.STATES, r"recommending\s+state"),
    (Role.TEXT, r"recommendation"),
    (Role.SDGS, r"\bsdgs?\b|sustainable"),
    (Role.COMMENT, r"assessment|comment"),
    (Role.THEMES, r"theme|rights|affected"),
)
"""The first that is found holds; “Recommendation and recommending State” is the text."""


@dataclass
class _Reading(Reading):
    """`roles`: of the columns, by their number; `width`: how many the header has."""

    roles: dict[int, Role] = field(default_factory=dict)
    width: int = 0
    heading: str = ""


def read_matrix(content: bytes, asked: Asked) -> ReadFile:
    """Every row of a table with the matrix's header, and of the tables behind it that have as many columns and none."""
    reading = _Reading(asked)
    for place, row in _lines(content):
        reading.place = place
        if reading.is_full():
            break
        _read_line(reading, row)
    if not reading.roles:
        raise NotReadable(
            gettext(
                "No table of this document has the columns “Recommendation” and “Position”. Choose OHCHR's matrix of"
                " recommendations, or save your table as .xlsx and choose its columns."
            )
        )
    refuse_other_matrix(read_word_headers(content), asked)
    return ReadFile(Layout.OHCHR_MATRIX, tuple(reading.rows), tuple(reading.problems))


def _lines(content: bytes) -> Iterator[tuple[str, WordRow]]:
    for table in read_word_tables(content):
        for number, row in enumerate(table.rows, start=1):
            yield gettext("table %(table)s, row %(row)s", table=table.number, row=number), row


def _read_line(reading: _Reading, row: WordRow) -> None:
    if not any(cell.text.strip() for cell in row):
        return
    if found := _find_roles(row):
        reading.roles = found
        reading.width = sum(cell.span for cell in row)
    elif not reading.roles:
        return  # a table before the matrix
    elif _is_merged(row):
        _read_merged(reading, clean_lines(_first(row)))
    else:
        _read_cells(reading, row)


def _is_merged(row: WordRow) -> bool:
    """One cell across the table; or a heading alone in its row."""
    return len(row) == 1 or (sum(bool(cell.text.strip()) for cell in row) == 1 and is_heading(_first(row)))


def _first(row: WordRow) -> str:
    return next(cell.text for cell in row if cell.text.strip())


def _find_roles(row: WordRow) -> dict[int, Role]:
    """The columns of a header; none where it has no recommendation or no position."""
    roles: dict[int, Role] = {}
    for cell in row:
        words = clean_text(cell.text)
        role = next((role for role, pattern in _HEADERS if re.search(pattern, words, re.IGNORECASE)), None)
        if role is Role.STATES and re.match("recommendation", words, re.IGNORECASE):
            role = Role.TEXT
        if role and len(words) <= 90 and role not in roles.values() and not split_ref(words)[0]:
            roles[cell.column] = role
    return roles if {Role.TEXT, Role.POSITION} <= set(roles.values()) else {}


def _read_merged(reading: _Reading, text: str) -> None:
    """A heading; or a recommendation whose cells were merged into one."""
    if is_heading(text):
        reading.heading = without_code(clean_text(text))
        return
    ref, rest = split_ref(clean_text(text))
    if _SOURCE.search(text) or "Source of" in text or (ref and find_states(rest, reading.asked.states).codes):
        reading.doubt(
            gettext(
                "The cells of this row are merged: position and themes could not be told apart. Look at the row."
            )
        )
        _add(reading, {Role.TEXT: text})
        return
    reading.doubt(
        gettext("“%(text)s” fills a whole row and was read as a heading. Look at it.", text=shown(text))
    )
    reading.heading = without_code(clean_text(text))


def _read_cells(reading: _Reading, row: WordRow) -> None:
    cells: dict[Role, str] = {}
    for cell in row:
        role = reading.roles.get(cell.column)
        if role and (role in (Role.TEXT, Role.POSITION) or cell.text.strip()):
            cells[role] = clean_lines(cell.text)
    if sum(cell.span for cell in row) != reading.width:
        reading.doubt(gettext("The row has other cells than the header of its table. Look at the row."))
    _add(reading, cells)


def _add(reading: _Reading, cells: dict[Role, str]) -> None:
    lines, source = _split_source(cells.get(Role.TEXT, ""))
    ref, text = split_ref(join_lines(lines))
    if not text:
        reading.refuse(gettext("The row holds no text of a recommendation."))
        return
    reading.check_ref(ref)
    found = find_states(text, reading.asked.states)
    codes, unknown = _states(reading, cells.get(Role.STATES, ""), found.codes, found.unknown)
    lists = read_theme_lists(cells.get(Role.THEMES, ""))
    goals, odd = read_goals(cells.get(Role.SDGS, ""))
    for label in (*lists.odd, *odd):
        reading.doubt(gettext("“%(text)s” names no goal.", text=shown(label)))
    reading.rows.append(
        FileRow(
            reading.place,
            found.text or text,
            ref,
            state_code=reading.asked.state_code,
            state_codes=codes,
            unknown_states=unknown,
            position=reading.position(cells.get(Role.POSITION, "")),
            position_source=source,
            heading=reading.heading,
            themes=lists.themes,
            groups=lists.groups,
            sdgs=tuple(dict.fromkeys((*lists.sdgs, *goals))),
            comment=cells.get(Role.COMMENT, ""),
        )
    )


def _split_source(cell: str) -> tuple[str, str]:
    """The text, and the line that says where the position stands."""
    lines = _GLUED_SOURCE.sub("\n", cell).split("\n")
    at = next((number for number, line in enumerate(lines) if _SOURCE.match(line)), len(lines))
    source = " ".join(line.strip() for line in lines[at:])
    return "\n".join(lines[:at]), _SOURCE.sub("", source, count=1).strip()


def _states(
    reading: _Reading, cell: str, of_text: tuple[str, ...], unknown: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The States of the column, where there is one, and of the text."""
    codes, others = split_states(cell, reading.asked.states)
    if codes and of_text and set(codes) != set(of_text):
        reading.doubt(
            gettext("The column of States and the text name different States: all of them were taken.")
        )
    codes = tuple(dict.fromkeys((*codes, *of_text)))
    others = tuple(dict.fromkeys((*others, *unknown)))
    reading.check_states(codes, others)
    return codes, others
