"""Verifies that every published update still matches the hashes in its line of the history, that none is missing and
that none was published without a line. It proves something only after `verify_chain`; for the operator alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import PublicationBroken
from tracker.history.verify_chain import UNREADABLE, Fault
from tracker.models.history import HistoryLine
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.updates.publication_hashes import FileValues
from tracker.upkeep.publication_formats import are_as_published, is_as_published, list_files

CHUNK = 200
VERB = "publish_update"


@dataclass(frozen=True)
class VerifiedPublications:
    """`proven` counts the published updates whose line has hashes of texts and files; lines of older versions lack
    them."""

    published: int
    proven: int


def verify_publications(session: Session) -> VerifiedPublications:
    """Raises `PublicationBroken` for the first update that is changed, missing, or published without a line."""
    published = proven = 0
    for lines in _lines(session):
        ids = [UUID(line.subject.removeprefix("update ")) for line in lines]
        updates, files = _updates(session, ids), list_files(session, ids)
        for line in lines:
            update = updates.get(line.subject)
            if update is None or update.state != UpdateState.PUBLISHED:
                raise PublicationBroken(line.subject, Fault.MISSING)
            published, proven = published + 1, proven + _is_proven(line, update, files[update.id])
        session.expunge_all()
    for subjects in _published(session):
        known = select(HistoryLine.subject).where(HistoryLine.verb == VERB, HistoryLine.subject.in_(subjects))
        forged = set(subjects) - set(session.scalars(known))
        if forged:
            raise PublicationBroken(min(forged), Fault.INSERTED)
    return VerifiedPublications(published, proven)


def _is_proven(line: HistoryLine, update: ProgressUpdate, files: Sequence[FileValues]) -> bool:
    """False where the line lacks the hash of the texts, or that of files which are there: an older version wrote it.
    Raises `PublicationBroken` where a hash does not match."""
    after = line.after or {}
    text_proof, file_proof = after.get("entry"), after.get("files")
    if text_proof is not None and not is_as_published(update, text_proof):
        raise PublicationBroken(line.subject, Fault.CHANGED)
    if file_proof is None and not update.has_files:  # published without files
        is_whole = not files
    else:
        is_whole = file_proof is None or are_as_published(files, file_proof)
    if not is_whole:
        raise PublicationBroken(line.subject, Fault.CHANGED)
    return text_proof is not None and (file_proof is not None or not update.has_files)


def _lines(session: Session) -> Iterator[Sequence[HistoryLine]]:
    last, query = 0, select(HistoryLine).where(HistoryLine.verb == VERB).order_by(HistoryLine.id)
    while lines := session.scalars(query.where(HistoryLine.id > last).limit(CHUNK)).all():
        last = lines[-1].id
        yield lines


def _updates(session: Session, ids: Sequence[UUID]) -> dict[str, ProgressUpdate]:
    """Returns the updates by subject. A row whose values do not fit the types of its columns was changed."""
    query = select(ProgressUpdate)
    try:
        rows = list(session.scalars(query.where(ProgressUpdate.id.in_(ids))))
    except UNREADABLE:
        rows = []
        for each in ids:
            try:
                rows.extend(session.scalars(query.where(ProgressUpdate.id == each)))
            except UNREADABLE as error:
                raise PublicationBroken(f"update {each}", Fault.CHANGED) from error
    return {f"update {row.id}": row for row in rows}


def _published(session: Session) -> Iterator[list[str]]:
    """Yields the subjects of the updates that are stored as published."""
    query = select(ProgressUpdate.id).where(ProgressUpdate.state == UpdateState.PUBLISHED)
    query, last = query.order_by(ProgressUpdate.id).limit(CHUNK), UUID(int=0)
    while ids := session.scalars(query.where(ProgressUpdate.id > last)).all():
        last = ids[-1]
        yield [f"update {each}" for each in ids]
