"""Proves that every published update still says what its line of the history holds a hash of, that none is gone
and that none came past the history. Worth something after `verify_chain`; for the operator alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import PublicationBroken
from tracker.history.verify_chain import UNREADABLE, Fault
from tracker.models.history import HistoryLine
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.updates.published_hash import NO_FILES, hashes_of_files, published_hash

CHUNK = 200
VERB = "publish_update"


@dataclass(frozen=True)
class VerifiedPublications:
    """`proven` of the published updates have hashes of words and files in their line; those of an older version lack
    them."""

    published: int
    proven: int


def verify_publications(session: Session) -> VerifiedPublications:
    """Raises `PublicationBroken` with the first update that is changed, missing, or published without a line."""
    published = proven = 0
    for lines in _lines(session):
        ids = [UUID(line.subject.removeprefix("update ")) for line in lines]
        found, files = _updates(session, ids), hashes_of_files(session, ids)
        for line in lines:
            update = found.get(line.subject)
            if update is None or update.state != UpdateState.PUBLISHED:
                raise PublicationBroken(line.subject, Fault.MISSING)
            after = line.after or {}
            words, behind = after.get("entry"), after.get("files", None if update.has_files else NO_FILES)
            if words not in (None, published_hash(update)) or behind not in (None, files[update.id]):
                raise PublicationBroken(line.subject, Fault.CHANGED)
            published, proven = published + 1, proven + (None not in (words, behind))
        session.expunge_all()
    for subjects in _published(session):
        known = select(HistoryLine.subject).where(HistoryLine.verb == VERB, HistoryLine.subject.in_(subjects))
        forged = set(subjects) - set(session.scalars(known))
        if forged:
            raise PublicationBroken(min(forged), Fault.INSERTED)
    return VerifiedPublications(published, proven)


def _lines(session: Session) -> Iterator[Sequence[HistoryLine]]:
    last, found = 0, select(HistoryLine).where(HistoryLine.verb == VERB).order_by(HistoryLine.id)
    while lines := session.scalars(found.where(HistoryLine.id > last).limit(CHUNK)).all():
        last = lines[-1].id
        yield lines


def _updates(session: Session, ids: Sequence[UUID]) -> dict[str, ProgressUpdate]:
    """By subject. One that cannot be read as what its columns are was changed."""
    found = select(ProgressUpdate)
    try:
        rows = list(session.scalars(found.where(ProgressUpdate.id.in_(ids))))
    except UNREADABLE:
        rows = []
        for each in ids:
            try:
                rows.extend(session.scalars(found.where(ProgressUpdate.id == each)))
            except UNREADABLE as error:
                raise PublicationBroken(f"update {each}", Fault.CHANGED) from error
    return {f"update {row.id}": row for row in rows}


def _published(session: Session) -> Iterator[list[str]]:
    """The subjects of the updates that stand there as published."""
    found = select(ProgressUpdate.id).where(ProgressUpdate.state == UpdateState.PUBLISHED)
    found, last = found.order_by(ProgressUpdate.id).limit(CHUNK), UUID(int=0)
    while ids := session.scalars(found.where(ProgressUpdate.id > last)).all():
        last = ids[-1]
        yield [f"update {each}" for each in ids]
