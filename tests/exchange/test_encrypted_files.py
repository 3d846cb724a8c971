"""Encrypted files: whoever has the private key reads what was written, to the byte; nothing else is accepted."""

import os
import random
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from tests.cli.backup.old_format import CHUNK, HEAD, LONGER, make_old_keys, seal
from tests.programs import needs
from tracker.exchange.backups import (
    DATABASE,
    EVIDENCE,
    Contents,
    Manifest,
    Member,
    read_backup,
    write_backup,
)
from tracker.exchange.encrypted_files import (
    AGE,
    PrivateKey,
    encrypt,
    make_key_pair,
    open_encrypted,
    read_private_key,
    read_public_key,
)
from tracker.exchange.older_backups import MAGIC
from tracker.failures import BadInput

IDENTITY = x25519.Identity.generate()
OLD_PUBLIC, OLD_PRIVATE, OLD_KEY = make_old_keys()
TAG = 16
"""Of each chunk of an age file."""
MANIFEST = Manifest(
    "2026-11-22T09:00:00+00:00", "sqlite", "0003", {"states": 195}, 0, None, "of a key folder", 2
)


class Taker:
    """Remembers what it is given."""

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


def encrypted(*parts: bytes) -> bytes:
    file = BytesIO()
    encrypt(parts, file, IDENTITY.to_public())
    return file.getvalue()


def opened(content: bytes, key: PrivateKey | None = None) -> bytes:
    with open_encrypted(BytesIO(content), key or [IDENTITY]) as stream:
        return stream.read()


def name_of(content: bytes) -> str:
    """As the storage names it."""
    digest = sha256(content).hexdigest()
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def archive(files: dict[str, bytes], database: bytes, manifest: Manifest = MANIFEST) -> bytes:
    members = [Member(EVIDENCE + name, len(content), BytesIO(content)) for name, content in files.items()]
    members.append(Member(DATABASE["sqlite"], len(database), BytesIO(database)))
    return b"".join(write_backup(manifest, members, Contents()))


def read(content: bytes) -> tuple[Taker, Contents]:
    taker = Taker()
    with open_encrypted(BytesIO(content), [IDENTITY]) as stream:
        return taker, read_backup(stream, taker)[1]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_encrypted_is_opened_to_the_byte_also_by_the_library_itself(size: int) -> None:
    content = os.urandom(size)
    whole = encrypted(content)
    in_parts = encrypted(*(content[at : at + 1000] for at in range(0, size, 1000)))
    for file in (whole, in_parts, pyrage.encrypt(content, [IDENTITY.to_public()])):
        assert opened(file) == content
        assert pyrage.decrypt(file, [IDENTITY]) == content


@needs("age")
def test_the_program_age_opens_it_and_makes_keys_that_are_taken(tmp_path: Path) -> None:
    key, file = tmp_path / "operator.key", tmp_path / "file"
    made = subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True, text=True)
    public = made.stderr.partition(": ")[2].strip()
    [identity] = read_private_key(key.read_text())  # type: ignore[misc]
    assert str(identity.to_public()) == str(read_public_key(public)) == public
    content = os.urandom(200_000)
    with file.open("wb") as target:
        encrypt([content], target, read_public_key(public))
    shown = subprocess.run(["age", "-d", "-i", key, file], check=True, capture_output=True).stdout
    assert shown == content


def test_keys_are_lines_that_cannot_be_taken_for_one_another() -> None:
    public, private = make_key_pair()
    [identity] = read_private_key(f"# created: today\n# public key: {public}\n\n{private}\n")  # type: ignore[misc]
    assert str(identity.to_public()) == str(read_public_key(public)) == public
    typo = public[:-1] + ("q" if public[-1] != "q" else "p")
    for line in (private, public[:-1], public + "0", typo, "", OLD_PRIVATE, OLD_PUBLIC):
        with pytest.raises(BadInput, match="BACKUP_PUBLIC_KEY is no public key"):
            read_public_key(line)
    for text in (public, "", "# a comment\n", f"{private}\n{public}\n", OLD_PRIVATE[:-1], "AGE-SECRET-KEY-1"):
        with pytest.raises(BadInput, match="This is no private key file"):
            read_private_key(text)


