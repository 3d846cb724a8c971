"""What stands inside a backup: a tar archive that is written and read as a stream. Knows no table.

In this order: `manifest.json`, the files of evidence (`evidence/…`), the database in parts (`database/00000001` …,
together one SQLite file or one dump of pg_dump), `contents.json` with what must have been read by then.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import IO, Any, Protocol

from tracker.exchange.sealed_files import DAMAGED, SealedReader, SealedWriter
from tracker.failures import BadInput

MANIFEST, CONTENTS, EVIDENCE, DATABASE = "manifest.json", "contents.json", "evidence/", "database/"
NAME = re.compile(r"evidence/([0-9a-f]{2})/([0-9a-f]{2})/(?P<sha256>\1\2[0-9a-f]{60})")
"""As the storage names what it keeps: never a way out of the folder, never a hidden file."""
BLOCK = 64 * 1024
LARGEST_NOTE = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What is known before the first byte is copied. Instants are ISO 8601 in UTC."""

    made_at: str
    database: str
    revision: str
    rows: dict[str, int]
    evidence: int
    """How many files the rows name; what was missing or damaged already is not in the backup."""
    newest_history: str | None
    key_folder: str
    """A keyed digest that the same key folder makes again."""


@dataclass
class Contents:
    """Counted alike by whoever writes and whoever reads; `digest` is over one line for each member."""

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
    """Who takes what is read. `evidence` reads `source` to its end."""

    def begin(self, manifest: Manifest) -> None: ...

    def evidence(self, name: str, source: IO[bytes]) -> None: ...

    def database(self, block: bytes) -> None: ...


class HashingReader:
    """A file that is hashed while somebody else reads it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._digest, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        part = self._source.read(size)
        self._digest.update(part)
        self.size += len(part)
        return part

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class BackupWriter:
    """Writes the members in their order; `finish` ends the archive and the sealed stream."""

    def __init__(self, sealed: SealedWriter, manifest: Manifest) -> None:
        self._sealed, self._contents, self._parts = sealed, Contents(), 0
        # Not tarfile's stream mode: it writes an end to the archive even when it is thrown away.
        self._tar: Any = tarfile.TarFile(fileobj=sealed, mode="w", format=tarfile.PAX_FORMAT)
        self._note(MANIFEST, asdict(manifest))

    def evidence(self, name: str, size: int, source: IO[bytes]) -> None:
        self._add(EVIDENCE + name, size, source)

    def database(self, blocks: Iterable[bytes]) -> None:
        for block in blocks:
            self._parts += 1
            self._add(f"{DATABASE}{self._parts:08}", len(block), BytesIO(block))

    def finish(self) -> Contents:
        self._note(CONTENTS, self._contents.note())
        self._tar.close()
        self._sealed.finish()
        return self._contents

    def _add(self, name: str, size: int, source: IO[bytes]) -> None:
        hashing = HashingReader(source)
        self._member(name, size, hashing)
        self._contents.add(name, size, hashing.hexdigest())

    def _note(self, name: str, said: dict[str, Any]) -> None:
        text = json.dumps(said, indent=1).encode()
        self._member(name, len(text), BytesIO(text))

    def _member(self, name: str, size: int, source: Any) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, source)
        self._tar.members.clear()  # it would remember each file, and memory is to stay flat


def read_backup(sealed: SealedReader, receiver: Receiver) -> tuple[Manifest, Contents]:
    """Gives everything to the receiver and reads to the very end. Raises `BadInput` where anything is not as it
    was written; what the receiver was given until then must not be kept."""
    try:
        with tarfile.open(fileobj=sealed, mode="r|") as tar:
            found = _read_members(tar, receiver)
        while sealed.read(BLOCK):  # what tar pads its end with; the last tag is read with it
            pass
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BadInput(DAMAGED) from error
    return found


def _read_members(tar: Any, receiver: Receiver) -> tuple[Manifest, Contents]:
    contents, manifest, said = Contents(), None, None
    while (member := tar.next()) is not None:
        tar.members.clear()
        source = tar.extractfile(member) if member.isreg() else None
        if source is None or said is not None or (manifest is None) != (member.name == MANIFEST):
            raise BadInput(DAMAGED)
        if member.name == MANIFEST:
            manifest = Manifest(**_read_note(member, source))
            receiver.begin(manifest)
        elif member.name == CONTENTS:
            said = _read_note(member, source)
        else:
            contents.add(member.name, member.size, _receive(member, source, receiver))
    if manifest is None or said != contents.note():
        raise BadInput(DAMAGED)
    return manifest, contents


def _receive(member: tarfile.TarInfo, source: IO[bytes], receiver: Receiver) -> str:
    hashing: Any = HashingReader(source)
    named = NAME.fullmatch(member.name)
    if named:
        receiver.evidence(member.name.removeprefix(EVIDENCE), hashing)
    elif member.name.startswith(DATABASE):
        while block := hashing.read(BLOCK):
            receiver.database(block)
    if hashing.size != member.size:  # nobody read it to its end, or it has none
        raise BadInput(DAMAGED)
    sha256 = str(hashing.hexdigest())
    if named and named["sha256"] != sha256:
        raise BadInput(
            f"A file in this backup is not the one that was stored ({member.name}): take another backup."
        )
    return sha256


def _read_note(member: tarfile.TarInfo, source: IO[bytes]) -> dict[str, Any]:
    if member.size > LARGEST_NOTE:
        raise BadInput(DAMAGED)
    return dict(json.loads(source.read()))
