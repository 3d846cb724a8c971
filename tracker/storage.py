"""Bytes of evidence, named by their SHA-256 in folders of two levels; knows no table.

A file is there whole or not at all. Adding files needs a shared lock until the rows that name them are committed
(`shared_lock`). Removing files that no row names needs an exclusive lock (`exclusive_lock`), and is put off while
somebody reads everything (`pause_removals`). A file that is added or may be removed is pending until its transaction
has ended: after a crash only pending files are checked, never the whole folder, which may belong to another database.
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
_LOCK, _PAUSE = ".lock", ".stay"
LOCKS = (_LOCK, _PAUSE)
"""Files of the folder that are no evidence."""


def place_of(name: str) -> str:
    """The path of the bytes of that name, within the folder."""
    if not _NAME.fullmatch(name):
        raise ValueError("what is kept is named by its SHA-256")
    return f"{name[:2]}/{name[2:4]}/{name}"


class FolderLock:
    """A lock of the storage folder, shared or exclusive, that other processes respect."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        os.close(self._descriptor)  # this releases the lock


class Storage:
    """One folder, made with the first file; only its owner can read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Writes the bytes, if they are not there yet, and returns their name. Needs a shared lock."""
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
        """As `open`, after a check of every byte. Raises `EvidenceBroken` if it is missing or not that of its name."""
        path = self._path(name)
        try:
            if not path.is_file():
                raise EvidenceBroken(name, "missing")
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror} ({name})") from error
        if digest != name:
            raise EvidenceBroken(name, "changed")
        return self.open(name)

    def remove(self, name: str) -> None:
        """Deletes the bytes. Needs the exclusive lock."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror} ({name})") from error

    def mark_pending(self, name: str) -> None:
        """Notes on the disk that somebody must check whether a row names the file."""
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
        """Deletes the bytes if no row names them, then the note. Needs the exclusive lock."""
        if not is_named:
            self.remove(name)
        (self._pending / name).unlink(missing_ok=True)

    def list_names(self) -> Iterator[str]:
        """The names of all files, folder by folder: there may be more than memory should hold."""
        for first in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for second in sorted(first.glob("[0-9a-f][0-9a-f]")):
                yield from sorted(path.name for path in second.iterdir() if _NAME.fullmatch(path.name))

    def shared_lock(self) -> FolderLock:
        """While somebody has it nothing is removed: a file that a new row names must stay."""
        return FolderLock(self._lock(_LOCK, fcntl.LOCK_SH))

    @contextmanager
    def pause_removals(self) -> Iterator[None]:
        """For whoever reads everything: no file is removed meanwhile. Nobody waits for the end of this, not even those
        who remove: pending files stay pending, until a later removal."""
        if not self.folder.exists():
            yield
            return
        pause = FolderLock(self._lock(_PAUSE, fcntl.LOCK_SH))
        try:
            yield
        finally:
            pause.release()

    @contextmanager
    def exclusive_lock(self) -> Iterator[bool]:
        """Waits for those who add files; they wait for this to end. Deletes half-written files of dead processes.
        Yields whether files may be removed: not while removals are paused."""
        lock = FolderLock(self._lock(_LOCK, fcntl.LOCK_EX))
        try:
            for path in self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/.half-*"):
                path.unlink(missing_ok=True)
            try:
                pause = FolderLock(self._lock(_PAUSE, fcntl.LOCK_EX | fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            try:
                yield True
            finally:
                pause.release()
        finally:
            lock.release()

    def _lock(self, name: str, operation: int) -> int:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageUnavailable(f"{type(error).__name__}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, operation)
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
        """Writes a file beside `path`, flushes it to the disk and renames it. Its mode 0600 is that of mkstemp."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (path.parents[1], path.parent):  # with parents=True, mkdir gives them another mode
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
