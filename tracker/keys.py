"""The key folder: the keys that open stored secrets. It is outside the database and its backups.

Each file `N.key` (mode 0600, in a folder of mode 0700) holds 32 random bytes as hexadecimal digits. The highest
number seals; all of them open, so that a key can be replaced without losing what the old one sealed. Keys for
single purposes are derived by BLAKE2b (RFC 7693); texts are sealed by libsodium's secret box (XSalsa20-Poly1305).
"""

import os
import secrets
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from nacl.encoding import HexEncoder, RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.secret import SecretBox

from tracker.failures import KeyMissing

BYTES = 32
SEALED = "sealed:"


class Keys:
    """`keys`: the 32 bytes of each file, by its number. Every method names a purpose: what is sealed for one does not
    open for another, and the digests of one text differ between purposes."""

    def __init__(self, keys: dict[int, bytes]) -> None:
        if not keys:
            raise KeyMissing("The key folder holds no key.")
        self._keys, self._newest = keys, max(keys)
        self._derive = lru_cache(self._derive_key)

    def seal(self, purpose: str, text: str) -> str:
        """`sealed:NUMBER:…`; two seals of one text differ."""
        box = SecretBox(self._derive(self._newest, purpose))
        return f"{SEALED}{self._newest}:{urlsafe_b64encode(box.encrypt(text.encode())).decode()}"

    def open(self, purpose: str, sealed: str) -> str:
        """The text that was sealed. Raises `KeyMissing` if the key is another one or the text was changed."""
        number, _, body = sealed.removeprefix(SEALED).partition(":")
        if not number.isdecimal() or int(number) not in self._keys:
            raise KeyMissing(f"The key folder does not hold the key number {number}.")
        try:
            raw = urlsafe_b64decode(body)
            if (
                urlsafe_b64encode(raw).decode() != body
            ):  # the decoder ignores unused bits and foreign characters
                raise ValueError("not what `seal` wrote")
            return SecretBox(self._derive(int(number), purpose)).decrypt(raw).decode()
        except (CryptoError, ValueError) as error:
            raise KeyMissing(
                "The key folder belongs to another database, or a stored secret was damaged."
            ) from error

    def digest(self, purpose: str, text: str) -> str:
        """64 hexadecimal digits that only a holder of the first key can compute: to look up what must not be stored.
        The first key, because a digest cannot be computed again without the text."""
        key = self._derive(min(self._keys), purpose)
        return blake2b(text.encode(), key=key, encoder=HexEncoder).decode()

    def _derive_key(self, number: int, purpose: str) -> bytes:
        return blake2b(purpose.encode(), key=self._keys[number], encoder=RawEncoder)


def read_keys(folder: Path) -> Keys:
    """The keys of a folder. Raises `KeyMissing` with a sentence if there is none or a file is not a key."""
    keys = {}
    for path in sorted(folder.glob("*.key")):
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise KeyMissing(f"{path} cannot be read as a key.") from error
        if not path.stem.isdecimal() or len(key) != BYTES:
            raise KeyMissing(f"{path} is no key: a file N.key holds 64 hexadecimal digits.")
        keys[int(path.stem)] = key
    if not keys:
        raise KeyMissing(f"The key folder {folder} holds no key.")
    return Keys(keys)


def make_key(folder: Path) -> Path:
    """A new key, with the next number. Only its owner can read it, and it never overwrites another."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers = [int(path.stem) for path in folder.glob("*.key") if path.stem.isdecimal()]
    path = folder / f"{max(numbers, default=0) + 1}.key"
    write_once(path, secrets.token_bytes(BYTES).hex())
    sync_folder(folder.parent)  # the folder itself may be new
    return path


def write_once(path: Path, secret: str) -> None:
    """Writes a file that only its owner can read: whole or not at all, and never over another (`FileExistsError`). It
    survives a power cut after this returns: something may be sealed with it the next moment."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    finally:
        Path(name).unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flushes the folder: only then is the name of a new file on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_or_make_keys(folder: Path) -> Keys:
    """As `read_keys`, but an empty folder gets its first key. If two processes start at once, one of them makes it."""
    try:
        return read_keys(folder)
    except KeyMissing:
        if any(folder.glob("*.key")):
            raise
        with suppress(FileExistsError):
            make_key(folder)
        return read_keys(folder)


def no_key_made(folder: Path, error: OSError) -> str:
    """The message if the folder cannot be written to: what to do."""
    return f"No key was made in {folder}: {error.strerror}. Set KEY_DIR to a folder of yours."
