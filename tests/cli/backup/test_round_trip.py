"""flask backup and restore: what comes back is what was there, and nobody else can read it on the way."""

import json
import stat
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pyrage

from config import Config
from tests.cast import NOW, read_account
from tests.cli.backup.places import (
    EVIDENCE,
    MakePlace,
    add_evidence,
    files_of,
    rows_of,
    run_with,
)
from tests.databases import KEY_FOLDER, open_database
from tests.programs import needs
from tests.stories.pages import ask, tell
from tracker.app import create_app
from tracker.database import Database
from tracker.exchange.encrypted_files import read_private_key
from tracker.history.lines import write_line
from tracker.identity.sign_ins import begin_sign_in
from tracker.models.accounts import Throttle
from tracker.models.settings import Setting
from tracker.policy.actors import SYSTEM


def test_an_instance_comes_back_row_by_row_and_byte_by_byte(
    config: Config, database: Database, places: MakePlace, file: Path, private: Path
) -> None:
    # Given people, entries, a line of the history and evidence
    add_evidence(config)
    with database.transaction() as session:
        write_line(session, SYSTEM, "publish", "update 1", at=NOW)
    # When it is backed up and restored into an empty place
    made = run_with(config, "backup", file)
    assert made.exit_code == 0, made.output
    place = places()
    restored = run_with(place, "restore", file, "--private-key", private)
    # Then every row and every file is there
    assert restored.exit_code == 0, restored.output
    assert rows_of(place.DATABASE_URL) == rows_of(config.DATABASE_URL)
    assert files_of(place) == EVIDENCE == files_of(config)
    # And both commands said how much, and until when
    rows = sum(len(each) for each in rows_of(config.DATABASE_URL).values())
    for said in (made.stdout, restored.stdout):
        assert f"{rows:,} rows of " in said
        assert "3 evidence files (0.3 MB)" in said
        assert "Newest line of the history: 2026-11-22T09:00:00+00:00." in said
    assert "The key folder here is the one that belongs to it." in restored.stdout


