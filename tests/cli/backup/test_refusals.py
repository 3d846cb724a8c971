"""What flask backup and restore refuse: one sentence, status 2, no file left behind and nothing written."""

import os
import random
import resource
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config, Refused
from tests.cli.backup.places import (
    EVIDENCE,
    Places,
    files_of,
    is_untouched,
    lay_evidence,
    rows_of,
    run_with,
    tables_of,
)
from tests.cli.refusals import check_refused
from tests.databases import Templates
from tests.jobs.processes import command, environment
from tracker.cli.tables import MIGRATIONS
from tracker.exchange.sealed_files import CHUNK, LONGER, make_key_pair, read_private_key
from tracker.failures import BadInput
from tracker.services.backups import check_backup

HEAD = 9 + 1 + 80 + 24
EACH = CHUNK + LONGER
ROOM = 64 * 1024
"""Less than the database and than the largest file of the evidence."""


@pytest.fixture
def made(config: Config, file: Path) -> Path:
    lay_evidence(config)
    result = run_with(config, "backup", file)
    assert result.exit_code == 0, result.output
    return file


def test_without_a_public_key_there_is_no_backup(config: Config, file: Path) -> None:
    check_refused(
        run_with(replace(config, BACKUP_PUBLIC_KEY=""), "backup", file), "BACKUP_PUBLIC_KEY is not set"
    )
    assert not list(file.parent.iterdir())


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_start_with_something_else_in_place_of_the_public_key_is_refused(config: Config) -> None:
    """Above all with the private one."""
    public, private = make_key_pair()
    replace(config, BACKUP_PUBLIC_KEY=public).check()
    for wrong in (private, public[:-1], "yes"):
        with pytest.raises(Refused, match="BACKUP_PUBLIC_KEY must be what “flask make-backup-keys” printed"):
            replace(config, BACKUP_PUBLIC_KEY=wrong).check()


def test_a_backup_of_this_name_is_replaced_only_when_asked_for(
    config: Config, made: Path, private: Path
) -> None:
    before = made.read_bytes()
    check_refused(
        run_with(config, "backup", made), "is there already: choose another name, or say --replace."
    )
    assert made.read_bytes() == before
    assert run_with(config, "backup", made, "--replace").exit_code == 0
    assert made.read_bytes() != before
    assert run_with(config, "restore", made, "--private-key", private, "--check").exit_code == 0


def test_a_folder_that_is_not_there_is_named(config: Config, file: Path) -> None:
    check_refused(
        run_with(config, "backup", file / "missing" / "x"), "No such file or directory. No backup was made."
    )


@pytest.mark.parametrize("kind", ["sqlite"])
def test_keys_and_backups_within_the_evidence_are_refused(config: Config, file: Path) -> None:
    lay_evidence(config)
    inside = Path(config.STORAGE_DIR) / "keys"
    check_refused(
        run_with(replace(config, KEY_DIR=str(inside)), "backup", file), "KEY_DIR lies in STORAGE_DIR"
    )
    check_refused(run_with(config, "backup", inside / "x"), "The backup lies in STORAGE_DIR")
    assert not file.exists()


