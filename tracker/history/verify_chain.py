"""Reads the history from the first line to the newest and verifies that it is one unbroken chain, in constant
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
"""What reading raises where a value does not fit its column: SQLite stores any value."""


class Fault(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"


@dataclass(frozen=True)
class VerifiedChain:
    """`purged`: how many of the `lines` have no texts any more, as a later line says."""

    lines: int
    purged: int
    newest_hash: str
    newest_at: datetime | None


@dataclass
class _Progress:
    """The newest line that was verified, and the hash of the one before it."""

    number: int = 0
    hash: str = FIRST
    previous_hash: str = ""
    at: datetime | None = None
    purged: int = 0


def verify_chain(session: Session, expected: Collection[str] = ()) -> VerifiedChain:
    """Raises `HistoryBroken` at the first line that is not as it was written. `expected`: hashes, or their
    beginnings, that somebody noted earlier. If one is not among the lines, the chain was cut off or made anew.

    The session must see one moment (`Database.snapshot`)."""
    reached, missing = _Progress(), {noted.casefold() for noted in expected}
    for line in _lines(session):
        if not isinstance(line, int) and _follows(line, reached):
            reached.previous_hash, reached.hash = reached.hash, line.hash
            reached.number, reached.at = line.id, line.at
            reached.purged += line.salt is None
            missing = {noted for noted in missing if not line.hash.startswith(noted)}
        else:
            raise HistoryBroken(*_name_fault(session, line, reached))
    head = session.scalar(select(HistoryHead.number))
    if (reached.number and head is None) or (head or 0) > reached.number:
        raise HistoryBroken(reached.number + 1, Fault.MISSING)
    if head is not None and head < reached.number:
        raise HistoryBroken(head + 1, Fault.INSERTED)
    if missing:
        raise HistoryBroken(None, Fault.MISSING, min(missing))
    return VerifiedChain(reached.number, reached.purged, reached.hash, reached.at)


def _lines(session: Session) -> Iterator[Row[Any] | int]:
    """Every line in the order of numbers; only its number for a line that cannot be read."""
    last: int | None = None
    while True:
        query = _READ if last is None else _READ.where(_LINE.id > last)
        chunk: list[Row[Any] | int]
        try:
            chunk = list(session.execute(query.limit(CHUNK)))
        except UNREADABLE:
            numbers = _NUMBERS if last is None else _NUMBERS.where(_LINE.id > last)
            chunk = [_line(session, number) for number in session.scalars(numbers.limit(CHUNK))]
        yield from chunk
        if len(chunk) < CHUNK:
            return
        newest = chunk[-1]
        last = newest if isinstance(newest, int) else newest.id


def _line(session: Session, number: int) -> Row[Any] | int:
    try:
        return session.execute(_READ.where(_LINE.id == number)).one()
    except UNREADABLE:
        return number


def _follows(line: Row[Any], reached: _Progress) -> bool:
    """Is it the next line, as it was written?"""
    is_next = line.id == reached.number + 1 and line.previous_hash == reached.hash
    return is_next and _has_its_hash(line, line.id) and _has_its_content(line)


def _has_its_hash(line: Row[Any], number: int) -> bool:
    """Does its hash match its columns, with this number? Columns that its format does not use must be empty."""
    try:
        expected = line_hash({**line._mapping, "id": number}, line.format)
        unused = [line._mapping[name] for name in LINE_FORMATS[line.format].unused]
    except UNREADABLE:
        return False
    return bool(expected == line.hash) and all(value is None for value in unused)


def _has_its_content(line: Row[Any]) -> bool:
    """Does its content match? If it was purged, nothing of it may be left, and a later line must say who did that."""
    if line.salt is None:
        return bool(line.is_purged and line.before is None and line.after is None)
    try:
        return bool(content_hash(line.salt, line.before, line.after) == line.content_hash)
    except UNREADABLE:
        return False


def _name_fault(session: Session, line: Row[Any] | int, reached: _Progress) -> tuple[int, Fault]:
    """The number of the first line that is wrong, and how. Each line holds the hash of the one before it, so a line in
    a wrong place can be recognised."""
    number = reached.number + 1
    if isinstance(line, int):
        return line, Fault.CHANGED if line == number else Fault.REORDERED
    if line.id < number:
        return line.id, Fault.INSERTED
    query = select(_LINE.id).where(_LINE.previous_hash == reached.hash, _LINE.id != line.id)
    successor = session.scalars(query.limit(1)).first()
    if line.id > number:
        return (
            number,
            Fault.MISSING if successor is None and line.previous_hash != reached.hash else Fault.REORDERED,
        )
    if line.previous_hash == reached.hash:
        return number, Fault.CHANGED if successor is None else Fault.INSERTED
    if _has_its_hash(line, number):  # as it was written, but the line before it is not what it was then
        return reached.number or number, Fault.CHANGED
    if line.previous_hash == reached.previous_hash and _has_its_hash(line, reached.number):
        return reached.number, Fault.INSERTED
    if successor is not None:
        return number, Fault.REORDERED
    return number, Fault.MISSING if _has_its_hash(line, number + 1) else Fault.CHANGED
