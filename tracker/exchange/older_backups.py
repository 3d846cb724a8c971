"""Opens backups of older versions, from before backups became age files. Nothing writes this format any more.

Layout, all of it authenticated: `UPRBACKUP`; one byte: the version; 80 bytes: the key of this one file in a sealed box
(X25519, XSalsa20-Poly1305); 24 bytes: the header of libsodium's secret stream (XChaCha20-Poly1305); then chunks of
64 KiB, each 17 bytes longer when encrypted. The last chunk alone carries the tag FINAL, so a truncated file is noticed
wherever it was cut.
"""

import re
from io import RawIOBase
from typing import Any, BinaryIO

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from tracker.exchange.backups import DAMAGED, NEWER, OTHER_KEY
from tracker.failures import BadInput

MAGIC, VERSION = b"UPRBACKUP", 1
CHUNK = 64 * 1024
SEALED_KEY = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES + sodium.crypto_box_SEALBYTES
LONGER = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
PRIVATE = "upr-backup-private-"


def read_older_key(line: str) -> PrivateKey | None:
    """Returns None where the line is no private key of an older version."""
    match = re.fullmatch(f"{PRIVATE}([0-9a-f]{{64}})", line.strip())
    return PrivateKey(bytes.fromhex(match[1])) if match else None


class SealedReader(RawIOBase):
    """Decrypts such a backup. Raises `BadInput` at the first chunk that is not as it was written."""

    def __init__(self, file: BinaryIO, private_key: PrivateKey) -> None:
        self._file, self._left, self._is_over = file, b"", False
        self._head = file.read(len(MAGIC) + 1 + SEALED_KEY)
        if self._head[len(MAGIC) :][:1] > bytes([VERSION]):
            raise BadInput(NEWER)
        header = file.read(sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        try:
            key = SealedBox(private_key).decrypt(self._head[len(MAGIC) + 1 :])
        except CryptoError as error:
            raise BadInput(OTHER_KEY) from error
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        try:
            sodium.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, key)
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
        """Returns the next chunk, decrypted; the last chunk must carry the tag FINAL, and no other may."""
        chunk, self._next = self._next, self._file.read(CHUNK + LONGER)
        try:
            opened, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(self._state, chunk, self._head)
        except CryptoError as error:
            raise BadInput(DAMAGED) from error
        self._is_over = not self._next
        if (tag == FINAL) != self._is_over:
            raise BadInput(DAMAGED)
        return opened
