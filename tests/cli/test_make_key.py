"""flask make-key: a new key, or what a new instance needs, and never anything over what is there."""

from dataclasses import replace
from pathlib import Path

from flask import Flask

from config import Config
from tests.cli.refusals import Run, check_refused
from tests.cli.test_commands import run_with
from tracker.keys import read_keys, read_or_make_keys


def test_make_key_seals_anew_and_forgets_nothing(config: Config, tmp_path: Path) -> None:
    new = replace(config, KEY_DIR=str(tmp_path / "keys"))
    first = read_or_make_keys(tmp_path / "keys").seal("email", "a@example.org")
    made = run_with(new, "make-key")
    assert made.stdout.startswith(f"{tmp_path / 'keys' / '2.key'} made. Copy it to a safe place")
    assert "Start the server and the scheduler again" in made.stdout
    # When only the first is asked for, nothing more is made
    assert run_with(new, "make-key", "--first").exit_code == 0
    secret = Path(config.SECRET_KEY_FILE).read_text()
    assert run_with(new, "make-key", "--first").stdout == ""
    assert Path(config.SECRET_KEY_FILE).read_text() == secret
    assert len(secret.strip()) >= 32
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["1.key", "2.key"]
    assert read_keys(tmp_path / "keys").open("email", first) == "a@example.org"


def test_a_key_that_cannot_be_written_is_one_sentence(
    app: Flask, run: Run, config: Config, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    app.config["TRACKER"] = replace(config, KEY_DIR=str(tmp_path / "file" / "keys"))
    check_refused(run("make-key"), f"No key was made in {tmp_path / 'file' / 'keys'}: ")


def test_a_secret_that_cannot_be_written_is_named_itself(
    app: Flask, run: Run, config: Config, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    secret = tmp_path / "file" / "secret-key"
    app.config["TRACKER"] = replace(config, SECRET_KEY_FILE=str(secret))
    check_refused(run("make-key", "--first"), f"{secret} cannot be made: ")