def test_another_private_key_opens_nothing() -> None:
    with pytest.raises(BadInput, match="made for another one"):
        opened(encrypted(b"words"), [x25519.Identity.generate()])
    assert opened(encrypted(b"words"), [x25519.Identity.generate(), IDENTITY]) == b"words"


def test_a_key_of_the_other_form_is_named() -> None:
    with pytest.raises(BadInput, match="begins with AGE-SECRET-KEY-1"):
        opened(encrypted(b"words"), read_private_key(OLD_PRIVATE))
    with pytest.raises(BadInput, match="begins with upr-backup-private-"):
        opened(seal(b"words", OLD_KEY), [IDENTITY])


def test_a_file_that_was_cut_is_refused_wherever_it_was_cut() -> None:
    content = encrypted(os.urandom(2 * CHUNK + 5))
    head = len(content) - (2 * CHUNK + 5 + 3 * TAG)
    each = CHUNK + TAG
    ends = [*range(head + TAG + 3), len(content) - 1, len(content) - TAG, len(content) - TAG - 5]
    ends += [head + n * each + more for n in (1, 2) for more in (-1, 0, 1, TAG, TAG + 4)]
    for end in ends:
        with pytest.raises(BadInput):
            opened(content[:end])


def test_the_beginning_of_a_file_that_was_cut_is_given_before_its_error() -> None:
    """Why nothing may be put to use before the end."""
    content = encrypted(b"a" * 3 * CHUNK)
    with open_encrypted(BytesIO(content[:-1]), [IDENTITY]) as stream:
        assert stream.read(1000) == b"a" * 1000
        with pytest.raises(BadInput, match="damaged or was cut short"):
            stream.read()
        with pytest.raises(BadInput, match="damaged or was cut short"):
            stream.read(1)


def test_chunks_that_were_swapped_dropped_doubled_or_added_are_refused() -> None:
    whole = encrypted(os.urandom(2 * CHUNK + 5))
    head_size = len(whole) - (2 * CHUNK + 5 + 3 * TAG)
    first, second = head_size + CHUNK + TAG, head_size + 2 * (CHUNK + TAG)
    head, one, two, last = whole[:head_size], whole[head_size:first], whole[first:second], whole[second:]
    for wrong in (head + two + one + last, head + one + last, head + one + one + two + last, whole + b"\0"):
        with pytest.raises(BadInput, match="damaged"):
            opened(wrong)
    with pytest.raises(BadInput, match="damaged"):
        opened(head + one + two + encrypted(b"of another file")[head_size:])


def test_a_newer_form_and_a_file_of_somebody_else_are_named() -> None:
    with pytest.raises(BadInput, match="newer version"):
        read(encrypted(archive({}, b"", Manifest("", "sqlite", "0003", {}, 0, None, "", 3))))
    with pytest.raises(BadInput, match="newer version"):
        opened(MAGIC + b"\2" + seal(b"words", OLD_KEY)[len(MAGIC) + 1 :], read_private_key(OLD_PRIVATE))
    for content in (b"", b"PK\3\4" + encrypted(b"words"), AGE[:-1]):
        with pytest.raises(BadInput, match="no backup of this application"):
            opened(content)


def test_what_the_source_or_the_target_raises_comes_out_as_it_is() -> None:
    class Full(BytesIO):
        def write(self, _part: object) -> int:
            raise OSError(28, "No space left on device")

    def fail(error: BaseException) -> Iterator[bytes]:
        yield b"a" * CHUNK
        raise error

    for size in (5, 5 * CHUNK):  # the library says nothing of a last write that failed
        with pytest.raises(OSError, match="No space left") as failure:
            encrypt([b"a" * size], Full(), IDENTITY.to_public())
        assert failure.value.errno == 28
    for error in (BadInput("pg_dump failed."), KeyboardInterrupt(), OSError(5, "Input/output error")):
        file = BytesIO()
        with pytest.raises(type(error)) as raised:
            encrypt(fail(error), file, IDENTITY.to_public())
        assert raised.value is error
        with pytest.raises(BadInput):  # it has no end
            opened(file.getvalue())


