"""UPR Info's exports: the workbook of its former site, the same as CSV with other headers, and the tables of today's
site. One row for each recommending State; no numbers of paragraphs.
"""

from tracker.codes import Position, RecommendationKind
from tracker.exchange.imports.plain_cells import clean_cell
from tracker.exchange.imports.position_words import position_of_cell
from tracker.exchange.imports.review_filter import ReviewFilter
from tracker.exchange.imports.row_sentences import (
    no_state_under_review,
    no_text,
    unknown_position,
    unknown_states,
)
from tracker.exchange.imports.rows import Asked, FileRow, Layout, NotReadable, Problem, ReadFile, Weight
from tracker.exchange.imports.sessions import cycle_of, read_cycle, read_session
from tracker.exchange.imports.sheets import NamedColumns, Row, Sheet, columns_named, find_header
from tracker.exchange.imports.state_names import split_states
from tracker.language import gettext

_NAMES = {
    "reviewed": ("sur", "to", "state under review", "country under review"),
    "text": ("recommendation", "text", "title"),
    "from": ("rs", "from", "recommending state", "recommending states"),
    "response": ("response",),
    "action": ("action", "action category"),
    "issues": ("issue", "issues"),
    "session": ("session",),
    "cycle": ("cycle",),
}
"""The headers of the columns that are read, folded. `Rgrp` and `Org` occur twice in the oldest layout: a reader that
looks cells up by name takes the second for both."""
HEADERS = {name: code for code, names in _NAMES.items() for name in names}
_REQUIRED = frozenset(["reviewed", "text", "from", "response"])
_RESPONSES = {
    "accepted": (Position.SUPPORTED, ""),
    "supported": (Position.SUPPORTED, ""),
    "noted": (Position.NOTED, ""),
    "rejected": (Position.NOTED, "UPR Info: Rejected"),
    "not supported": (Position.NOTED, "UPR Info: Not Supported"),
}
"""The UN knows supported and noted. Where UPR Info says more, its word is the source of the position."""
_PLEDGE = "voluntary pledge"
_ACTIONS = {str(number): number for number in range(1, 6)}


def find_columns(sheet: Sheet) -> NamedColumns | None:
    """None: the sheet has another layout."""
    header = find_header(sheet.head, HEADERS.keys(), len(_REQUIRED))
    columns = columns_named(header, HEADERS) if header else None
    return columns if columns and columns.at.keys() >= _REQUIRED else None


def read_upr_info(sheets: list[Sheet], asked: Asked) -> ReadFile:
    """The rows of the State and cycle asked for. Raises `NotReadable` where there are none."""
    reader = _Reader(asked)
    for sheet in sheets:
        if columns := find_columns(sheet):
            reader.read(sheet, columns)
    if not reader.rows and not any(each.weight == Weight.REFUSED for each in reader.problems):
        raise NotReadable(reader.filter.why_nothing())
    problems = (*reader.problems, *reader.filter.problems())
    return ReadFile(Layout.UPR_INFO, tuple(reader.rows), problems, reader.filter.left_out)


class _Reader:
    def __init__(self, asked: Asked) -> None:
        self.asked, self.filter = asked, ReviewFilter(asked)
        self.rows: list[FileRow] = []
        self.problems: list[Problem] = []
        self._states: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def read(self, sheet: Sheet, columns: NamedColumns) -> None:
        self.problems += columns.problems(sheet)
        for row in sheet.rows_below(columns.header.number):
            cells = _Cells(sheet, row, columns.at)
            session, cycle = _session(cells)
            reviewed = clean_cell(cells["reviewed"])
            if not reviewed:
                self.problems.append(cells.problem("reviewed", no_state_under_review(), Weight.REFUSED))
            elif self.filter.takes(reviewed, cycle, cells.place("reviewed")):
                self._take(cells, session, cycle)
        self.problems += sheet.problems

    def _take(self, cells: "_Cells", session: int | None, cycle: int | None) -> None:
        text = clean_cell(cells["text"])
        if not text:
            self.problems.append(cells.problem("text", no_text(), Weight.REFUSED))
            return
        if cycle is None:
            self.problems.append(cells.problem("session", _no_session(cells["session"])))
        codes, unknown = self._recommending(cells)
        kind, position, source = self._position(cells)
        self.rows.append(
            FileRow(
                cells.place("text"),
                text,
                kind=kind,
                state_code=self.asked.state_code,
                session=session,
                state_codes=codes,
                unknown_states=unknown,
                position=position,
                position_source=source,
                issues=_issues(cells["issues"]),
                action_category=self._action(cells),
            )
        )

    def _recommending(self, cells: "_Cells") -> tuple[tuple[str, ...], tuple[str, ...]]:
        cell = cells["from"]
        if cell not in self._states:
            self._states[cell] = split_states(cell, self.asked.states)
        codes, unknown = self._states[cell]
        if unknown:
            self.problems.append(cells.problem("from", unknown_states(unknown)))
        elif not codes and cells["response"].casefold() != _PLEDGE:
            self.problems.append(cells.problem("from", gettext("No recommending State stands here.")))
        return codes, unknown

    def _position(self, cells: "_Cells") -> tuple[RecommendationKind, Position | None, str]:
        """A pledge has no position: the State itself made it."""
        cell = cells["response"]
        word = cell.casefold()
        if word == _PLEDGE:
            return RecommendationKind.VOLUNTARY_PLEDGE, None, ""
        position, source = _RESPONSES.get(word, (position_of_cell(cell), ""))
        if position is None:
            self.problems.append(cells.problem("response", unknown_position(cell)))
        return RecommendationKind.WG_RECOMMENDATION, position, source

    def _action(self, cells: "_Cells") -> int | None:
        cell = cells["action"]
        number = _ACTIONS.get(cell[:1]) if cell[1:2] in ("", ".", " ") else None
        if cell and number is None:
            sentence = gettext("“%(cell)s” is no category of action: those are 1 to 5.", cell=cell[:80])
            self.problems.append(cells.problem("action", sentence))
        return number


class _Cells:
    """The cells of a row by what they hold."""

    __slots__ = ("_at", "_row", "_sheet")

    def __init__(self, sheet: Sheet, row: Row, at: dict[str, int]) -> None:
        self._sheet, self._row, self._at = sheet, row, at

    def __getitem__(self, code: str) -> str:
        """Empty where the file has no such column."""
        return self._row.cell(self._at[code]) if code in self._at else ""

    def place(self, code: str) -> str:
        return self._sheet.place(self._row.number, self._at.get(code, 0))

    def problem(self, code: str, sentence: str, weight: Weight = Weight.DOUBTFUL) -> Problem:
        return Problem(self.place(code), sentence, weight)


def _session(cells: _Cells) -> tuple[int | None, int | None]:
    """The session, and the cycle by it, or as the file gives it."""
    session = read_session(cells["session"])
    return session, cycle_of(session) if session else read_cycle(cells["cycle"])


def _issues(cell: str) -> tuple[str, ...]:
    """Labels hold no comma; “HIV - Aids” is one."""
    return tuple(label for part in clean_cell(cell).split(",") if (label := part.strip()))


def _no_session(cell: str) -> str:
    return gettext(
        "“%(cell)s” names no session from 1 to 54, so nobody can tell of which review this row is. It was read.",
        cell=cell[:80],
    )
