"""Proves that each file of evidence that a row names is there, byte by byte, and counts what no row names. It reads
everything and changes nothing: for the operator alone."""

from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.evidence import Evidence
from tracker.services.evidence.stored_bytes import CHUNK, list_named
from tracker.storage import Storage


def verify_evidence(session: Session, storage: Storage) -> int:
    """How many files the rows name. Raises `EvidenceBroken` with the first that is missing or changed, and
    `StorageUnavailable` where one cannot be read. Call it within `all_files_stay`."""
    proven = 0
    for name in list_named(session):
        storage.open_verified(name).close()
        proven += 1
    return proven


def count_unnamed(session: Session, storage: Storage) -> tuple[int, str]:
    """How many files no row names, and one of them. What is in question is somebody's who is at work, or waits to be
    removed. Each step asks the database as it is then: what came since the snapshot has its row by now."""
    found, one, names = 0, "", storage.list_names()
    while chunk := list(islice(names, CHUNK)):
        asked = set(chunk) - set(storage.list_pending())
        session.rollback()
        unnamed = asked - set(session.scalars(select(Evidence.sha256).where(Evidence.sha256.in_(asked))))
        found, one = found + len(unnamed), one or min(unnamed, default="")
    return found, one
