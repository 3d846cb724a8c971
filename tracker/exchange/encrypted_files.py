"""Files in the age format (age-encryption.org/v1) that only the holder of a private key can read, in flat memory.

The program `age` opens them without this product. What is inside is no matter here (`backups.py` says it); files of
older versions have another form (`older_backups.py`).
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from io import RawIOBase
from threading import Thread
from typing import IO, Any, BinaryIO

import pyrage
from nacl.public import PrivateKey as OlderKey
from pyrage import x25519

from tracker.exchange.backups import DAMAGED, OTHER_KEY
from tracker.exchange.older_backups import MAGIC, SealedReader, read_older_key
from tracker.failures import BadInput

AGE = b"age-encryption.org/v1\n"
BUFFER = 64 * 1024

PublicKey = Any
"""A recipient of age, of the kind X25519. The library ships no types."""
PrivateKey = list[Any] | OlderKey
"""Identities of age; or the key of an older version, which opens the backups of its time."""


def make_key_pair() -> tuple[str, str]:
    """The public key for the setting and the private one for its file."""
    identity = x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def read_public_key(line: str) -> PublicKey:
    try:
        return x25519.Recipient.from_str(line.strip())
    except pyrage.RecipientError as error:
        raise BadInput("BACKUP_PUBLIC_KEY is no public key of “flask make-backup-keys”.") from error


def read_private_key(text: str) -> PrivateKey:
    """That of a file as `age-keygen` and “flask make-backup-keys” write it, or of an older version."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    older = read_older_key(lines[0]) if len(lines) == 1 else None
    if older is not None:
        return older
    try:
        identities = [x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError as error:
        raise BadInput("This is no private key file of “flask make-backup-keys”.") from error
    if not identities:
        raise BadInput("This is no private key file of “flask make-backup-keys”: it holds no key.")
    return identities


def encrypt(blocks: Iterable[bytes], file: BinaryIO, public_key: PublicKey) -> None:
    """Reads the blocks to their end and writes them into the file. Raises what the blocks or the file raise; the
    file is of no use then."""
    source, target = _Remembering(_Joined(blocks)), _Remembering(file)
    try:
        pyrage.encrypt_io(source, target, [public_key])
    finally:  # also without an error: the library says nothing of a last write that failed
        if failure := source.failure or target.failure:
            raise failure


def open_encrypted(file: BinaryIO, private_key: PrivateKey) -> "closing[RawIOBase]":
    """The content of an age file, or of one of an older version, as a stream to be read within a `with` block.

    A file that was cut gives its beginning before it raises `BadInput`: nothing that was read may be put to use
    before the stream has come to its end.
    """
    beginning = file.read(max(len(AGE), len(MAGIC)))
    file.seek(0)
    if beginning.startswith(MAGIC):
        if not isinstance(private_key, OlderKey):
            raise BadInput(
                "This backup is of an older version: it is opened with the private key file of that time, whose line "
                "begins with upr-backup-private-."
            )
        return closing(SealedReader(file, private_key))
    if not beginning.startswith(AGE):
        raise BadInput("This file is no backup of this application.")
    if isinstance(private_key, OlderKey):
        raise BadInput(
            "This private key file opens backups of an older version only: this backup is opened with the newer one, "
            "whose line begins with AGE-SECRET-KEY-1."
        )
    return closing(_AgeReader(file, private_key))


class _Joined:
    """Blocks as a file that is read."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks: Iterator[bytes] = iter(blocks)
        self._left = memoryview(b"")

    def read(self, size: int) -> bytes:
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._left = memoryview(block)
        part, self._left = self._left[:size], self._left[size:]
        return bytes(part)


class _Remembering:
    """Keeps what a file raises: the library turns every failure into one of its own, which says less."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        return bytes(self._call(self._file.read, size))

    def write(self, part: bytes) -> int:
        return int(self._call(self._file.write, part))

    def flush(self) -> None:
        self._call(self._file.flush)

    def _call(self, method: Any, *values: Any) -> Any:
        try:
            return method(*values)
        except BaseException as error:
            self.failure = error
            raise


class _AgeReader(RawIOBase):
    """The library writes what it decrypts, and whoever reads an archive wants to read: a thread writes into a pipe.

    It is the last byte's turn to say that the file is whole: the end of the pipe counts only after the library has
    returned without an error.
    """

    def __init__(self, file: BinaryIO, identities: list[Any]) -> None:
        receiving, giving = os.pipe()
        self._pipe = open(receiving, "rb", buffering=0)  # noqa: PTH123, SIM115 - a descriptor, closed by `close`
        self._source, self._is_whole = _Remembering(file), False
        self._failure: Exception | None = None
        target = open(giving, "wb", buffering=BUFFER)  # noqa: PTH123, SIM115 - a descriptor, closed by the thread
        self._thread = Thread(target=self._decrypt, args=(target, identities))
        self._thread.start()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._pipe.readinto(buffer) or 0
        if not size and len(buffer):
            self._thread.join()
            self._refuse_part()
        return size

    def close(self) -> None:
        """Whoever stops reading early ends the thread: its next write finds nobody."""
        self._pipe.close()
        self._thread.join()
        super().close()

    def _decrypt(self, target: IO[bytes], identities: list[Any]) -> None:
        try:
            with target:
                pyrage.decrypt_io(self._source, target, identities)
            self._is_whole = True
        except (pyrage.DecryptError, OSError) as error:
            self._failure = error

    def _refuse_part(self) -> None:
        if self._is_whole:
            return
        if self._source.failure is not None:  # the disk, not the file
            raise self._source.failure
        raise BadInput(OTHER_KEY if isinstance(self._failure, pyrage.DecryptError) else DAMAGED)
