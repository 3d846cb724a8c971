"""A database or folder that cannot be used: every command says so in one sentence with status 2, a page with 503."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from config import Config
from tests.cli.refusals import check_refused
from tests.cli.test_commands import run_with
from tests.databases import Templates
from tests.stories.pages import tell
from tracker.app import create_app
from tracker.database import Database

pytestmark = pytest.mark.database


@pytest.fixture
def bare(kind: str, config: Config, tmp_path: Path, templates: Templates) -> Iterator[Config]:
    """A database without tables."""
    if kind == "sqlite":
        yield replace(config, DATABASE_URL=f"sqlite:///{tmp_path / 'bare.sqlite3'}")
        return
    name = f"t{uuid4().hex}"
    templates.server().execute(f"CREATE DATABASE {name}")
    yield replace(config, DATABASE_URL=templates.server().url(name))
    templates.server().execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("command", [("seed",), ("create-administrator", "somebody")])
def test_a_database_without_tables_is_one_sentence(bare: Config, command: tuple[str, ...]) -> None:
    check_refused(run_with(bare, *command), "did “flask db upgrade” run?")


def test_without_tables_every_page_asks_to_come_back_later(bare: Config) -> None:
    app = create_app(replace(bare, TRACKER_ENV="development", CLOCK_SHIFT_DAYS=0))
    assert app.test_client().get("/").status_code == 503
    app.extensions["database"].dispose()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_database_that_belongs_to_another_user_is_one_sentence(bare: Config, templates: Templates) -> None:
    role = f"r{uuid4().hex}"
    templates.server().execute(f"CREATE ROLE {role} LOGIN")
    other = replace(bare, DATABASE_URL=bare.DATABASE_URL.replace("//tracker@", f"//{role}@"))
    check_refused(
        run_with(other, "db", "upgrade"),
        "The database cannot be used: permission denied for schema public. Is it running, does it belong to the user "
        "in DATABASE_URL",
    )
    templates.server().execute(f"DROP ROLE {role}")


def test_tables_of_a_newer_version_are_left_alone(config: Config, database: Database) -> None:
    tell(database, "UPDATE alembic_version SET version_num = '9999'")
    check_refused(
        run_with(config, "db", "upgrade"), "The tables are of a newer version of this application (9999)"
    )


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("command", [("db", "upgrade"), ("seed",)])
def test_a_file_that_is_no_database_is_one_sentence(
    config: Config, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "notes").write_text("not a database at all, but long enough to be looked at\n" * 100)
    other = replace(config, DATABASE_URL=f"sqlite:///{tmp_path / 'notes'}")
    check_refused(run_with(other, *command), "The database cannot be used: file is not a database.")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_folder_of_the_database_that_cannot_be_made_is_one_sentence(config: Config, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    other = replace(config, DATABASE_URL=f"sqlite:///{tmp_path / 'file' / 'new.sqlite3'}")
    check_refused(run_with(other, "db", "upgrade"), f"{tmp_path / 'file' / 'new.sqlite3'} cannot be made: ")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_key_folder_that_cannot_be_made_is_one_sentence(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit):
        create_app(replace(config, KEY_DIR=str(tmp_path / "file" / "keys")))
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"No key was made in {tmp_path / 'file' / 'keys'}: Not a directory.")