@pytest.mark.parametrize("place", [10, CHUNK])
def test_a_disk_that_fails_while_it_is_read_is_not_called_a_damaged_backup(place: int) -> None:
    class Failing(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > place:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with (
        pytest.raises(OSError, match="Input/output error"),
        open_encrypted(Failing(encrypted(os.urandom(3 * CHUNK))), [IDENTITY]) as stream,
    ):
        stream.read()


def test_whoever_stops_reading_early_leaves_no_thread_behind() -> None:
    content, before = encrypted(os.urandom(20 * CHUNK)), threading.active_count()
    with open_encrypted(BytesIO(content), [IDENTITY]) as stream:
        assert len(stream.read(10)) == 10
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_the_archive_gives_back_what_it_was_given() -> None:
    files = {name_of(content): content for content in (os.urandom(200_000), b"", b"a" * tarfile.BLOCKSIZE)}
    database = os.urandom(100_007)
    taker, contents = read(encrypted(archive(files, database)))
    assert (taker.manifest, taker.files, taker.dump) == (MANIFEST, files, database)
    assert (contents.files, contents.evidence_bytes, contents.database_bytes) == (3, 200_512, 100_007)


def test_any_program_that_knows_tar_opens_the_archive() -> None:
    content = b"%PDF-1.7"
    with tarfile.open(fileobj=BytesIO(archive({name_of(content): content}, b"SQLite"))) as tar:
        names = ["manifest.json", f"evidence/{name_of(content)}", "database.sqlite3", "contents.json"]
        assert tar.getnames() == names
        database = tar.extractfile("database.sqlite3")
        assert database is not None
        assert database.read() == b"SQLite"


def test_a_file_that_becomes_shorter_while_it_is_copied_ends_the_backup() -> None:
    members = [Member(DATABASE["sqlite"], 10, BytesIO(b"nine byte"))]
    with pytest.raises(OSError, match="became shorter while it was copied"):
        encrypt(write_backup(MANIFEST, members, Contents()), BytesIO(), IDENTITY.to_public())


def test_one_flipped_bit_anywhere_is_noticed() -> None:
    file = os.urandom(150_000)
    content = encrypted(archive({name_of(file): file}, os.urandom(50_000)))
    chance = random.Random(20201204)
    places = [*range(250), len(content) - 1, *(chance.randrange(len(content)) for _ in range(200))]
    for place in places:
        wrong = bytearray(content)
        wrong[place] ^= 1 << chance.randrange(8)
        with pytest.raises(BadInput):
            read(bytes(wrong))


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "a/../../b", ".hidden", "a//b", ""])
def test_a_file_that_would_stand_outside_the_folder_is_refused(name: str) -> None:
    """A public key is public: whoever has it can make a file that opens."""
    with pytest.raises(BadInput, match="damaged"):
        read(encrypted(archive({name: b"content"}, b"")))


def test_an_older_file_is_opened_to_the_byte_and_refused_where_it_was_cut() -> None:
    key = read_private_key(OLD_PRIVATE)
    for size in (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK):
        content = os.urandom(size)
        assert opened(seal(content, OLD_KEY), key) == content
    content = seal(os.urandom(2 * CHUNK + 5), OLD_KEY)
    each = CHUNK + LONGER
    for end in (0, 5, 9, 10, 60, HEAD - 24, HEAD - 1, HEAD, HEAD + LONGER, HEAD + each, HEAD + 2 * each):
        with pytest.raises(BadInput):
            opened(content[:end], key)
    head, one, two = content[:HEAD], content[HEAD : HEAD + each], content[HEAD + each : HEAD + 2 * each]
    last = content[HEAD + 2 * each :]
    for wrong in (head + two + one + last, head + one + last, content + b"\0", head + one + one + two + last):
        with pytest.raises(BadInput, match="damaged"):
            opened(wrong, key)