def test_the_file_is_its_owners_alone_and_nothing_stays_beside_it_or_the_database(
    config: Config, url: str, kind: str, file: Path
) -> None:
    add_evidence(config)
    before = set(Path(url.removeprefix("sqlite:///")).parent.iterdir()) if kind == "sqlite" else set()
    assert run_with(config, "backup", file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    if kind == "sqlite":
        assert set(Path(url.removeprefix("sqlite:///")).parent.iterdir()) == before


def test_nothing_of_what_was_written_can_be_read_in_the_file(
    config: Config, database: Database, file: Path
) -> None:
    add_evidence(config)
    tell(database, "UPDATE accounts SET handle = 'CANARY-IN-CLEAR' WHERE handle = 'lead'")
    [[sealed]] = ask(database, "SELECT email FROM accounts WHERE handle = 'focal_point'")
    assert run_with(config, "backup", file).exit_code == 0
    content = file.read_bytes()
    names = [path.name.encode() for path in KEY_FOLDER.iterdir()]
    keys = [path.read_bytes().strip() for path in KEY_FOLDER.iterdir()]
    for secret in (
        b"CANARY",
        b"focal-point@example.org",
        sealed.encode(),
        b"SQLite",
        b"PGDMP",
        *names,
        *keys,
    ):
        assert secret not in content
        assert secret.decode().encode("utf-16-le") not in content


def test_the_keys_are_not_in_a_backup_even_once_it_is_opened(
    config: Config, places: MakePlace, file: Path, private: Path
) -> None:
    add_evidence(config)
    assert run_with(config, "backup", file).exit_code == 0
    place = places()
    assert run_with(place, "restore", file, "--private-key", private).exit_code == 0
    key = next(KEY_FOLDER.glob("*.key")).read_text().strip()
    assert key not in repr(rows_of(place.DATABASE_URL))
    assert not any(key.encode() in content for content in files_of(place).values())
    # Nor in what is opened and never written
    inside = pyrage.decrypt(file.read_bytes(), read_private_key(private.read_text()))
    assert b"made_at" in inside
    assert key.encode() not in inside
    assert bytes.fromhex(key) not in inside


@needs("age")
def test_an_operator_opens_it_without_this_product(
    config: Config, url: str, kind: str, made: Path, private: Path, tmp_path: Path
) -> None:
    """As docs/backup.md says."""
    folder = tmp_path / "by hand"
    folder.mkdir()
    by_hand = f"set -o pipefail; age --decrypt --identity '{private}' '{made}' | tar --extract"
    subprocess.run(["bash", "-c", by_hand], cwd=folder, check=True)
    assert (folder / "contents.json").is_file()
    revision = json.loads((folder / "manifest.json").read_text())["revision"]
    for name, content in EVIDENCE.items():
        assert (folder / "evidence" / name).read_bytes() == content
    if kind == "sqlite":
        opened = open_database(f"sqlite:///{folder / 'database.sqlite3'}")
        assert ask(opened, "SELECT version_num FROM alembic_version") == [(revision,)]
        assert ask(opened, "SELECT count(*) FROM evidence") == [(len(EVIDENCE) + 1,)]
        opened.dispose()
    else:
        command = ["pg_restore", "--file=-", "--table=alembic_version", folder / "database.pgdump"]
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert f"\n{revision}\n" in shown


def test_a_sign_in_that_stands_in_the_database_does_not_come_back(
    config: Config, database: Database, places: MakePlace, file: Path, private: Path
) -> None:
    """It may have been ended since; counters of a throttle neither."""
    with database.transaction() as session:
        begin_sign_in(session, read_account(session, "lead").id, NOW)
        session.add(Throttle(tried="handle lead", times=3, since=NOW))
    assert run_with(config, "backup", file).exit_code == 0
    place = places()
    assert run_with(place, "restore", file, "--private-key", private).exit_code == 0
    restored = open_database(place.DATABASE_URL)
    assert ask(restored, "SELECT count(*) FROM sign_ins") == [(0,)]
    assert ask(restored, "SELECT count(*) FROM throttles") == [(0,)]
    restored.dispose()


def test_a_backup_while_two_write_holds_each_action_whole_or_not_at_all(
    config: Config, url: str, places: MakePlace, file: Path, private: Path
) -> None:
    add_evidence(config)
    done, written = threading.Event(), {"a": 0, "b": 0}

    def write(who: str) -> None:
        database = open_database(url)
        while not done.is_set():
            with database.transaction() as session:
                for half in ("first", "second"):
                    session.add(Setting(name=f"{who} {written[who]:06} {half}", value="x" * 2000))
                    session.flush()
            written[who] += 1
        database.dispose()

    writers = [threading.Thread(target=write, args=(who,)) for who in written]
    for each in writers:
        each.start()
    try:
        while min(written.values()) < 5:
            assert all(each.is_alive() for each in writers)
        before = dict(written)
        made = run_with(config, "backup", file)
        after = dict(written)
    finally:
        done.set()
        for each in writers:
            each.join()
    assert made.exit_code == 0, made.output
    place = places()
    assert run_with(place, "restore", file, "--private-key", private).exit_code == 0
    names = {name for name, _ in rows_of(place.DATABASE_URL)["settings"]}
    for who in written:
        actions = sorted(name for name in names if name.startswith(f"{who} "))
        whole = [f"{who} {n:06} {half}" for n in range(len(actions) // 2) for half in ("first", "second")]
        assert actions == whole, "no half of an action, none missing between others"
        assert before[who] <= len(whole) // 2 <= after[who] + 1
    assert sum(after.values()) > sum(before.values()), "nobody waited for the backup to end"


def test_an_instance_without_evidence_and_with_an_old_empty_place_comes_back(
    config: Config, kind: str, places: MakePlace, file: Path, private: Path
) -> None:
    assert run_with(config, "backup", file).exit_code == 0
    place = places()
    Path(place.STORAGE_DIR).mkdir(parents=True)
    if kind == "sqlite":
        Path(place.DATABASE_URL.removeprefix("sqlite:///")).touch()
    restored = run_with(place, "restore", file, "--private-key", private)
    assert restored.exit_code == 0, restored.output
    assert rows_of(place.DATABASE_URL) == rows_of(config.DATABASE_URL)
    assert files_of(place) == {}


def test_after_the_keys_were_lost_the_public_part_works(
    config: Config, places: MakePlace, file: Path, private: Path, tmp_path: Path
) -> None:
    assert run_with(config, "backup", file).exit_code == 0
    place = replace(places(), KEY_DIR=str(tmp_path / "other keys"))
    restored = run_with(place, "restore", file, "--private-key", private)
    assert restored.exit_code == 0
    assert "The key folder here is another one" in restored.stdout
    assert rows_of(place.DATABASE_URL) == rows_of(config.DATABASE_URL)
    app = create_app(place)
    for page in ("/", "/recommendations", "/recommendations/KGZ-3/A12", "/calendar"):
        assert app.test_client().get(page, base_url=place.BASE_URL).status_code == 200
    app.extensions["database"].dispose()


def test_a_backup_is_checked_without_a_place_to_restore_it_to(
    config: Config, file: Path, private: Path
) -> None:
    add_evidence(config)
    assert run_with(config, "backup", file).exit_code == 0
    before = rows_of(config.DATABASE_URL)
    checked = run_with(config, "restore", file, "--private-key", private, "--check")
    assert checked.exit_code == 0, checked.output
    assert "Whole and readable, nothing was restored." in checked.stdout
    assert rows_of(config.DATABASE_URL) == before


def test_the_private_key_is_written_once_and_for_its_owner_alone(
    config: Config, private: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    created, public, key = private.read_text().splitlines()  # as age-keygen writes it
    assert created.startswith("# created: 20")
    assert public == f"# public key: {config.BACKUP_PUBLIC_KEY}"
    assert key.startswith("AGE-SECRET-KEY-1")
    content = private.read_bytes()
    again = run_with(config, "make-backup-keys", private)
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert private.read_bytes() == content
    nowhere = run_with(config, "make-backup-keys", tmp_path / "missing" / "private.key")
    assert nowhere.exit_code == 2
    assert "No such file or directory" in nowhere.stderr
    assert [path.name for path in private.parent.iterdir()] == ["private.key"]
