"""Proves that every published update still says what the proof in its line of the history was made of, that none is
gone and that none came past the history. Worth something after `verify_chain`; for the operator alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import PublicationBroken
from tracker.history.verify_chain import UNREADABLE, Fault
from tracker.models.history import HistoryLine
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.updates.publication_proof import File, are_as_published, is_as_published, list_files

CHUNK = 200
VERB = "publish_update"


@dataclass(frozen=True)
class VerifiedPublications:
    """`proven` of the published updates have proofs of words and files in their line; those of an older version lack
    them."""

    published: int
    proven: int


def verify_publications(session: Session) -> VerifiedPublications:
    """Raises `PublicationBroken` with the first update that is changed, missing, or published without a line."""
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


def _is_proven(line: HistoryLine, update: ProgressUpdate, files: Sequence[File]) -> bool:
    """False where the line holds no proof of the words, or none of files that are there: an older version wrote it.
    Raises `PublicationBroken` where a proof is wrong."""
    after = line.after or {}
    words, behind = after.get("entry"), after.get("files")
    if words is not None and not is_as_published(update, words):
        raise PublicationBroken(line.subject, Fault.CHANGED)
    if behind is None and not update.has_files:  # published without files
        is_whole = not files
    else:
        is_whole = behind is None or are_as_published(files, behind)
    if not is_whole:
        raise PublicationBroken(line.subject, Fault.CHANGED)
    return words is not None and (behind is not None or not update.has_files)


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
