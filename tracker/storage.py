"""Bytes of evidence, named by their SHA-256 in folders of two levels; knows no table.

A file is there whole or not at all. Who adds some holds the folder with others until the rows that name them are
committed (`hold`); who removes what no row names has it alone meanwhile (`alone`), and puts it off while somebody reads
everything (`all_stay`). What is added or let go stands in question until its transaction has ended: after a crash only
that is looked at, never the whole folder, which may belong to another database.
"""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracker.failures import EvidenceBroken, StorageUnavailable
from tracker.keys import sync_folder

_NAME = re.compile("[0-9a-f]{64}")
_LOCK, _STAY = ".lock", ".stay"
LOCKS = (_LOCK, _STAY)
"""Files of the folder that are no evidence."""


def place_of(name: str) -> str:
    """Where the bytes of that name lie in the folder."""
    if not _NAME.fullmatch(name):
        raise ValueError("what is kept is named by its SHA-256")
    return f"{name[:2]}/{name[2:4]}/{name}"


class Hold:
    """While it lasts nothing is removed: a file that is named again in this moment must stay."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def end(self) -> None:
        os.close(self._descriptor)  # which gives the lock back


class Storage:
    """One folder, made when the first file comes; only its owner reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Writes the bytes, if they are not there yet, and gives their name. Hold the folder before."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        try:
            self.mark_pending(name)
            if not path.exists():
                self._write(path, content)
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror}") from error
        return name

    def open(self, name: str) -> BinaryIO:
        """The bytes as a stream, to be closed by the caller."""
        try:
            return self._path(name).open("rb")
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror} ({name})") from error

    def open_verified(self, name: str) -> BinaryIO:
        """As `open`, after each byte was read. Raises `EvidenceBroken` where they are not (all) those of the name."""
        path = self._path(name)
        try:
            if not path.is_file():
                raise EvidenceBroken(name, "missing")
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror} ({name})") from error
        if found != name:
            raise EvidenceBroken(name, "changed")
        return self.open(name)

    def remove(self, name: str) -> None:
        """Takes the bytes off the disk. Have the folder alone before."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror} ({name})") from error

    def mark_pending(self, name: str) -> None:
        """Notes on the disk that somebody must look whether a row names it."""
        self._path(name)
        try:
            self._pending.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._pending / name).touch(mode=0o600)
            sync_folder(self._pending)
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror}") from error

    def list_pending(self) -> list[str]:
        return sorted(path.name for path in self._pending.glob("*") if _NAME.fullmatch(path.name))

    def resolve_pending(self, name: str, *, is_named: bool) -> None:
        """Removes what no row names, and the note. Have the folder alone before."""
        if not is_named:
            self.remove(name)
        (self._pending / name).unlink(missing_ok=True)

    def list_names(self) -> Iterator[str]:
        """The names of all that is kept, folder by folder: there may be more than memory should hold."""
        for first in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for second in sorted(first.glob("[0-9a-f][0-9a-f]")):
                yield from sorted(path.name for path in second.iterdir() if _NAME.fullmatch(path.name))

    def hold(self) -> Hold:
        return Hold(self._lock(_LOCK, fcntl.LOCK_SH))

    @contextmanager
    def all_stay(self) -> Iterator[None]:
        """For whoever reads everything: nothing is removed meanwhile. Nobody waits for the end of this, not even who
        removes: what is in question stays in question until somebody comes by later."""
        if not self.folder.exists():
            yield
            return
        stay = Hold(self._lock(_STAY, fcntl.LOCK_SH))
        try:
            yield
        finally:
            stay.end()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Waits for those who add files; they wait for this to end. What a dead process left half written goes.
        Gives whether something may be removed: not while all stay."""
        hold = Hold(self._lock(_LOCK, fcntl.LOCK_EX))
        try:
            for path in self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/.half-*"):
                path.unlink(missing_ok=True)
            try:
                stay = Hold(self._lock(_STAY, fcntl.LOCK_EX | fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            try:
                yield True
            finally:
                stay.end()
        finally:
            hold.end()

    def _lock(self, name: str, kind: int) -> int:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, kind)
        except BlockingIOError:
            os.close(descriptor)
            raise
        return descriptor

    @property
    def _pending(self) -> Path:
        return self.folder / "in-question"

    def _path(self, name: str) -> Path:
        return self.folder / place_of(name)

    def _write(self, path: Path, content: bytes) -> None:
        """Beside its place, to the disk, then into its place in one step; mode 0600 is that of mkstemp."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (path.parents[1], path.parent):  # the mode would not reach what mkdir makes on its way
            folder.mkdir(mode=0o700, exist_ok=True)
        descriptor, half = tempfile.mkstemp(prefix=".half-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(half).rename(path)
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
