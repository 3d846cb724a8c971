"""flask verify: proves the history, prints what to keep, and names the first line that is wrong."""

import pytest

from tests.cast import Cast, make_update
from tests.cli.refusals import Run, check_refused
from tests.stories.pages import ask, tell
from tracker.database import Database
from tracker.models.updates import UpdateState


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
    ("deed", "sentence"),
    [
        ("UPDATE history_lines SET sentence = 'nobody did' WHERE id = 3", "line 3 was changed"),
        ("DELETE FROM history_lines WHERE id = 3", "line 3 is missing"),
        ("UPDATE history_lines SET id = 99 WHERE id = 3", "line 3 is not in its place"),
        ("UPDATE history_lines SET id = -1 WHERE id = 1", "line -1 was inserted later"),
    ],
)
def test_verify_names_the_first_wrong_line(run: Run, database: Database, deed: str, sentence: str) -> None:
    tell(database, deed)
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
def test_verify_before_the_first_deed(run: Run) -> None:
    result = run("verify")
    assert (result.exit_code, result.stdout) == (
        0,
        "History: no line was written yet.\nPublished updates: 0, none changed, added or removed.\n",
    )
