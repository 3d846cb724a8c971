"""Makes a backup of everything but the keys while people write; checks a backup to its end; restores one whole.

Database and evidence are those of one moment: no evidence file is removed from before the snapshot until the end of
the backup, so every file that the snapshot's rows name can be copied. A restore first reads and verifies the whole
backup; only then it puts the evidence in its place, and the database last.
"""

import os
from collections.abc import Generator, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.database import Database
from tracker.exchange.backups import (
    DATABASE,
    EVIDENCE,
    FORM,
    Contents,
    Manifest,
    Member,
    read_backup,
    write_backup,
)
from tracker.exchange.encrypted_files import PrivateKey, PublicKey, encrypt, open_encrypted
from tracker.failures import BadInput, EvidenceBroken
from tracker.models.evidence import Evidence
from tracker.models.history import HistoryLine
from tracker.models.sealed import keys_of
from tracker.services.evidence.stored_bytes import all_files_stay, list_named
from tracker.storage import Storage, place_of
from tracker.upkeep.database_dump import count_rows, open_copy, read_revision
from tracker.upkeep.database_restore import Target, target_of
from tracker.upkeep.evidence_restore import EvidenceTarget

BLOCK = 64 * 1024


@dataclass(frozen=True)
class InstanceFiles:
    """The database URL and the evidence folder of an instance: what a backup holds."""

    url: str
    storage: Path


def make_backup(
    database: Database, url: str, public_key: PublicKey, file: BinaryIO, now: datetime
) -> tuple[Manifest, Contents]:
    """Writes the encrypted backup into the open file. Raises `BadInput`, `OSError`; the file is of no use then.

    Evidence that is missing or damaged is left out: the manifest counts it, the contents do not."""
    with database.snapshot() as session, all_files_stay(session) as storage:
        manifest, contents = _describe(session, key_folder_of(database), now), Contents()
        with (
            closing(_list_members(session, url, storage, manifest)) as members,
            closing(write_backup(manifest, members, contents)) as blocks,
        ):
            encrypt(blocks, file, public_key)
        return manifest, contents


def _describe(session: Session, key_folder: str, now: datetime) -> Manifest:
    revision, rows = read_revision(session), count_rows(session.connection())
    count_files = select(func.count(func.distinct(Evidence.sha256)))
    newest = session.scalar(select(func.max(HistoryLine.at)))
    return Manifest(
        made_at=now.isoformat(timespec="seconds"),
        database=session.get_bind().dialect.name,
        revision=revision,
        rows=rows,
        evidence=session.scalar(count_files) or 0 if Evidence.__tablename__ in rows else 0,
        newest_history=newest.isoformat(timespec="seconds") if newest else None,
        key_folder=key_folder,
        form=FORM,
    )


def key_folder_of(database: Database) -> str:
    """Returns a digest that differs from key folder to key folder and reveals nothing of the keys."""
    return keys_of(database.engine.dialect).digest("backup", "which key folder")


def _list_members(session: Session, url: str, storage: Storage, manifest: Manifest) -> Generator[Member]:
    """Yields each file open, and closes it when the next is requested. Leaves out evidence that is missing or damaged:
    `flask verify` names it, and `flask backup` prints how many files it is."""
    for name in list_named(session) if manifest.evidence else ():
        try:
            file: IO[bytes] = storage.open_verified(name)
        except EvidenceBroken:
            continue
        with file:
            yield Member(EVIDENCE + place_of(name), os.fstat(file.fileno()).st_size, file)
    with open_copy(session, url, storage.folder) as file:
        yield Member(DATABASE[manifest.database], os.fstat(file.fileno()).st_size, file)


class _CheckingReceiver:
    """Stores nothing; refuses what this version cannot read."""

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
        """Nothing to do: `read_backup` checks the sums of the archive."""


class _RestoringReceiver(_CheckingReceiver):
    """Writes the database and the evidence beside their final places."""

    def __init__(self, revisions: Set[str], database: Target, evidence: EvidenceTarget) -> None:
        super().__init__(revisions)
        self._database, self._evidence = database, evidence

    def evidence(self, name: str, source: IO[bytes]) -> None:
        self._evidence.write(name, source)

    def database(self, block: bytes) -> None:
        self._database.write(block)


def check_backup(file: Path, private_key: PrivateKey, revisions: Set[str]) -> tuple[Manifest, Contents]:
    """Reads the backup to its end: every tag, every sum. `revisions` are those that this version knows."""
    with file.open("rb") as opened, open_encrypted(opened, private_key) as stream:
        return read_backup(stream, _CheckingReceiver(revisions))


def restore_backup(
    file: Path, private_key: PrivateKey, place: InstanceFiles, revisions: Set[str]
) -> tuple[Manifest, Contents]:
    """Checks everything, then restores all or nothing. Raises `BadInput`, `OSError`; the place stays empty then."""
    kind, database = target_of(place.url)
    evidence = EvidenceTarget(place.storage)
    database.check_empty()
    evidence.check_empty()
    manifest, _ = check_backup(file, private_key, revisions)
    if manifest.database != kind:
        raise BadInput(
            f"This backup holds a database of {manifest.database}, and DATABASE_URL names one of {kind}."
        )
    receiver = _RestoringReceiver(revisions, database, evidence)
    try:
        with file.open("rb") as opened, open_encrypted(opened, private_key) as stream:
            read = read_backup(stream, receiver)
        evidence.place()  # not earlier: only now the second reading, too, has reached the end
        database.finish(manifest)
    except BaseException:
        database.abort()
        evidence.abort()
        raise
    return read
