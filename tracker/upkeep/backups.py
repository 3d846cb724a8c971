"""Makes a backup of everything but the keys while people write, checks one to its end, and restores one whole.

Database and evidence come from one moment: from before the snapshot to the end no file is removed, so that each that
its rows name is there to be copied. Files are copied before the database, which is the last thing that a restore puts
in its place.
"""

import os
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from nacl.public import PrivateKey, PublicKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.database import Database
from tracker.exchange.backups import BackupWriter, Contents, Manifest, read_backup
from tracker.exchange.sealed_files import SealedReader, SealedWriter
from tracker.failures import BadInput, EvidenceBroken
from tracker.models.evidence import Evidence
from tracker.models.history import HistoryLine
from tracker.models.sealed import keys_of
from tracker.services.evidence.stored_bytes import all_files_stay, list_named
from tracker.storage import Storage, place_of
from tracker.upkeep.database_dump import copy_blocks, count_rows, read_revision
from tracker.upkeep.database_restore import Target, target_of
from tracker.upkeep.evidence_restore import EvidenceTarget

BLOCK = 64 * 1024


@dataclass(frozen=True)
class InstanceFiles:
    """Where an instance keeps what a backup holds."""

    url: str
    storage: Path


def make_backup(
    database: Database, url: str, public_key: PublicKey, file: BinaryIO, now: datetime
) -> tuple[Manifest, Contents]:
    """Writes the sealed backup into the open file. Raises `BadInput`, `OSError`; the file is of no use then. What is
    missing or damaged of the evidence is left out: the manifest counts it, the contents do not."""
    with database.snapshot() as session, all_files_stay(session) as storage:
        manifest = _describe(session, key_folder_of(database), now)
        writer = BackupWriter(SealedWriter(file, public_key), manifest)
        if manifest.evidence:
            for name in list_named(session):
                _add_file(writer, storage, name)
        writer.database(copy_blocks(session, url))
        return manifest, writer.finish()


def _describe(session: Session, key_folder: str, now: datetime) -> Manifest:
    revision, rows = read_revision(session), count_rows(session.connection())
    named = select(func.count(func.distinct(Evidence.sha256)))
    newest = session.scalar(select(func.max(HistoryLine.at)))
    return Manifest(
        made_at=now.isoformat(timespec="seconds"),
        database=session.get_bind().dialect.name,
        revision=revision,
        rows=rows,
        evidence=session.scalar(named) or 0 if Evidence.__tablename__ in rows else 0,
        newest_history=newest.isoformat(timespec="seconds") if newest else None,
        key_folder=key_folder,
    )


def key_folder_of(database: Database) -> str:
    """Tells one key folder from another and nothing of its keys."""
    return keys_of(database.engine.dialect).digest("backup", "which key folder")


def _add_file(writer: BackupWriter, storage: Storage, name: str) -> None:
    try:
        file = storage.open_verified(name)
    except EvidenceBroken:
        return  # `flask verify` names it, and whoever called for the backup is told their number
    with file:
        writer.evidence(place_of(name), os.fstat(file.fileno()).st_size, file)


class _Checking:
    """Takes everything and keeps nothing; refuses what this version cannot read."""

    def __init__(self, revisions: Set[str]) -> None:
        self._revisions = revisions

    def begin(self, manifest: Manifest) -> None:
        if manifest.revision not in self._revisions:
            raise BadInput(
                f"This backup was made by a newer version (tables {manifest.revision}): install that version first."
            )

    def evidence(self, _name: str, source: IO[bytes]) -> None:
        while source.read(BLOCK):
            pass

    def database(self, block: bytes) -> None:
        """The archive's own sums are checked by whoever reads it."""


class _Restoring(_Checking):
    """Evidence first; the database's first block finds it in its place."""

    def __init__(self, revisions: Set[str], database: Target, evidence: EvidenceTarget) -> None:
        super().__init__(revisions)
        self._database, self._evidence, self._is_placed = database, evidence, False

    def evidence(self, name: str, source: IO[bytes]) -> None:
        self._evidence.write(name, source)

    def database(self, block: bytes) -> None:
        if not self._is_placed:
            self._evidence.place()
            self._is_placed = True
        self._database.write(block)


def check_backup(file: Path, private_key: PrivateKey, revisions: Set[str]) -> tuple[Manifest, Contents]:
    """Reads the backup to its end: every tag, every sum. `revisions` are those of the tables that are known here."""
    with file.open("rb") as opened:
        return read_backup(SealedReader(opened, private_key), _Checking(revisions))


def restore_backup(
    file: Path, private_key: PrivateKey, place: InstanceFiles, revisions: Set[str]
) -> tuple[Manifest, Contents]:
    """Checks everything, then restores whole or not at all. Raises `BadInput`, `OSError`; the place is empty then."""
    kind, database = target_of(place.url)
    evidence = EvidenceTarget(place.storage)
    database.check_empty()
    evidence.check_empty()
    manifest, _ = check_backup(file, private_key, revisions)
    if manifest.database != kind:
        raise BadInput(
            f"This backup holds a database of {manifest.database}, and DATABASE_URL names one of {kind}."
        )
    receiver = _Restoring(revisions, database, evidence)
    try:
        with file.open("rb") as opened:
            found = read_backup(SealedReader(opened, private_key), receiver)
        database.finish(manifest)
    except BaseException:
        database.abort()
        evidence.abort()
        raise
    return found