def test_a_database_without_tables_is_no_backup(config: Config, places: Places, file: Path) -> None:
    place = places()
    if place.DATABASE_URL.startswith("sqlite"):
        Path(place.DATABASE_URL.removeprefix("sqlite:///")).parent.mkdir()
    check_refused(run_with(place, "backup", file), "The database has no tables: there is nothing to back up.")
    assert not list(file.parent.iterdir())


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_without_the_programs_of_postgresql_the_package_is_named(
    config: Config, places: Places, made: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = places()
    monkeypatch.setenv("PATH", "/nowhere")
    check_refused(
        run_with(config, "backup", made, "--replace"), "pg_dump is not on PATH: install PostgreSQL's"
    )
    check_refused(run_with(place, "restore", made, "--private-key", private), "pg_restore is not on PATH")
    assert is_untouched(place)


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_pg_dump_that_fails_is_quoted_and_leaves_no_file(
    config: Config, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tmp_path / "bin" / "pg_dump"
    failing.parent.mkdir()
    failing.write_text(
        "#!/bin/sh\necho PGDMP-and-then\necho 'pg_dump: error: server version mismatch' >&2\nexit 1\n"
    )
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{failing.parent}:{os.environ['PATH']}")
    check_refused(
        run_with(config, "backup", file), "pg_dump failed: pg_dump: error: server version mismatch."
    )
    assert not list(file.parent.iterdir())


@pytest.mark.parametrize("has_evidence", [True, False])
def test_a_full_disk_leaves_no_part_of_a_backup(
    config: Config, url: str, kind: str, file: Path, has_evidence: bool
) -> None:
    """Without evidence it is the copy of SQLite's file that finds no room."""
    if has_evidence:
        lay_evidence(config)
    names = ("STORAGE_DIR", "KEY_DIR", "BACKUP_PUBLIC_KEY", "DATABASE_URL")
    done = subprocess.run(
        command("backup", str(file)),
        env=environment(**{name: getattr(config, name) for name in names}),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    [line] = done.stderr.splitlines()
    if kind == "sqlite" and not has_evidence:
        assert "The database cannot be copied: " in line
    else:
        assert "File too large. No backup was made." in line
    assert not list(file.parent.iterdir())
    if kind == "sqlite":
        assert not list(Path(url.removeprefix("sqlite:///")).parent.glob(".copy-*"))


Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "empty": (lambda _: b"", "This file is no backup of this application."),
    "of another program": (lambda whole: b"PK\3\4" + whole, "This file is no backup of this application."),
    "cut in its head": (lambda whole: whole[:50], "cannot be opened with this private key"),
    "cut behind its head": (lambda whole: whole[:HEAD], "is damaged or was cut short"),
    "cut within a chunk": (lambda whole: whole[: HEAD + EACH + 9], "is damaged or was cut short"),
    "cut between chunks": (lambda whole: whole[: HEAD + 2 * EACH], "is damaged or was cut short"),
    "without its end": (lambda whole: whole[:-1], "is damaged or was cut short"),
    "with something behind it": (lambda whole: whole + b"\n", "is damaged or was cut short"),
    "flipped in the middle": (
        lambda whole: (
            whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :]
        ),
        "is damaged or was cut short",
    ),
    "of a newer version": (lambda whole: whole[:9] + b"\2" + whole[10:], "was made by a newer version"),
}


def test_a_damaged_backup_is_refused_and_nothing_is_written(
    made: Path, places: Places, private: Path, tmp_path: Path
) -> None:
    whole, place, wrong = made.read_bytes(), places(), tmp_path / "wrong.backup"
    for name, (damage, sentence) in DAMAGES.items():
        wrong.write_bytes(damage(whole))
        check_refused(run_with(place, "restore", wrong, "--private-key", private), sentence)
        assert is_untouched(place), name


def test_two_hundred_flipped_bits_are_two_hundred_refusals(made: Path, private: Path, tmp_path: Path) -> None:
    whole, wrong, chance = made.read_bytes(), tmp_path / "wrong.backup", random.Random(38)
    key = read_private_key(private.read_text())
    revisions = {path.stem[:4] for path in (MIGRATIONS / "versions").glob("0*.py")}
    check_backup(made, key, revisions)
    for _ in range(200):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        wrong.write_bytes(changed)
        with pytest.raises(BadInput):
            check_backup(wrong, key, revisions)


def test_the_backup_of_somebody_else_is_refused(
    config: Config, made: Path, places: Places, private: Path, tmp_path: Path
) -> None:
    place, other = places(), tmp_path / "other.key"
    assert run_with(config, "make-backup-keys", other).exit_code == 0
    check_refused(run_with(place, "restore", made, "--private-key", other), "it was made for another one")
    check_refused(run_with(place, "restore", made, "--private-key", made), "is no private key file")
    check_refused(run_with(place, "restore", made, "--private-key", tmp_path / "none"), "No such file")
    check_refused(run_with(place, "restore", tmp_path / "none", "--private-key", private), "No such file")
    assert is_untouched(place)


def test_a_backup_is_never_restored_over_something(
    config: Config, made: Path, places: Places, private: Path
) -> None:
    rows = rows_of(config.DATABASE_URL)
    check_refused(run_with(config, "restore", made, "--private-key", private), "already holds tables")
    assert rows_of(config.DATABASE_URL) == rows
    beside = replace(places(), STORAGE_DIR=config.STORAGE_DIR)
    check_refused(run_with(beside, "restore", made, "--private-key", private), "is not empty: move away")
    assert files_of(config) == EVIDENCE


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_left_of_another_database_is_not_mixed_with_it(
    made: Path, places: Places, private: Path
) -> None:
    place = places()
    left = Path(place.DATABASE_URL.removeprefix("sqlite:///") + "-wal")
    left.parent.mkdir()
    left.write_bytes(b"of another one")
    check_refused(
        run_with(place, "restore", made, "--private-key", private), "stop the server that uses this"
    )
    left.unlink()
    path = Path(place.DATABASE_URL.removeprefix("sqlite:///"))
    path.write_bytes(b"not a database, but somebody's letter" * 100)
    check_refused(run_with(place, "restore", made, "--private-key", private), "is no database: move it away")
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_backup_of_the_other_kind_of_database_is_refused(
    config: Config, made: Path, kind: str, templates: Templates, private: Path, tmp_path: Path
) -> None:
    if kind == "sqlite":
        place = replace(
            config, DATABASE_URL=templates.server().url("postgres"), STORAGE_DIR=str(tmp_path / "s")
        )
    else:
        place = replace(
            config, DATABASE_URL=f"sqlite:///{tmp_path / 'x' / 'y'}", STORAGE_DIR=str(tmp_path / "s")
        )
    check_refused(
        run_with(place, "restore", made, "--private-key", private), f"holds a database of {kind}, and"
    )
    assert not (tmp_path / "s").exists()
    assert not (tmp_path / "x").exists()


def test_a_backup_of_newer_tables_is_refused(made: Path, private: Path) -> None:
    with pytest.raises(BadInput, match=r"newer version \(tables 0\d{3}\): install that version first"):
        check_backup(made, read_private_key(private.read_text()), {"0001", "0002"})


def test_a_restore_that_fails_at_the_last_step_leaves_the_place_empty(
    made: Path, places: Places, private: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The evidence stood in its place already: the database's folder cannot be made, or pg_restore gives up."""
    place = places()
    if kind == "sqlite":
        blocked = tmp_path / "blocked"
        blocked.write_bytes(b"a file where a folder should be")
        place = replace(place, DATABASE_URL=f"sqlite:///{blocked / 'tracker.sqlite3'}")
    else:
        failing = tmp_path / "bin" / "pg_restore"
        failing.parent.mkdir()
        failing.write_text("#!/bin/sh\necho 'pg_restore: error: unsupported version (9.9)' >&2\nexit 1\n")
        failing.chmod(0o755)
        monkeypatch.setenv("PATH", f"{failing.parent}:{os.environ['PATH']}")
    result = run_with(place, "restore", made, "--private-key", private)
    check_refused(
        result, "File exists. Nothing was restored." if kind == "sqlite" else "unsupported version (9.9)."
    )
    assert not Path(place.STORAGE_DIR).exists()
    if kind == "postgresql":
        assert tables_of(place.DATABASE_URL) == []
