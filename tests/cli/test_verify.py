"""flask verify: proves the history, prints what to keep, and names the first line that is wrong."""

from pathlib import Path

import pytest

from config import Config
from tests.cast import Cast, make_update
from tests.cli.backup.places import EVIDENCE, add_evidence, place_of
from tests.cli.refusals import Run, check_refused
from tests.stories.pages import ask, tell
from tracker.database import Database
from tracker.models.updates import UpdateState
from tracker.storage import Storage

pytestmark = pytest.mark.database


def newest(database: Database) -> tuple[int, str]:
    [[number, hash_]] = ask(database, "SELECT id, hash FROM history_lines ORDER BY id DESC LIMIT 1")
    return number, hash_


def test_verify_tells_how_many_lines_there_are_and_what_to_keep(run: Run, database: Database) -> None:
    number, noted = newest(database)
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert f"History: {number} lines, all as they were written." in result.stdout
    assert f"Newest line: 2026-11-22, hash {noted}\n" in result.stdout


def test_verify_finds_hashes_that_were_noted_whole_or_short(run: Run, database: Database) -> None:
    [[first]] = ask(database, "SELECT hash FROM history_lines WHERE id = 1")
    result = run("verify", "--expect", first[:16].upper(), "--expect", newest(database)[1])
    assert result.exit_code == 0, result.output


def test_verify_misses_lines_that_were_cut_off_with_their_count(run: Run, database: Database) -> None:
    number, noted = newest(database)
    tell(database, "DELETE FROM history_lines WHERE id = :number", number=number)
    tell(database, "UPDATE history_heads SET number = number - 1")
    assert run("verify").exit_code == 0
    check_refused(run("verify", "--expect", noted), f"no line has the hash {noted}. Lines were cut off")


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ("UPDATE history_lines SET sentence = 'nobody did' WHERE id = 3", "line 3 was changed"),
        ("DELETE FROM history_lines WHERE id = 3", "line 3 is missing"),
        ("UPDATE history_lines SET id = 99 WHERE id = 3", "line 3 is not in its place"),
        ("UPDATE history_lines SET id = -1 WHERE id = 1", "line -1 was inserted later"),
    ],
)
def test_verify_names_the_first_wrong_line(run: Run, database: Database, action: str, sentence: str) -> None:
    tell(database, action)
    check_refused(run("verify"), f"History: {sentence}")


@pytest.mark.parametrize("typed", ["", "12ab", "no hash at all, no no", "0" * 65])
def test_verify_refuses_what_is_no_hash(run: Run, typed: str) -> None:
    check_refused(run("verify", "--expect", typed), "is no hash: give at least its first 16")


def test_verify_names_a_published_update_that_was_changed(run: Run, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        update = make_update(session, cast, UpdateState.PUBLISHED).id
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "Published updates: 1, none changed, added or removed.\n" in result.stdout
    tell(database, "UPDATE progress_updates SET done = 'Nothing.'")
    check_refused(
        run("verify"), f"Published updates: update {update} does not say any more what was published"
    )


@pytest.mark.parametrize("filled", ["empty"])
def test_verify_before_the_first_action(run: Run) -> None:
    result = run("verify")
    assert (result.exit_code, result.stdout) == (
        0,
        "History: no line was written yet.\nPublished updates: 0, none changed, added or removed.\n"
        "Evidence files: 0, all there and as they were stored.\n",
    )


@pytest.fixture
def files(config: Config) -> list[Path]:
    """What two entries keep."""
    add_evidence(config)
    return [Path(config.STORAGE_DIR, each) for each in sorted(EVIDENCE)]


def test_verify_proves_every_file_of_evidence_and_names_the_first_that_is_missing_or_changed(
    run: Run, files: list[Path]
) -> None:
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith("Evidence files: 3, all there and as they were stored.\n")
    files[2].unlink()
    said = "restore a backup elsewhere and copy this file back."
    check_refused(run("verify"), f"{'/'.join(files[2].parts[-3:])} in STORAGE_DIR is missing: {said}")
    files[0].write_bytes(b"something else")
    check_refused(run("verify"), f"{'/'.join(files[0].parts[-3:])} in STORAGE_DIR was changed after it was")


def test_verify_notes_files_without_an_entry_and_leaves_them(
    run: Run, files: list[Path], config: Config
) -> None:
    stray, content = Path(config.STORAGE_DIR, place_of(b"stray")), b"stray"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(content)
    # What somebody adds just now, or a crash left, is looked at by the service itself
    Storage(Path(config.STORAGE_DIR)).keep(b"of somebody who is at work")
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert (
        f"Note: 1 files in STORAGE_DIR belong to no entry, for example {place_of(content)}." in result.stdout
    )
    assert stray.read_bytes() == content


def test_verify_says_which_file_it_cannot_read(run: Run, files: list[Path]) -> None:
    files[1].unlink()
    files[1].symlink_to("/proc/self/mem")  # fails when it is read, as a disk does
    check_refused(run("verify"), f"OSError: Input/output error ({files[1].name})")
