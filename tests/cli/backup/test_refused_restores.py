"""What flask restore refuses: one sentence, status 2, and nothing written."""

import json
import os
import random
import tarfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
import pytest

from config import Config
from tests.cli.backup.places import (
    EVIDENCE,
    MakePlace,
    files_of,
    is_untouched,
    rows_of,
    run_with,
    tables_of,
)
from tests.cli.refusals import check_refused
from tests.databases import Templates
from tracker.cli.tables import MIGRATIONS
from tracker.exchange.backups import Contents, Manifest, Member, write_backup
from tracker.exchange.encrypted_files import encrypt, read_private_key, read_public_key
from tracker.failures import BadInput
from tracker.upkeep import backups
from tracker.upkeep.backups import check_backup

EACH = 64 * 1024 + 16
"""A chunk of an age file; the header before the first one has more than 150 bytes and less than 500."""

Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "empty": (lambda _: b"", "This file is no backup of this application."),
    "of another program": (lambda whole: b"PK\3\4" + whole, "This file is no backup of this application."),
    "cut in its head": (lambda whole: whole[:50], "cannot be opened with this private key"),
    "cut in its first chunk": (lambda whole: whole[:500], "is damaged or was cut short"),
    "cut within a chunk": (lambda whole: whole[: 2 * EACH], "is damaged or was cut short"),
    "cut within the evidence": (lambda whole: whole[: 300_000 + EACH], "is damaged or was cut short"),
    "cut within the database": (lambda whole: whole[: len(whole) - 2 * EACH], "is damaged or was cut short"),
    "without its last chunk": (
        lambda whole: whole[: -(_body(whole) % EACH or EACH)],
        "is damaged or was cut short",
    ),
    "without its end": (lambda whole: whole[:-1], "is damaged or was cut short"),
    "with something behind it": (lambda whole: whole + b"\n", "is damaged or was cut short"),
    "flipped in its head": (lambda whole: _flip(whole, 60), "cannot be opened with this private key"),
    "flipped in the middle": (
        lambda whole: _flip(whole, len(whole) // 2),
        "is damaged or was cut short",
    ),
    "flipped at the end": (lambda whole: _flip(whole, len(whole) - 1), "is damaged or was cut short"),
}


def _flip(whole: bytes, place: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def _body(whole: bytes) -> int:
    """How many bytes stand behind the header: its last line begins with ---, then comes a nonce of 16 bytes."""
    return len(whole) - (whole.index(b"\n", whole.index(b"\n--- ") + 1) + 1 + 16)


def test_a_damaged_backup_is_refused_and_nothing_is_written(
    made: Path, places: MakePlace, private: Path, tmp_path: Path
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
    config: Config, made: Path, places: MakePlace, private: Path, tmp_path: Path
) -> None:
    place, other = places(), tmp_path / "other.key"
    assert run_with(config, "make-backup-keys", other).exit_code == 0
    check_refused(run_with(place, "restore", made, "--private-key", other), "it was made for another one")
    check_refused(run_with(place, "restore", made, "--private-key", made), "is no private key file")
    check_refused(run_with(place, "restore", made, "--private-key", tmp_path / "none"), "No such file")
    check_refused(run_with(place, "restore", tmp_path / "none", "--private-key", private), "No such file")
    assert is_untouched(place)


def test_a_backup_is_never_restored_over_something(
    config: Config, made: Path, places: MakePlace, private: Path
) -> None:
    rows = rows_of(config.DATABASE_URL)
    check_refused(run_with(config, "restore", made, "--private-key", private), "already holds tables")
    assert rows_of(config.DATABASE_URL) == rows
    beside = replace(places(), STORAGE_DIR=config.STORAGE_DIR)
    check_refused(run_with(beside, "restore", made, "--private-key", private), "is not empty: move away")
    assert files_of(config) == EVIDENCE


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_left_of_another_database_is_not_mixed_with_it(
    made: Path, places: MakePlace, private: Path
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
    made: Path, places: MakePlace, private: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database's folder cannot be made, or pg_restore gives up."""
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


def test_a_database_that_is_refused_at_the_very_end_takes_the_evidence_with_it(
    config: Config, made: Path, places: MakePlace, private: Path
) -> None:
    """The evidence stood in its place already. Here the backup counts a row more than its database has."""
    identities = read_private_key(private.read_text())
    with tarfile.open(fileobj=BytesIO(pyrage.decrypt(made.read_bytes(), identities))) as tar:
        members = [(member.name, tar.extractfile(member).read()) for member in tar.getmembers()]  # type: ignore[union-attr]
    (_, note), *others, _ = members
    manifest = Manifest(**json.loads(note))
    wrong = replace(manifest, rows={**manifest.rows, "states": manifest.rows["states"] + 1})
    sources = [Member(name, len(content), BytesIO(content)) for name, content in others]
    with made.open("wb") as target:
        public_key = read_public_key(config.BACKUP_PUBLIC_KEY)
        encrypt(write_backup(wrong, sources, Contents()), target, public_key)
    place = places()
    check_refused(
        run_with(place, "restore", made, "--private-key", private),
        "The database in this backup is not sound: take another backup.",
    )
    assert not Path(place.STORAGE_DIR).exists()
    if place.DATABASE_URL.startswith("postgresql"):
        assert tables_of(place.DATABASE_URL) == []
    else:
        assert not list(Path(place.STORAGE_DIR).parent.iterdir())


@pytest.mark.parametrize("missing", [1, 2 * EACH])
def test_a_file_that_is_cut_between_the_two_readings_is_not_restored(
    made: Path, places: MakePlace, private: Path, monkeypatch: pytest.MonkeyPatch, missing: int
) -> None:
    """A file that was cut gives all that stands before the cut: the second reading puts nothing in its place either
    before its end."""
    place = places()

    def check_and_cut(file: Path, *values: Any) -> Any:
        checked = check_backup(file, *values)
        made.write_bytes(made.read_bytes()[:-missing])
        return checked

    monkeypatch.setattr(backups, "check_backup", check_and_cut)
    check_refused(run_with(place, "restore", made, "--private-key", private), "is damaged or was cut short")
    assert not Path(place.STORAGE_DIR).exists()
    if place.DATABASE_URL.startswith("postgresql"):
        assert tables_of(place.DATABASE_URL) == []
    else:
        assert not list(Path(place.STORAGE_DIR).parent.iterdir())


def test_what_a_killed_restore_left_is_named_and_not_restored_over(
    made: Path, places: MakePlace, private: Path
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
