"""The databases, the application and the cast. A test that opens a session runs on
SQLite, and on PostgreSQL every day where the database matters, else in `make nightly`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request, template_rendered
from sqlalchemy.orm import Session

from config import Config
from tests import cast as people
from tests.compiled import cache_addresses, cache_pages
from tests.databases import KEY_FOLDER, Templates, open_database
from tests.selection import pytest_collection_modifyitems
from tests.servers import PostgreSQL, postgresql
from tests.strict_client import SignIn, StrictClient
from tracker import clock
from tracker.app import create_app
from tracker.database import Database
from tracker.identity.sign_ins import begin_sign_in

__all__ = ["pytest_collection_modifyitems"]

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    with postgresql() as started:
        yield started


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Templates:
    folder = tmp_path_factory.mktemp("databases")
    shared = folder.parents[1] if "PYTEST_XDIST_WORKER" in os.environ else folder.parent
    return Templates(folder, shared, lambda: request.getfixturevalue("server"))


@pytest.fixture(scope="session", autouse=True)
def compiled_once(templates: Templates) -> None:
    cache_pages(templates.shared)
    cache_addresses()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def filled() -> str:
    """What the database holds; a test module overrides it with `empty` or `demo`."""
    return "cast"


@pytest.fixture
def url(kind: str, filled: str, templates: Templates) -> Iterator[str]:
    copied = templates.copy(kind, filled)
    yield copied
    if kind == "postgresql":
        templates.server().execute(f"DROP DATABASE {copied.rpartition('/')[2]} WITH (FORCE)")


@pytest.fixture
def database(url: str, config: Config) -> Iterator[Database]:
    opened = open_database(url, Path(config.STORAGE_DIR))
    yield opened
    opened.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def cast(database: Database) -> people.Cast:
    with database.reading() as session:
        return people.read_cast(session)


@pytest.fixture
def config(url: str, kind: str, filled: str, templates: Templates, tmp_path: Path) -> Config:
    if filled == "demo":
        templates.copy_storage(kind, tmp_path / "storage")
    return Config(
        TRACKER_ENV="testing",
        DATABASE_URL=url,
        SECRET_KEY="for-tests-only-" * 3,
        BASE_URL="http://localhost",
        MAIL_URL=f"file://{tmp_path / 'mail'}",
        DEMO_ACCOUNTS_FILE=str(tmp_path / "demo-accounts.json"),
        KEY_DIR=str(KEY_FOLDER),
        STORAGE_DIR=str(tmp_path / "storage"),
        SECRET_KEY_FILE=str(tmp_path / "secret-key"),
    )


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    app.test_client_class = StrictClient
    with template_rendered.connected_to(_check_clean, app):
        yield app
    app.extensions["database"].dispose()


def _check_clean(_app: Flask, **_: Any) -> None:
    """A page that is read changes nothing."""
    if request.method == "GET" and "session" in g:
        touched = [*g.session.new, *g.session.dirty, *g.session.deleted]
        assert not touched, f"{request.path} changed {touched}"


@pytest.fixture
def client(app: Flask) -> StrictClient:
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def signed_in(app: Flask, database: Database) -> SignIn:
    """A client of its own for somebody of the cast, who signed in before the story began."""

    def sign_in(handle: str) -> StrictClient:
        with database.transaction() as session:
            account = people.read_account(session, handle)
            people.give_second_factor(account)
            token = begin_sign_in(session, account.id, clock.now())
        client: StrictClient = app.test_client()  # type: ignore[assignment]
        client.set_cookie("sign-in", token)
        return client

    return sign_in
