"""Walks the history from the first line to the newest and proves that it is one unbroken chain, in constant
memory. It changes nothing and reads every line: for the operator alone."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.orm import Session, aliased

from tracker.failures import DatabaseUnavailable, HistoryBroken
from tracker.models.history import PURGING_VERBS, HistoryHead, HistoryLine
from tracker.models.history_chain import FIRST, LINE_FORMATS, content_hash, line_hash

CHUNK = 500
_LINE = HistoryLine.__table__.c
_LATER = aliased(HistoryLine)
_IS_PURGED = (
    exists()
    .where(_LATER.subject == _LINE.subject, _LATER.id > _LINE.id, _LATER.verb.in_(PURGING_VERBS))
    .label("is_purged")
)
_READ: Select[Any] = select(*_LINE, _IS_PURGED).order_by(_LINE.id)
_NUMBERS = select(_LINE.id).order_by(_LINE.id)
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, DatabaseUnavailable)
"""What a value that is none of its column raises when it is read: SQLite stores whatever it is given."""


class Fault(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"


@dataclass(frozen=True)
class Proof:
    """What was proven: `purged` of the lines hold no texts any more, because a later line says so."""

    lines: int
    purged: int
    newest_hash: str
    newest_at: datetime | None


@dataclass
class _Reached:
    """The newest line that was proven, and the hash of the one before it."""

    number: int = 0
    hash: str = FIRST
    previous_hash: str = ""
    at: datetime | None = None
    purged: int = 0


def verify_chain(session: Session, expected: Collection[str] = ()) -> Proof:
    """Raises `HistoryBroken` at the first line that is not as it was written. `expected`: hashes, or how they
    begin, that somebody noted earlier; they must be among the lines, or the chain was cut off or made anew.

    Give it a session that sees one moment (`Database.snapshot`)."""
    reached, wanted = _Reached(), {noted.casefold() for noted in expected}
    for line in _lines(session):
        if not isinstance(line, int) and _follows(line, reached):
            reached.previous_hash, reached.hash = reached.hash, line.hash
            reached.number, reached.at = line.id, line.at
            reached.purged += line.salt is None
            wanted = {noted for noted in wanted if not line.hash.startswith(noted)}
        else:
            raise HistoryBroken(*_name_fault(session, line, reached))
    head = session.scalar(select(HistoryHead.number))
    if (reached.number and head is None) or (head or 0) > reached.number:
        raise HistoryBroken(reached.number + 1, Fault.MISSING)
    if head is not None and head < reached.number:
        raise HistoryBroken(head + 1, Fault.INSERTED)
    if wanted:
        raise HistoryBroken(None, Fault.MISSING, min(wanted))
    return Proof(reached.number, reached.purged, reached.hash, reached.at)


def _lines(session: Session) -> Iterator[Row[Any] | int]:
    """Every line in the order of numbers; of one that cannot be read only its number."""
    last: int | None = None
    while True:
        after = _READ if last is None else _READ.where(_LINE.id > last)
        found: list[Row[Any] | int]
        try:
            found = list(session.execute(after.limit(CHUNK)))
        except UNREADABLE:
            numbers = _NUMBERS if last is None else _NUMBERS.where(_LINE.id > last)
            found = [_line(session, number) for number in session.scalars(numbers.limit(CHUNK))]
        yield from found
        if len(found) < CHUNK:
            return
        newest = found[-1]
        last = newest if isinstance(newest, int) else newest.id


def _line(session: Session, number: int) -> Row[Any] | int:
    try:
        return session.execute(_READ.where(_LINE.id == number)).one()
    except UNREADABLE:
        return number


def _follows(line: Row[Any], reached: _Reached) -> bool:
    """Is it the next line, as it was written?"""
    is_next = line.id == reached.number + 1 and line.previous_hash == reached.hash
    return is_next and _is_signed(line, line.id) and _has_its_content(line)


def _is_signed(line: Row[Any], number: int) -> bool:
    """Is its hash that of its columns, if it stood at this place? Columns that its format does not use are empty."""
    try:
        expected = line_hash({**line._mapping, "id": number}, line.format)
        unused = [line._mapping[name] for name in LINE_FORMATS[line.format].unused]
    except UNREADABLE:
        return False
    return bool(expected == line.hash) and all(value is None for value in unused)


def _has_its_content(line: Row[Any]) -> bool:
    """What was purged left no part of it, and a later line says who did that."""
    if line.salt is None:
        return bool(line.is_purged and line.before is None and line.after is None)
    try:
        return bool(content_hash(line.salt, line.before, line.after) == line.content_hash)
    except UNREADABLE:
        return False


def _name_fault(session: Session, line: Row[Any] | int, reached: _Reached) -> tuple[int, Fault]:
    """The number of the first line that is wrong, and how. The chain itself tells: each line names the one before
    it, so a line that stands in a wrong place is recognised there."""
    number = reached.number + 1
    if isinstance(line, int):
        return line, Fault.CHANGED if line == number else Fault.REORDERED
    if line.id < number:
        return line.id, Fault.INSERTED
    belongs_here = select(_LINE.id).where(_LINE.previous_hash == reached.hash, _LINE.id != line.id)
    elsewhere = session.scalars(belongs_here.limit(1)).first()
    if line.id > number:
        return (
            number,
            Fault.MISSING if elsewhere is None and line.previous_hash != reached.hash else Fault.REORDERED,
        )
    if line.previous_hash == reached.hash:
        return number, Fault.CHANGED if elsewhere is None else Fault.INSERTED
    if _is_signed(line, number):  # as it was written, but the line before it is not what it was then
        return reached.number or number, Fault.CHANGED
    if line.previous_hash == reached.previous_hash and _is_signed(line, reached.number):
        return reached.number, Fault.INSERTED
    if elsewhere is not None:
        return number, Fault.REORDERED
    return number, Fault.MISSING if _is_signed(line, number + 1) else Fault.CHANGED
