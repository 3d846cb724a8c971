"""Verifies, byte by byte, every evidence file that a row names, and counts the files that no row names. It reads
everything and changes nothing: for the operator alone."""

from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.evidence import Evidence
from tracker.services.evidence.stored_bytes import CHUNK, list_named
from tracker.storage import Storage


def verify_evidence(session: Session, storage: Storage) -> int:
    """Returns how many files the rows name. Raises `EvidenceBroken` for the first that is missing or changed, and
    `StorageUnavailable` where one cannot be read. Call it within `all_files_stay`."""
    proven = 0
    for name in list_named(session):
        storage.open_verified(name).close()
        proven += 1
    return proven


def count_unnamed(session: Session, storage: Storage) -> tuple[int, str]:
    """Returns how many files no row names, and one of their names. Pending files do not count: somebody is uploading
    them, or they wait to be removed. Each step starts a new transaction, so that it sees the rows of files that came
    since the snapshot."""
    count, example, names = 0, "", storage.list_names()
    while chunk := list(islice(names, CHUNK)):
        candidates = set(chunk) - set(storage.list_pending())
        session.rollback()
        named = session.scalars(select(Evidence.sha256).where(Evidence.sha256.in_(candidates)))
        unnamed = candidates - set(named)
        count, example = count + len(unnamed), example or min(unnamed, default="")
    return count, example
