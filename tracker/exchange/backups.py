"""The content of a backup: a tar archive that is written and read as a stream. Knows no table.

In this order: `manifest.json`, the evidence files (`evidence/…`), the database in one file (`database.sqlite3`, or
`database.pgdump` for `pg_restore`), and `contents.json`, which counts what the reader must have read by then. Backups
of older versions hold the database in parts (`database/00000001` …); joined, the parts are one of these two files.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import IO, Any, Protocol

from tracker.failures import BadInput

FORM = 2
"""The version of the archive. 1: the database in parts."""
MANIFEST, CONTENTS, EVIDENCE = "manifest.json", "contents.json", "evidence/"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
NAME = re.compile(r"evidence/([0-9a-f]{2})/([0-9a-f]{2})/(?P<sha256>\1\2[0-9a-f]{60})")
"""Matches the names that the storage gives; so no name leads out of the folder or hides a file."""
DATABASE_NAME = re.compile(r"database\.(sqlite3|pgdump)|database/[0-9]{8}")
BLOCK = 64 * 1024
LARGEST_NOTE = 1024 * 1024
DAMAGED = "This backup is damaged or was cut short: take another one, or copy it again."
NEWER = "This backup was made by a newer version: install that version first."
OTHER_KEY = (
    "This backup cannot be opened with this private key: it was made for another one, or its beginning is "
    "damaged."
)


@dataclass(frozen=True)
class Manifest:
    """What is known before the first byte is copied. Instants are ISO 8601 in UTC."""

    made_at: str
    database: str
    revision: str
    rows: dict[str, int]
    evidence: int
    """How many files the rows name; those that were missing or damaged already are not in the backup."""
    newest_history: str | None
    key_folder: str
    """A keyed digest: the same key folder gives the same one."""
    form: int = 1
    """See `FORM`; archives of the first form do not have this field."""


@dataclass
class Contents:
    """Totals that writer and reader count in the same way; the digest covers one line for each member."""

    files: int = 0
    evidence_bytes: int = 0
    database_bytes: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, name: str, size: int, sha256: str) -> None:
        self._digest.update(f"{sha256} {size} {name}\n".encode(errors="surrogateescape"))
        if name.startswith(EVIDENCE):
            self.files += 1
            self.evidence_bytes += size
        else:
            self.database_bytes += size

    def note(self) -> dict[str, int | str]:
        return {
            "files": self.files,
            "evidence_bytes": self.evidence_bytes,
            "database_bytes": self.database_bytes,
            "digest": self._digest.hexdigest(),
        }


class Receiver(Protocol):
    """Receives what `read_backup` reads. `evidence` must read `source` to its end."""

    def begin(self, manifest: Manifest) -> None: ...

    def evidence(self, name: str, source: IO[bytes]) -> None: ...

    def database(self, block: bytes) -> None: ...


class HashingReader:
    """Wraps a file and hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._digest, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        part = self._source.read(size)
        self._digest.update(part)
        self.size += len(part)
        return part

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


@dataclass(frozen=True)
class Member:
    """A file of the archive. `source` has exactly `size` bytes."""

    name: str
    size: int
    source: IO[bytes]


def write_backup(manifest: Manifest, members: Iterable[Member], contents: Contents) -> Generator[bytes]:
    """Yields the archive in blocks: the manifest, the members in their order, and `contents`, which counts them
    meanwhile. The next member is requested only after the one before was read to its end."""
    yield from _write_note(MANIFEST, asdict(manifest))
    for member in members:
        hashing = HashingReader(member.source)
        yield from _write_member(member.name, member.size, hashing)
        contents.add(member.name, member.size, hashing.hexdigest())
    yield from _write_note(CONTENTS, contents.note())
    yield bytes(2 * tarfile.BLOCKSIZE)


def _write_note(name: str, note: dict[str, Any]) -> Iterator[bytes]:
    text = json.dumps(note, indent=1).encode()
    return _write_member(name, len(text), BytesIO(text))


def _write_member(name: str, size: int, source: Any) -> Iterator[bytes]:
    """Does not use TarFile, which writes the end of an archive even after an error and remembers every member."""
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o600
    yield head.tobuf(tarfile.PAX_FORMAT)
    left = size
    while left:
        block = source.read(min(BLOCK, left))
        if not block:
            raise OSError(f"{name} became shorter while it was copied")
        left -= len(block)
        yield block
    yield bytes(-size % tarfile.BLOCKSIZE)


def read_backup(stream: Any, receiver: Receiver) -> tuple[Manifest, Contents]:
    """Passes everything to the receiver and reads the stream to its very end. Raises `BadInput` where anything is not
    as it was written; the receiver must then throw away what it got."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            manifest, contents = _read_members(tar, receiver)
        while stream.read(BLOCK):  # the padding; only at its end the stream proves that it is whole
            pass
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BadInput(DAMAGED) from error
    return manifest, contents


def _read_members(tar: Any, receiver: Receiver) -> tuple[Manifest, Contents]:
    contents, manifest, noted = Contents(), None, None
    while (member := tar.next()) is not None:
        tar.members.clear()
        source = tar.extractfile(member) if member.isreg() else None
        if source is None or noted is not None or (manifest is None) != (member.name == MANIFEST):
            raise BadInput(DAMAGED)
        if member.name == MANIFEST:
            manifest = _read_manifest(member, source)
            receiver.begin(manifest)
        elif member.name == CONTENTS:
            noted = _read_note(member, source)
        else:
            contents.add(member.name, member.size, _receive(member, source, receiver))
    if manifest is None or noted != contents.note():
        raise BadInput(DAMAGED)
    return manifest, contents


def _receive(member: tarfile.TarInfo, source: IO[bytes], receiver: Receiver) -> str:
    hashing: Any = HashingReader(source)
    evidence = NAME.fullmatch(member.name)
    if evidence:
        receiver.evidence(member.name.removeprefix(EVIDENCE), hashing)
    elif DATABASE_NAME.fullmatch(member.name):
        while block := hashing.read(BLOCK):
            receiver.database(block)
    if hashing.size != member.size:  # the receiver did not read it to its end, or no name matched
        raise BadInput(DAMAGED)
    sha256 = str(hashing.hexdigest())
    if evidence and evidence["sha256"] != sha256:
        raise BadInput(
            f"A file in this backup is not the one that was stored ({member.name}): take another backup."
        )
    return sha256


def _read_manifest(member: tarfile.TarInfo, source: IO[bytes]) -> Manifest:
    note = _read_note(member, source)
    if note.get("form", 1) > FORM:
        raise BadInput(NEWER)
    return Manifest(**note)


def _read_note(member: tarfile.TarInfo, source: IO[bytes]) -> dict[str, Any]:
    if member.size > LARGEST_NOTE:
        raise BadInput(DAMAGED)
    return dict(json.loads(source.read()))
