"""What flask backup refuses: one sentence, status 2, and no file left behind."""

import fcntl
import os
import resource
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from tests.cli.backup.places import (
    MakePlace,
    add_evidence,
    is_untouched,
    run_with,
)
from tests.cli.refusals import check_refused
from tests.jobs.processes import command, environment
from tracker.exchange.encrypted_files import make_key_pair

ROOM = 64 * 1024
"""Less than the database and than the largest file of the evidence."""


def test_without_a_public_key_there_is_no_backup(config: Config, file: Path) -> None:
    check_refused(
        run_with(replace(config, BACKUP_PUBLIC_KEY=""), "backup", file), "BACKUP_PUBLIC_KEY is not set"
    )
    assert not list(file.parent.iterdir())


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_start_with_something_else_in_place_of_the_public_key_is_refused(config: Config) -> None:
    """Above all with the private one."""
    public, private = make_key_pair()
    assert replace(config, BACKUP_PUBLIC_KEY=public).reasons() == []
    for wrong in (private, public[:-1], "yes"):
        [reason] = replace(config, BACKUP_PUBLIC_KEY=wrong).reasons()
        assert reason == "BACKUP_PUBLIC_KEY must be what “flask make-backup-keys” printed for it."


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
    add_evidence(config)
    inside = Path(config.STORAGE_DIR) / "keys"
    check_refused(
        run_with(replace(config, KEY_DIR=str(inside)), "backup", file),
        "lies in STORAGE_DIR, which backups take",
    )
    check_refused(run_with(config, "backup", inside / "x"), "The backup lies in STORAGE_DIR")
    assert not file.exists()


def test_a_database_without_tables_is_no_backup(config: Config, places: MakePlace, file: Path) -> None:
    place = places()
    if place.DATABASE_URL.startswith("sqlite"):
        Path(place.DATABASE_URL.removeprefix("sqlite:///")).parent.mkdir()
    check_refused(run_with(place, "backup", file), "The database has no tables: there is nothing to back up.")
    assert not list(file.parent.iterdir())


@pytest.mark.parametrize("kind", ["postgresql"])
def test_without_the_programs_of_postgresql_the_package_is_named(
    config: Config, places: MakePlace, made: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = places()
    monkeypatch.setenv("PATH", "/nowhere")
    check_refused(
        run_with(config, "backup", made, "--replace"), "pg_dump is not on PATH: install PostgreSQL's"
    )
    check_refused(run_with(place, "restore", made, "--private-key", private), "pg_restore is not on PATH")
    assert is_untouched(place)


@pytest.mark.parametrize("kind", ["postgresql"])
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
        add_evidence(config)
    names = ("STORAGE_DIR", "KEY_DIR", "BACKUP_PUBLIC_KEY", "DATABASE_URL")
    given = environment(**{name: getattr(config, name) for name in names})
    done = subprocess.run(
        command("backup", str(file)),
        # What counts branches would find no room for its own file
        env={name: value for name, value in given.items() if not name.startswith("COV")},
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


@pytest.mark.parametrize("kind", ["sqlite"])
def test_two_backups_do_not_write_one_file_and_what_a_dead_one_left_is_used_again(
    config: Config, file: Path, private: Path
) -> None:
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(b"of a backup that was killed" * 1_000_000)
    part.chmod(0o644)
    with part.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        check_refused(run_with(config, "backup", file), "Another backup is writing")
        assert part.exists(), "the file of the other one"
    assert run_with(config, "backup", file).exit_code == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run_with(config, "restore", file, "--private-key", private, "--check").exit_code == 0
