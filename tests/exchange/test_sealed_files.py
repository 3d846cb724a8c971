"""Sealed files: whoever has the private key reads what was written, to the byte; nothing else is accepted."""

import os
import random
from hashlib import sha256
from io import BytesIO

import pytest
from nacl.public import PrivateKey

from tracker.exchange.backups import BackupWriter, Contents, Manifest, read_backup
from tracker.exchange.sealed_files import (
    CHUNK,
    LONGER,
    MAGIC,
    SealedReader,
    SealedWriter,
    make_key_pair,
    read_private_key,
    read_public_key,
)
from tracker.failures import BadInput

PAIR = PrivateKey.generate()
HEAD = len(MAGIC) + 1 + 80 + 24
MANIFEST = Manifest(
    "2026-11-22T09:00:00+00:00", "sqlite", "0003", {"states": 193}, 0, None, "of a key folder"
)


class KeptContents:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.manifest: Manifest | None = None
        self.files: dict[str, bytes] = {}
        self.dump = b""

    def begin(self, manifest: Manifest) -> None:
        self.manifest = manifest

    def evidence(self, name: str, source: BytesIO) -> None:
        self.files[name] = source.read()

    def database(self, block: bytes) -> None:
        self.dump += block


def sealed(*parts: bytes) -> bytes:
    file = BytesIO()
    writer = SealedWriter(file, PAIR.public_key)
    for part in parts:
        writer.write(part)
    writer.finish()
    return file.getvalue()


def opened(content: bytes, pair: PrivateKey = PAIR) -> bytes:
    return SealedReader(BytesIO(content), pair).read()


def name_of(content: bytes) -> str:
    """As the storage names it."""
    digest = sha256(content).hexdigest()
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def backup(files: dict[str, bytes], dump: list[bytes]) -> bytes:
    file = BytesIO()
    writer = BackupWriter(SealedWriter(file, PAIR.public_key), MANIFEST)
    for name, content in files.items():
        writer.evidence(name, len(content), BytesIO(content))
    writer.database(dump)
    writer.finish()
    return file.getvalue()


def read(content: bytes) -> tuple[KeptContents, Contents]:
    kept = KeptContents()
    return kept, read_backup(SealedReader(BytesIO(content), PAIR), kept)[1]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_is_opened_to_the_byte(size: int) -> None:
    content = os.urandom(size)
    assert opened(sealed(content)) == content
    assert opened(sealed(*(content[at : at + 1000] for at in range(0, size, 1000)))) == content


def test_keys_are_lines_that_cannot_be_taken_for_one_another() -> None:
    public, private = make_key_pair()
    assert bytes(read_private_key(f"{private}\n").public_key) == bytes(read_public_key(public))
    for line in (private, public[:-1], public + "0", "", public.replace("public", "secret")):
        with pytest.raises(BadInput, match="BACKUP_PUBLIC_KEY is no public key"):
            read_public_key(line)
    with pytest.raises(BadInput, match="no private key file"):
        read_private_key(public)


def test_another_private_key_opens_nothing() -> None:
    with pytest.raises(BadInput, match="made for another one"):
        opened(sealed(b"words"), PrivateKey.generate())


@pytest.mark.parametrize(
    "end",
    [0, 5, len(MAGIC), len(MAGIC) + 1, 60, HEAD - 24, HEAD - 1, HEAD, HEAD + 5, HEAD + LONGER]
    + [HEAD + CHUNK + LONGER + more for more in (-1, 0, 1, LONGER, CHUNK + LONGER, CHUNK + LONGER + 4)],
)
def test_a_file_that_was_cut_is_refused_wherever_it_was_cut(end: int) -> None:
    content = sealed(os.urandom(2 * CHUNK + 5))
    assert end < len(content)
    with pytest.raises(BadInput):
        opened(content[:end])


def test_chunks_that_were_swapped_dropped_doubled_or_added_are_refused() -> None:
    whole = sealed(os.urandom(2 * CHUNK + 5))
    first, second = HEAD + CHUNK + LONGER, HEAD + 2 * (CHUNK + LONGER)
    head, one, two, last = whole[:HEAD], whole[HEAD:first], whole[first:second], whole[second:]
    for wrong in (head + two + one + last, head + one + last, head + one + one + two + last, whole + b"\0"):
        with pytest.raises(BadInput, match="damaged"):
            opened(wrong)
    with pytest.raises(BadInput, match="damaged"):
        opened(head + one + two + sealed(b"of another file")[HEAD:])


def test_a_newer_form_and_a_file_of_somebody_else_are_named() -> None:
    content = sealed(b"words")
    with pytest.raises(BadInput, match="newer version"):
        opened(MAGIC + b"\2" + content[len(MAGIC) + 1 :])
    with pytest.raises(BadInput, match="no backup of this application"):
        opened(b"PK\3\4" + content)


def test_the_archive_gives_back_what_it_was_given() -> None:
    files = {name_of(content): content for content in (os.urandom(200_000), b"")}
    parts = [os.urandom(100_000), os.urandom(7)]
    kept, contents = read(backup(files, parts))
    assert (kept.manifest, kept.files, kept.dump) == (MANIFEST, files, b"".join(parts))
    assert (contents.files, contents.evidence_bytes, contents.database_bytes) == (2, 200_000, 100_007)


def test_one_flipped_bit_anywhere_is_noticed() -> None:
    file = os.urandom(150_000)
    content = backup({name_of(file): file}, [os.urandom(50_000)])
    chance = random.Random(20201204)
    places = [*range(HEAD), len(content) - 1, *(chance.randrange(len(content)) for _ in range(200))]
    for place in places:
        wrong = bytearray(content)
        wrong[place] ^= 1 << chance.randrange(8)
        with pytest.raises(BadInput):
            read(bytes(wrong))


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "a/../../b", ".hidden", "a//b", ""])
def test_a_file_that_would_stand_outside_the_folder_is_refused(name: str) -> None:
    """A public key is public: whoever has it can make a file that opens."""
    with pytest.raises(BadInput, match="damaged"):
        read(backup({name: b"content"}, []))
