"""OHCHR's Universal Human Rights Index: its workbook and its JSON. Both hold the recommendations of all mechanisms to
all States; those of the UPR to one State in one cycle are taken.
"""

from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

from tracker.codes import Position, RecommendationKind
from tracker.exchange.imports.plain_cells import read_date
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
from tracker.exchange.imports.sheets import Sheet
from tracker.exchange.imports.state_names import split_states
from tracker.exchange.imports.texts import split_ref
from tracker.exchange.imports.theme_lists import read_goals, without_code
from tracker.exchange.imports.uhri_records import (
    UhriRecord,
    find_columns,
    records_of_array,
    records_of_sheet,
)
from tracker.language import gettext


def read_uhri_sheets(sheets: list[Sheet], asked: Asked) -> ReadFile:
    """Raises `NotReadable` where nothing of the State and cycle is in the file."""
    reader = _Reader(asked)
    for sheet in sheets:
        if columns := find_columns(sheet):
            reader.read(records_of_sheet(sheet, columns, reader.problems))
    return reader.finish()


def read_uhri_json(file: BinaryIO, asked: Asked) -> ReadFile:
    """Raises `NotReadable` like the other."""
    reader = _Reader(asked)
    reader.read(records_of_array(file, reader.problems))
    return reader.finish()


class _Reader:
    def __init__(self, asked: Asked) -> None:
        self.asked, self.filter = asked, ReviewFilter(asked)
        self.rows: list[FileRow] = []
        self.problems: list[Problem] = []
        self._states: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def finish(self) -> ReadFile:
        if not self.rows and not any(each.weight == Weight.REFUSED for each in self.problems):
            raise NotReadable(self.filter.why_nothing())
        problems = (*self.problems, *self.filter.problems())
        return ReadFile(Layout.UHRI, tuple(self.rows), problems, self.filter.left_out)

    def read(self, records: Iterable[UhriRecord]) -> None:
        for record in records:
            if not record.is_of_upr:
                self.filter.leave_out()
                continue
            said = record.one("session")
            session = read_session(said)
            cycle = cycle_of(session) if session else read_cycle(record.one("cycle")) or read_cycle(said)
            countries = "\n".join(record.many("countries"))
            if not countries:
                self.problems.append(record.problem("countries", no_state_under_review(), Weight.REFUSED))
            elif self.filter.takes(countries, cycle, record.place("countries")):
                self._take(record, session, cycle, countries)

    def _take(self, record: UhriRecord, session: int | None, cycle: int | None, countries: str) -> None:
        ref, text = split_ref(record.one("text"))
        if not text:
            self.problems.append(record.problem("text", no_text(), Weight.REFUSED))
            return
        if cycle is None:
            self.problems.append(record.problem("session", _no_session()))
        if len(self.filter.codes_of(countries)) > 1:
            self.problems.append(record.problem("countries", _more_countries()))
        named = "\n".join(record.many("from"))
        if named not in self._states:
            self._states[named] = split_states(named, self.asked.states)
        codes, unknown = self._states[named]
        if unknown:
            self.problems.append(record.problem("from", unknown_states(unknown)))
        self.rows.append(
            FileRow(
                record.place("text"),
                text,
                ref=ref,
                kind=record.kind,
                state_code=self.asked.state_code,
                session=session,
                state_codes=codes,
                unknown_states=unknown,
                position=self._position(record),
                themes=tuple(dict.fromkeys(filter(None, map(without_code, record.many("themes"))))),
                groups=tuple(dict.fromkeys(record.many("groups"))),
                sdgs=self._sdgs(record),
                symbol=record.one("symbol"),
                published_on=self._day(record),
                external_id=record.one("id"),
            )
        )

    def _position(self, record: UhriRecord) -> Position | None:
        said = "/".join(record.many("position"))
        position = position_of_cell(said)
        if position is None and record.kind != RecommendationKind.VOLUNTARY_PLEDGE:
            self.problems.append(record.problem("position", unknown_position(said)))
        return position

    def _sdgs(self, record: UhriRecord) -> tuple[str, ...]:
        codes, odd = read_goals(record.parts_of_goals)
        if odd and not codes:
            sentence = gettext(
                "“%(cell)s” names no Sustainable Development Goal by its number.", cell=odd[0][:80]
            )
            self.problems.append(record.problem("sdgs", sentence))
        return codes

    def _day(self, record: UhriRecord) -> date | None:
        said = record.one("published")
        day = read_date(said)
        if said and day is None:
            sentence = gettext(
                "“%(cell)s” is no date that can be read. Write it as 2026-11-20.", cell=said[:80]
            )
            self.problems.append(record.problem("published", sentence))
        return day


def _no_session() -> str:
    return gettext(
        "No session or cycle stands here, so nobody can tell of which review this row is. It was read."
    )


def _more_countries() -> str:
    return gettext("This row is about other States, too. Check that it belongs to this review.")
