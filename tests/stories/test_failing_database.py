"""A full or stopped database: a plain page, one line in the log, nothing half done, and then all goes on."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text
from werkzeug.test import TestResponse

from config import Config
from tests.cast import PASSPHRASE
from tests.databases import Templates
from tests.servers import PostgreSQL, postgresql
from tests.stories.pages import row_counts
from tests.stories.updates import NEW, TEXT
from tests.strict_client import SignIn, StrictClient, find_form, text_of
from tracker.app import create_app
from tracker.database import Database
from tracker.failures import NotFound
from tracker.models.updates import ProgressUpdate
from tracker.web.transactions import session

pytestmark = pytest.mark.database


def _is_plain(answer: TestResponse, retry_after: str | None = "10") -> None:
    assert answer.status_code == 503
    assert answer.headers.get("Retry-After") == retry_after
    assert "The site cannot answer at the moment" in text_of(answer)
    assert "psycopg" not in answer.get_data(as_text=True).lower()
    assert "Traceback" not in answer.get_data(as_text=True)


def _one_cause(caplog: pytest.LogCaptureFixture, *words: str) -> None:
    """Exactly one line since the last look, without a traceback, and it names the cause."""
    lines = [line for line in caplog.records if line.levelno >= logging.WARNING]
    assert len(lines) == 1, caplog.text
    said = lines[0].getMessage()
    assert said.startswith("database unavailable: ")
    assert any(word in said for word in words), said
    assert lines[0].exc_info is None
    assert "\n" not in said
    caplog.clear()


def test_a_fault_of_the_database_is_logged_without_what_was_written(
    app: Flask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "the witness lives beside the mill"

    def broken() -> str:
        with database.transaction() as session:
            session.add(ProgressUpdate(reason=secret))
        return ""

    app.add_url_rule("/broken", view_func=broken)
    assert app.test_client().get("/broken").status_code == 500
    assert "unexpected IntegrityError" in caplog.text
    assert secret not in caplog.text


def test_a_fault_of_ours_is_logged_without_what_its_message_says(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "the witness lives beside the mill"

    def broken() -> str:
        raise ValueError(f"{secret} is no date")

    app.add_url_rule("/broken", view_func=broken)
    assert app.test_client().get("/broken").status_code == 500
    assert "unexpected ValueError" in caplog.text
    assert secret not in caplog.text


def test_with_the_key_folder_of_another_database_the_public_reads_and_nobody_signs_in(
    config: Config, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = create_app(replace(config, KEY_DIR=str(tmp_path / "other-keys")))
    other.test_client_class = StrictClient
    client: StrictClient = other.test_client()  # type: ignore[assignment]
    assert client.get("/").status_code == 200
    opened = client.get("/sign-in")
    caplog.clear()
    answer = client.send_from(opened, handle="focal_point", passphrase=PASSPHRASE)
    other.extensions["database"].dispose()
    _is_plain(answer, retry_after=None)
    [line] = [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING]
    assert line.startswith("key folder: The key folder belongs to another database")


class TestFullDisk:
    """SQLite may not grow beyond its present pages."""

    @pytest.fixture(params=["sqlite"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_reading_goes_on_and_writing_is_refused_until_there_is_room(
        self, app: Flask, signed_in: SignIn, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        # Given somebody who is writing when the disk fills up
        client = signed_in("focal_point")
        opened = client.get(NEW)
        before = row_counts(database)
        ours = app.extensions["database"]
        limits = {"pages": 1}

        def fill(connection: sqlite3.Connection, *_: Any) -> None:
            connection.execute(f"PRAGMA max_page_count = {limits['pages']}")

        event.listen(ours.engine, "connect", fill)
        ours.dispose()
        # When the draft is sent, long enough to need a new page
        caplog.clear()
        long = {**TEXT, "done": "A long account of what was done. " * 500}
        answer = client.send_from(opened, None, "keep", **long)
        # Then a plain page, one line in the log, and nothing is stored
        _is_plain(answer)
        _one_cause(caplog, "database or disk is full")
        assert row_counts(database) == before
        # And reading goes on
        assert client.get("/recommendations/KGZ-3/A12").status_code == 200
        assert find_form(client.get(NEW), None) is not None
        assert caplog.records == []
        # When there is room again, the same form is taken
        limits["pages"] = 100_000
        ours.dispose()
        assert client.send_from(opened, None, "keep", **long).status_code == 303
        assert row_counts(database)["progress_updates"] == before["progress_updates"] + 1

    def test_a_long_lock_is_told_as_a_plain_page(
        self, app: Flask, signed_in: SignIn, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        client = signed_in("focal_point")
        opened = client.get(NEW)
        engine = app.extensions["database"].engine
        event.listen(engine, "connect", lambda found, _: found.execute("PRAGMA busy_timeout = 50"))
        app.extensions["database"].dispose()
        with closing(sqlite3.connect(str(engine.url.database))) as writer:  # no web server: it knows no queue
            writer.execute("BEGIN IMMEDIATE")
            caplog.clear()
            _is_plain(client.send_from(opened, None, "keep", **TEXT))
            _one_cause(caplog, "database is locked")
        assert client.send_from(opened, None, "keep", **TEXT).status_code == 303


class TestStoppedServer:
    """A PostgreSQL of its own is stopped and started under a running application."""

    @pytest.fixture(params=["postgresql"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def own_server(self) -> Iterator[PostgreSQL]:
        with postgresql() as found:
            yield found

    @pytest.fixture
    def url(self, own_server: PostgreSQL, tmp_path: Path) -> str:
        folder = tmp_path / "own-templates"
        folder.mkdir()
        return Templates(folder, folder, lambda: own_server).copy("postgresql", "cast")

    def test_everything_is_closed_while_it_is_stopped_and_goes_on_afterwards(
        self,
        app: Flask,
        signed_in: SignIn,
        database: Database,
        own_server: PostgreSQL,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        # Given a reader and somebody who is writing when the server stops
        client, reader, leaving = signed_in("focal_point"), app.test_client(), signed_in("lead")
        opened, left = client.get(NEW), leaving.get("/work")
        assert reader.get("/").status_code == 200
        before = row_counts(database)
        database.dispose()
        own_server.stop()
        caplog.clear()
        try:
            # When pages are read, signed in or not, and a draft is sent
            for ask_for in (
                lambda: reader.get("/"),
                lambda: reader.get("/recommendations"),
                lambda: client.get("/work"),
                lambda: client.send_from(opened, None, "keep", **TEXT),
            ):
                # Then each gets a plain page and one line in the log
                _is_plain(ask_for())
                _one_cause(caplog, "terminating connection", "connection", "refused", "closed")
            # And who leaves is led away at once
            assert leaving.send_from(left, "/protection/leave").status_code == 303
            assert leaving.get_cookie("sign-in") is None
            _one_cause(caplog, "terminating connection", "connection", "refused", "closed")
            # And what needs no database is still there
            with reader.get("/static/app.css") as answer:
                assert answer.status_code == 200
        finally:
            own_server.start()
        # When it runs again, the very next requests work, and nothing was half done
        caplog.clear()
        assert reader.get("/").status_code == 200
        assert client.get("/work").status_code == 200
        assert row_counts(database) == before
        assert client.send_from(opened, None, "keep", **TEXT).status_code == 303
        assert row_counts(database)["progress_updates"] == before["progress_updates"] + 1
        assert [line for line in caplog.records if line.levelno >= logging.WARNING] == []

    def test_a_restart_between_two_requests_is_not_noticed(
        self, app: Flask, signed_in: SignIn, own_server: PostgreSQL, caplog: pytest.LogCaptureFixture
    ) -> None:
        client = signed_in("focal_point")
        assert client.get("/work").status_code == 200
        own_server.stop()
        own_server.start()
        caplog.clear()
        assert client.get("/work").status_code == 200
        assert [line for line in caplog.records if line.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_database_that_goes_away_after_the_answer_was_made_changes_no_answer(
    app: Flask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def refused() -> str:
        number = session().scalar(text("SELECT pg_backend_pid()"))
        with database.transaction() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        raise NotFound

    app.add_url_rule("/refused", view_func=refused)
    assert app.test_client().get("/refused").status_code == 404
    _one_cause(caplog, "terminating connection", "closed the connection", "connection is lost")
    assert app.test_client().get("/").status_code == 200
