"""A backup that an older version made is checked and restored with the private key of its time."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from config import Config
from tests.cli.backup.old_format import CHUNK, HEAD, LONGER, as_old_archive, make_old_keys, seal
from tests.cli.backup.places import EVIDENCE, MakePlace, files_of, is_untouched, rows_of, run_with
from tests.cli.refusals import check_refused
from tests.jobs.processes import command, environment
from tracker.exchange.encrypted_files import read_private_key

EACH = CHUNK + LONGER


@pytest.fixture
def old_public() -> str:
    return make_old_keys()[0]


@pytest.fixture
def older(made: Path, private: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The backup of the instance as an older version would have made it, and its private key file."""
    _, line, public_key = make_old_keys()
    archive = pyrage.decrypt(made.read_bytes(), read_private_key(private.read_text()))
    file, key = tmp_path / "older.backup", tmp_path / "older.key"
    file.write_bytes(seal(as_old_archive(archive), public_key))
    key.write_text(f"{line}\n")
    return file, key


def test_it_comes_back_row_by_row_and_byte_by_byte(
    config: Config, older: tuple[Path, Path], places: MakePlace
) -> None:
    file, key = older
    assert file.read_bytes().startswith(b"UPRBACKUP\1")
    checked = run_with(config, "restore", file, "--private-key", key, "--check")
    assert checked.exit_code == 0, checked.output
    place = places()
    restored = run_with(place, "restore", file, "--private-key", key)
    assert restored.exit_code == 0, restored.output
    assert rows_of(place.DATABASE_URL) == rows_of(config.DATABASE_URL)
    assert files_of(place) == EVIDENCE


def test_a_damaged_one_is_refused_and_nothing_is_written(
    older: tuple[Path, Path], places: MakePlace, tmp_path: Path
) -> None:
    file, key = older
    whole, place, wrong = file.read_bytes(), places(), tmp_path / "wrong.backup"
    middle = len(whole) // 2
    damages = {
        whole[:50]: "cannot be opened with this private key",
        whole[:HEAD]: "is damaged or was cut short",
        whole[: HEAD + EACH + 9]: "is damaged or was cut short",
        whole[: HEAD + 2 * EACH]: "is damaged or was cut short",
        whole[:-1]: "is damaged or was cut short",
        whole + b"\n": "is damaged or was cut short",
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]: "is damaged or was cut short",
        whole[:9] + b"\2" + whole[10:]: "was made by a newer version",
    }
    for content, sentence in damages.items():
        wrong.write_bytes(content)
        check_refused(run_with(place, "restore", wrong, "--private-key", key), sentence)
        assert is_untouched(place), sentence


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_key_of_the_other_time_is_named(
    config: Config, made: Path, private: Path, older: tuple[Path, Path], tmp_path: Path
) -> None:
    file, key = older
    check_refused(
        run_with(config, "restore", file, "--private-key", private, "--check"),
        "This backup is of an older version: it is opened with the private key file of that time, whose line begins "
        "with upr-backup-private-.",
    )
    check_refused(
        run_with(config, "restore", made, "--private-key", key, "--check"),
        "This private key file opens backups of an older version only: this backup is opened with the newer one, "
        "whose line begins with AGE-SECRET-KEY-1.",
    )
    another = tmp_path / "another.key"
    another.write_text(make_old_keys()[1])
    check_refused(
        run_with(config, "restore", file, "--private-key", another, "--check"), "it was made for another one"
    )


@pytest.mark.parametrize("kind", ["sqlite"])
def test_an_old_public_key_is_refused_with_what_to_do_and_a_new_pair_can_be_made(
    config: Config, old_public: str, tmp_path: Path
) -> None:
    """Else an update of the application would end in a circle: the command that makes a pair would not start."""
    given = environment(
        BACKUP_PUBLIC_KEY=old_public, DATABASE_URL=config.DATABASE_URL, KEY_DIR=config.KEY_DIR
    )
    refused = subprocess.run(
        command("backup", str(tmp_path / "x")), env=given, capture_output=True, text=True
    )
    assert (refused.returncode, refused.stdout, refused.stderr.splitlines()) == (
        2,
        "",
        [
            "BACKUP_PUBLIC_KEY is of an older version: make a new pair with “flask make-backup-keys” and set what it "
            "prints. Keep the old private key file: it still opens the older backups."
        ],
    )
    made = subprocess.run(
        command("make-backup-keys", str(tmp_path / "new.key")), env=given, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    public = made.stdout.strip().removeprefix("BACKUP_PUBLIC_KEY=")
    assert replace(config, BACKUP_PUBLIC_KEY=public).reasons() == []
