"""Files come and go while a backup is made: what comes back has the bytes of each row, and no other."""

import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from config import Config
from tests.cast import NOW, Cast, make_update
from tests.cli.backup.places import (
    EVIDENCE,
    MakePlace,
    add_evidence,
    files_of,
    is_untouched,
    place_of,
    run_with,
)
from tests.cli.refusals import check_refused
from tests.databases import KEYS, open_database
from tests.evidence_files import PDF, pdf_with
from tests.programs import LONGEST
from tests.stories.pages import ask
from tracker.database import Database
from tracker.exchange.backups import EVIDENCE as FOLDER
from tracker.exchange.backups import Contents, Manifest, Member, write_backup
from tracker.exchange.encrypted_files import PublicKey, encrypt, read_public_key
from tracker.models.evidence import Visibility
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.evidence.attachments import Limits, Upload, attach_to_update
from tracker.services.updates.workflow import discard_update
from tracker.storage import LOCKS, Storage
from tracker.upkeep.backups import make_backup

STORED = pdf_with()
LIMITS = Limits(1_000_000, 5_000_000)


class Watched(BytesIO):
    """Takes a backup; what shall happen meanwhile happens when its first byte comes, behind the snapshot."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self._meanwhile: Callable[[], None] | None = meanwhile

    def write(self, part: Any) -> int:
        action, self._meanwhile = self._meanwhile, None
        if action:
            thread = threading.Thread(target=action)
            thread.start()
            thread.join(LONGEST)
            assert not thread.is_alive(), "it waits for the backup"
        return super().write(part)


@pytest.fixture
def storage(config: Config) -> Storage:
    return Storage(Path(config.STORAGE_DIR))


@pytest.fixture
def people(url: str, storage: Storage) -> Iterator[Database]:
    """The database as those use it who work meanwhile."""
    found = Database(url, KEYS, storage)
    yield found
    found.dispose()


@pytest.fixture
def public_key(config: Config) -> PublicKey:
    return read_public_key(config.BACKUP_PUBLIC_KEY)


def attach(database: Database, cast: Cast, content: bytes = STORED) -> UUID:
    with database.transaction() as session:
        update = make_update(session, cast, UpdateState.DRAFT)
        files = [Upload("minutes.pdf", content)]
        attach_to_update(session, cast["focal_point"], update, files, Visibility.PUBLIC, LIMITS, NOW)
        return update.id


def discard(database: Database, cast: Cast, update: UUID) -> None:
    with database.transaction() as session:
        discard_update(session, cast["focal_point"], session.get_one(ProgressUpdate, update), NOW)


def named(url: str) -> set[str]:
    """The names that the rows of a database give to their files."""
    database = open_database(url)
    found = {row.sha256 for row in ask(database, "SELECT sha256 FROM evidence")}
    database.dispose()
    return found


def test_what_is_withdrawn_behind_the_snapshot_waits_for_nobody_is_in_the_backup_and_then_gone(
    config: Config,
    people: Database,
    cast: Cast,
    storage: Storage,
    public_key: PublicKey,
    places: MakePlace,
    file: Path,
    private: Path,
) -> None:
    # Given a file that is withdrawn while the backup copies
    update = attach(people, cast)
    [name] = storage.list_names()
    given = Watched(lambda: discard(people, cast, update))
    # When the backup is made
    make_backup(people, config.DATABASE_URL, public_key, given, NOW)
    # Then it is gone here
    assert named(config.DATABASE_URL) == set()
    assert files_of(config) == {}
    # And what is restored has the row and its bytes
    file.write_bytes(given.getvalue())
    place = places()
    restored = run_with(place, "restore", file, "--private-key", private)
    assert restored.exit_code == 0, restored.output
    assert named(place.DATABASE_URL) == {name}
    assert files_of(place) == {place_of(STORED): STORED}


def test_a_backup_that_fails_halfway_leaves_nothing_that_was_withdrawn_meanwhile(
    config: Config, people: Database, cast: Cast, public_key: PublicKey
) -> None:
    update = attach(people, cast)

    def withdraw_and_fill_the_disk() -> None:
        discard(people, cast, update)
        given.close()

    given = Watched(withdraw_and_fill_the_disk)
    with pytest.raises(ValueError, match="closed file"):
        make_backup(people, config.DATABASE_URL, public_key, given, NOW)
    assert files_of(config) == {}


def test_only_what_a_row_names_is_copied(
    config: Config, storage: Storage, places: MakePlace, file: Path, private: Path
) -> None:
    """Neither notes on what is in question, nor bytes whose row was never committed, nor foreign files."""
    add_evidence(config, PDF)
    storage.keep(b"of a process that died before its commit")
    for foreign in ("notes.txt", "ab/.upload-in-hand", f"ab/cd/{'abcd' * 16}"):
        path = storage.folder / foreign
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"of somebody else")
    assert storage.list_pending() != []
    assert run_with(config, "backup", file).exit_code == 0
    place = places()
    restored = run_with(place, "restore", file, "--private-key", private)
    assert restored.exit_code == 0, restored.output
    assert files_of(place) == {place_of(PDF): PDF}


def test_a_backup_without_every_file_is_made_says_so_and_ends_with_status_2(
    config: Config, storage: Storage, places: MakePlace, file: Path, private: Path, tmp_path: Path
) -> None:
    """An unplugged disk must not pass for a good night, and the database must not go without a backup for it."""
    add_evidence(config)
    whole, gone, changed = sorted(EVIDENCE)
    (storage.folder / gone).unlink()
    (tmp_path / "secret").write_bytes(b"of the machine")
    (storage.folder / changed).unlink()
    (storage.folder / changed).symlink_to(tmp_path / "secret")
    made = run_with(config, "backup", file)
    assert made.exit_code == 2
    assert "holds everything but 2 evidence files, which are missing or damaged in STORAGE_DIR" in made.stderr
    assert "1 evidence files" in made.stdout
    known = run_with(config, "backup", file, "--replace", "--incomplete")
    assert (known.exit_code, known.stderr) == (0, "")
    place = places()
    restored = run_with(place, "restore", file, "--private-key", private)
    assert restored.exit_code == 0, restored.output
    assert "2 more were missing or damaged when it was made." in restored.stdout
    assert files_of(place) == {whole: EVIDENCE[whole]}
    assert named(place.DATABASE_URL) == named(config.DATABASE_URL)


@pytest.mark.parametrize(
    ("member", "said"),
    [
        (place_of(PDF), "is not the one that was stored"),
        (f"in-question/{Path(place_of(b'other')).name}", "is damaged"),
        ("../../etc/passwd", "is damaged"),
        (f"ab/cd/{Path(place_of(b'other')).name}", "is damaged"),
        ("notes.txt", "is damaged"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_before_anything_is_put_in_place(
    public_key: PublicKey, places: MakePlace, file: Path, private: Path, member: str, said: str
) -> None:
    content = b"other"
    with file.open("wb") as opened:
        manifest = Manifest(NOW.isoformat(), "sqlite", "0001", {}, 1, None, "", 2)
        members = [Member(FOLDER + member, len(content), BytesIO(content))]
        encrypt(write_backup(manifest, members, Contents()), opened, public_key)
    place = places()
    check_refused(run_with(place, "restore", file, "--private-key", private, "--check"), said)
    check_refused(run_with(place, "restore", file, "--private-key", private), said)
    assert is_untouched(place)


def test_while_people_attach_and_withdraw_each_row_comes_back_with_its_bytes(
    config: Config, people: Database, cast: Cast, places: MakePlace, file: Path, private: Path
) -> None:
    add_evidence(config, PDF)
    done, actions = threading.Event(), [0, 0]

    def work(who: int) -> None:
        while not done.is_set():
            update = attach(people, cast, pdf_with(b"%d %d" % (who, actions[who])))
            attach(people, cast, pdf_with(b"kept %d %d" % (who, actions[who])))
            discard(people, cast, update)
            actions[who] += 1

    threads = [threading.Thread(target=work, args=(who,)) for who in range(len(actions))]
    for each in threads:
        each.start()
    try:
        while min(actions) < 2:
            assert all(each.is_alive() for each in threads)
        made = run_with(config, "backup", file)
    finally:
        done.set()
        for each in threads:
            each.join(LONGEST)
    assert made.exit_code == 0, made.output
    place = places()
    assert run_with(place, "restore", file, "--private-key", private).exit_code == 0
    assert {Path(each).name for each in files_of(place)} == named(place.DATABASE_URL)
    assert {Path(each).name for each in files_of(config)} == named(config.DATABASE_URL)
    assert not set(LOCKS) & {path.name for path in Path(place.STORAGE_DIR).iterdir()}
