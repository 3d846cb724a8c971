"""Files that only the holder of a private key can read: a stream sealed to a public key, in flat memory.

What is inside is no matter here (`backups.py` says it). Layout, all of it authenticated: `UPRBACKUP`, one byte of
version, 80 bytes: the key of this one file in a sealed box (X25519, XSalsa20-Poly1305), 24 bytes: the beginning of
libsodium's secret stream (XChaCha20-Poly1305), then chunks of 64 KiB, each 17 bytes longer; the last one, and only
the last one, carries the tag FINAL, so that a file that was cut is noticed wherever it was cut.
"""

import re
from io import RawIOBase
from typing import Any, BinaryIO

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from tracker.failures import BadInput

MAGIC, VERSION = b"UPRBACKUP", 1
CHUNK = 64 * 1024
SEALED_KEY = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES + sodium.crypto_box_SEALBYTES
LONGER = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
PUBLIC, PRIVATE = "upr-backup-public-", "upr-backup-private-"
DAMAGED = "This backup is damaged or was cut short: take another one, or copy it again."


def make_key_pair() -> tuple[str, str]:
    """The public line for the setting and the private line for its file."""
    pair = PrivateKey.generate()
    return f"{PUBLIC}{bytes(pair.public_key).hex()}", f"{PRIVATE}{bytes(pair).hex()}"


def read_public_key(line: str) -> PublicKey:
    return PublicKey(
        _bytes_of(line, PUBLIC, "BACKUP_PUBLIC_KEY is no public key of “flask make-backup-keys”.")
    )


def read_private_key(line: str) -> PrivateKey:
    return PrivateKey(_bytes_of(line, PRIVATE, "This is no private key file of “flask make-backup-keys”."))


def _bytes_of(line: str, beginning: str, sentence: str) -> bytes:
    found = re.fullmatch(f"{beginning}([0-9a-f]{{64}})", line.strip())
    if not found:
        raise BadInput(sentence)
    return bytes.fromhex(found[1])


class SealedWriter(RawIOBase):
    """Seals what is written."""

    def __init__(self, file: BinaryIO, public_key: PublicKey) -> None:
        key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
        self._file, self._left, self._size = file, bytearray(), 0
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        self._head = MAGIC + bytes([VERSION]) + SealedBox(public_key).encrypt(key)
        beginning = sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        self._file.write(self._head + beginning)

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        """Keeps back the last chunk: it may be the final one."""
        self._left += part
        self._size += len(part)
        while len(self._left) > CHUNK:
            self._push(bytes(self._left[:CHUNK]), MESSAGE)
            del self._left[:CHUNK]
        return len(part)

    def tell(self) -> int:
        return self._size

    def finish(self) -> None:
        """Ends the file; without it nobody accepts it."""
        self._push(bytes(self._left), FINAL)
        self._left.clear()

    def _push(self, chunk: bytes, tag: int) -> None:
        self._file.write(
            sodium.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, self._head, tag)
        )


class SealedReader(RawIOBase):
    """Opens what was sealed. Raises `BadInput` at the first chunk that is not as it was written."""

    def __init__(self, file: BinaryIO, private_key: PrivateKey) -> None:
        self._file, self._left, self._is_over = file, b"", False
        self._head = file.read(len(MAGIC) + 1 + SEALED_KEY)
        if self._head[: len(MAGIC)] != MAGIC:
            raise BadInput("This file is no backup of this application.")
        if self._head[len(MAGIC) :][:1] > bytes([VERSION]):
            raise BadInput("This backup was made by a newer version: install that version first.")
        beginning = file.read(sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        try:
            key = SealedBox(private_key).decrypt(self._head[len(MAGIC) + 1 :])
        except CryptoError as error:
            raise BadInput(
                "This backup cannot be opened with this private key: it was made for another one, or its beginning "
                "is damaged."
            ) from error
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        try:
            sodium.crypto_secretstream_xchacha20poly1305_init_pull(self._state, beginning, key)
        except CryptoError as error:
            raise BadInput(DAMAGED) from error
        self._next = file.read(CHUNK + LONGER)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left and not self._is_over:
            self._left = self._pull()
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size

    def _pull(self) -> bytes:
        """The next chunk; the tag FINAL belongs to the last one, behind which nothing stands, and to no other."""
        chunk, self._next = self._next, self._file.read(CHUNK + LONGER)
        try:
            opened, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(self._state, chunk, self._head)
        except CryptoError as error:
            raise BadInput(DAMAGED) from error
        self._is_over = not self._next
        if (tag == FINAL) != self._is_over:
            raise BadInput(DAMAGED)
        return opened
