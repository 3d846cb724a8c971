"""Encrypts and decrypts files in the age format (age-encryption.org/v1) as streams, so memory does not grow.

Only the holder of the private key can read them; the program `age` opens them without this product. `backups.py`
defines what is inside. Files of older versions have another format (`older_backups.py`).
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
"""An age recipient of type X25519. The library ships no types."""
PrivateKey = list[Any] | OlderKey
"""age identities, or the key of an older version, which opens the backups of that version."""


def make_key_pair() -> tuple[str, str]:
    """Returns the public key, for the setting, and the private key, for its file."""
    identity = x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def read_public_key(line: str) -> PublicKey:
    try:
        return x25519.Recipient.from_str(line.strip())
    except pyrage.RecipientError as error:
        raise BadInput("BACKUP_PUBLIC_KEY is no public key of “flask make-backup-keys”.") from error


def read_private_key(text: str) -> PrivateKey:
    """Reads the content of a key file of `age-keygen`, of “flask make-backup-keys” or of an older version."""
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
    """Encrypts all blocks into the file. Raises what the blocks or the file raise; the file is of no use then."""
    source, target = _ErrorRecorder(_BlockReader(blocks)), _ErrorRecorder(file)
    try:
        pyrage.encrypt_io(source, target, [public_key])
    finally:  # also without an error: the library does not report a last write that failed
        if failure := source.failure or target.failure:
            raise failure


def open_encrypted(file: BinaryIO, private_key: PrivateKey) -> "closing[RawIOBase]":
    """Opens an age file, or one of an older version, as a stream of its content. Use it in a `with` block.

    The stream of a truncated file returns its beginning before it raises `BadInput`: use nothing of it before it has
    reached its end.
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


class _BlockReader:
    """Reads an iterable of blocks like a file."""

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


class _ErrorRecorder:
    """Records what a file raises: the library replaces every exception by one of its own, which says less."""

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
    """Makes decrypted bytes readable: the library can only write them, so a thread lets it write into a pipe.

    The end of the pipe does not prove that the file is whole: that is known only once the library has returned
    without an error.
    """

    def __init__(self, file: BinaryIO, identities: list[Any]) -> None:
        read_end, write_end = os.pipe()
        self._pipe = open(read_end, "rb", buffering=0)  # noqa: PTH123, SIM115 - a descriptor, closed by `close`
        self._source, self._is_whole = _ErrorRecorder(file), False
        self._failure: Exception | None = None
        target = open(write_end, "wb", buffering=BUFFER)  # noqa: PTH123, SIM115 - a descriptor, closed by the thread
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
        """Ends the thread, also before the end of the file: its next write finds the pipe closed."""
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
