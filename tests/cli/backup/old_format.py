"""Backups as older versions wrote them: sealed by libsodium, the database in parts. The application reads them only."""

import json
import tarfile
from hashlib import sha256
from io import BytesIO

from nacl import bindings as sodium
from nacl.public import PrivateKey, PublicKey, SealedBox

PART = 100_000
CHUNK = 64 * 1024
LONGER = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
HEAD = len(b"UPRBACKUP") + 1 + 80 + 24


def make_old_keys() -> tuple[str, str, PublicKey]:
    """The line of the setting, that of the private file, and the public key itself."""
    pair = PrivateKey.generate()
    public, private = bytes(pair.public_key).hex(), bytes(pair).hex()
    return f"upr-backup-public-{public}", f"upr-backup-private-{private}", pair.public_key


def seal(content: bytes, public_key: PublicKey) -> bytes:
    key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    head = b"UPRBACKUP\1" + SealedBox(public_key).encrypt(key)
    file = head + sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    starts = range(0, max(len(content), 1), CHUNK)
    for start in starts:
        tag = (
            sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if start == starts[-1]
            else sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        chunk = content[start : start + CHUNK]
        file += sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, head, tag)
    return file


def as_old_archive(archive: bytes) -> bytes:
    """The same backup in the older form of the archive."""
    members: list[tuple[str, bytes]] = []
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        for member in tar.getmembers():
            source = tar.extractfile(member)
            assert source is not None
            members.append((member.name, source.read()))
    (_, manifest), *evidence, (_, database), (_, contents) = members
    note, said = json.loads(manifest), json.loads(contents)
    del note["form"]
    starts = range(0, len(database), PART)
    parts = [(f"database/{n:08}", database[at : at + PART]) for n, at in enumerate(starts, start=1)]
    lines = (f"{sha256(content).hexdigest()} {len(content)} {name}\n" for name, content in evidence + parts)
    said["digest"] = sha256("".join(lines).encode()).hexdigest()
    file = BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        manifest, contents = json.dumps(note, indent=1).encode(), json.dumps(said, indent=1).encode()
        for name, content in (
            ("manifest.json", manifest),
            *evidence,
            *parts,
            ("contents.json", contents),
        ):
            head = tarfile.TarInfo(name)
            head.size, head.mode = len(content), 0o600
            tar.addfile(head, BytesIO(content))
    return file.getvalue()
