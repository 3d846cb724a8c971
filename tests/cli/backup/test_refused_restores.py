"""What flask restore refuses: one sentence, status 2, and nothing written."""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from tests.cli.backup.places import (
    EVIDENCE,
    Places,
    files_of,
    is_untouched,
    rows_of,
    run_with,
    tables_of,
)
from tests.cli.refusals import check_refused
from tests.databases import Templates
from tracker.cli.tables import MIGRATIONS
from tracker.exchange.sealed_files import CHUNK, LONGER, read_private_key
from tracker.failures import BadInput
from tracker.upkeep.backups import check_backup

HEAD = 9 + 1 + 80 + 24
EACH = CHUNK + LONGER

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
    known = {path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py")}
    assert check_backup(made, key, known)[1].files == len(EVIDENCE)
    for _ in range(200):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        wrong.write_bytes(changed)
        with pytest.raises(BadInput):
            check_backup(wrong, key, known)


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


def test_what_a_killed_restore_left_is_named_and_not_restored_over(
    made: Path, places: Places, private: Path
) -> None:
    """It holds people's words in clear; whoever looks into the place does not see what begins with a dot."""
    place = places()
    left = Path(place.STORAGE_DIR, ".restore-x1")
    left.mkdir(parents=True)
    places_of_it = [left]
    if place.DATABASE_URL.startswith("sqlite"):
        beside = Path(place.DATABASE_URL.removeprefix("sqlite:///")).with_name(".restore-x2")
        beside.touch()
        places_of_it.append(beside)
    doctor = run_with(place, "doctor").stdout
    for each in places_of_it:
        assert f"do    restores: {each} is what a restore left that was killed" in doctor
    for each in reversed(places_of_it):  # the database is looked at first
        refused = run_with(place, "restore", made, "--private-key", private)
        check_refused(refused, f"{each} is what a restore left")
        each.rmdir() if each.is_dir() else each.unlink()
    left.parent.rmdir()
    assert run_with(place, "restore", made, "--private-key", private).exit_code == 0
    assert "ok    restores" in run_with(place, "doctor").stdout
