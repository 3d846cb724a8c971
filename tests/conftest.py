"""The databases, the application and the cast. Every test that opens a session runs on SQLite and PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from flask import Flask, g, request, template_rendered
from sqlalchemy.orm import Session

from config import ROOT, Config
from tests import cast as people
from tests.servers import PostgreSQL, postgresql
from tests.strict_client import StrictClient
from tracker.app import create_app
from tracker.cli import alembic_config
from tracker.database import Database
from tracker.services.demo_seed import seed_demonstration
from tracker.services.passphrases import CHEAP
from tracker.services.seed import seed_reference

KINDS = ("sqlite", "postgresql")
SEED = ROOT / "seed"


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
    with postgresql(folder) as found:
        yield found


@dataclass
class Templates:
    """Databases that are made once and copied for each test: `empty` (tables only), `cast`, `demo`."""

    folder: Path
    server: Callable[[], PostgreSQL]
    made: set[tuple[str, str]]

    def copy(self, kind: str, name: str) -> str:
        if (kind, name) not in self.made:
            self._make(kind, name)
            self.made.add((kind, name))
        if kind == "sqlite":
            target = self.folder / f"{uuid4().hex}.sqlite3"
            shutil.copy(self.folder / f"{name}.sqlite3", target)
            return f"sqlite:///{target}"
        return self.server().copy(f"template_{name}", f"t{uuid4().hex}")

    def _make(self, kind: str, name: str) -> None:
        if kind == "sqlite":
            url = f"sqlite:///{self.folder / name}.sqlite3"
        else:
            self.server().execute(f"CREATE DATABASE template_{name}")
            url = self.server().url(f"template_{name}")
        command.upgrade(alembic_config(url), "head")
        database = Database(url)
        with database.transaction() as session:
            if name != "empty":
                seed_reference(session, SEED / "reference", people.TODAY, people.NOW)
            if name == "cast":
                people.lay_cast(session)
            if name == "demo":
                seed_demonstration(session, SEED / "demo", people.NOW, CHEAP)
        if kind == "sqlite":
            with database.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # a checkpoint needs to stand outside a transaction
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        database.dispose()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Templates:
    return Templates(tmp_path_factory.mktemp("databases"), lambda: request.getfixturevalue("server"), set())


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def filled() -> str:
    """What the database holds; a test module overrides it with `empty` or `demo`."""
    return "cast"


@pytest.fixture
def url(kind: str, filled: str, templates: Templates) -> Iterator[str]:
    found = templates.copy(kind, filled)
    yield found
    if kind == "postgresql":
        templates.server().execute(f"DROP DATABASE {found.rpartition('/')[2]} WITH (FORCE)")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    found = Database(url)
    yield found
    found.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as found:
        yield found


@pytest.fixture
def cast(database: Database) -> people.Cast:
    with database.reading() as found:
        return people.read_cast(found)


@pytest.fixture
def config(url: str, tmp_path: Path) -> Config:
    return Config(
        TRACKER_ENV="testing",
        DATABASE_URL=url,
        SECRET_KEY="for-tests-only-" * 3,
        BASE_URL="http://localhost",
        MAIL_URL=f"file://{tmp_path / 'mail'}",
        DEMO_ACCOUNTS_FILE=str(tmp_path / "demo-accounts.json"),
    )


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    found = create_app(config)
    found.test_client_class = StrictClient
    with template_rendered.connected_to(_check_clean, found):
        yield found
    found.extensions["database"].dispose()


def _check_clean(_app: Flask, **_: Any) -> None:
    """A page that is read changes nothing."""
    if request.method == "GET" and "session" in g:
        touched = [*g.session.new, *g.session.dirty, *g.session.deleted]
        assert not touched, f"{request.path} changed {touched}"


@pytest.fixture
def client(app: Flask) -> StrictClient:
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def signed_in(app: Flask) -> Callable[[str], StrictClient]:
    """A client of its own for somebody of the cast."""

    def sign_in(handle: str) -> StrictClient:
        found: StrictClient = app.test_client()  # type: ignore[assignment]
        answer = found.sign_in(handle, people.PASSPHRASE)
        assert answer.status_code == 303, f"{handle} could not sign in"
        return found

    return sign_in


def needs(program: str) -> pytest.MarkDecorator:
    """Skips, with the reason, where a program is missing; `REQUIRE_ALL` makes that a failure."""
    is_missing = shutil.which(program) is None and not os.environ.get("REQUIRE_ALL")
    return pytest.mark.skipif(
        is_missing, reason=f"{program} is not installed (Debian: apt-get install {program})"
    )
