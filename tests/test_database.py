"""What the database says when it refuses: the cause, never the values; and whom it lets write."""

import os
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.programs import LONGEST
from tracker.database import Database
from tracker.failures import DatabaseUnavailable

pytestmark = pytest.mark.database

THREADS = 32
"""Of the web server."""
WRITERS = 4


def test_an_error_of_the_database_never_carries_what_was_written(database: Database) -> None:
    """Errors end in the log, and a draft must not."""
    secret = "the witness lives beside the mill"
    insert = text("INSERT INTO settings (name, value) VALUES ('written_twice', :value)")
    with database.writing() as session:
        session.execute(insert, {"value": secret})
        with pytest.raises(IntegrityError) as caught:
            session.execute(insert, {"value": secret})
    assert secret not in str(caught.value)


def test_everybody_who_is_served_at_once_has_a_connection(database: Database) -> None:
    with ExitStack() as open_ones:  # a pool that is too small gives up after half a minute
        for _ in range(THREADS):
            session = open_ones.enter_context(database.reading())
            assert session.scalar(text("SELECT 1")) == 1


def test_a_server_that_takes_connections_and_says_nothing_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database(f"postgresql://127.0.0.1:{silent.getsockname()[1]}/x")
        given_up: list[DatabaseUnavailable] = []

        def ask() -> None:
            with pytest.raises(DatabaseUnavailable) as caught, database.reading() as session:
                session.scalar(text("SELECT 1"))
            given_up.append(caught.value)

        asking = Thread(target=ask, daemon=True)  # without a limit it would wait for ever
        asking.start()
        asking.join(LONGEST)
    assert given_up
    database.dispose()


class TestVanishedServers:
    """A server without power or network sends no word of it, and the kernel would wait for a quarter of an hour."""

    @pytest.fixture(params=["postgresql"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_a_server_that_vanishes_is_given_up_within_half_a_minute(self, database: Database) -> None:
        """As the kernel holds it; only a machine that is switched off could show more."""
        asks, after, between, tries = (
            (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
            (socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
        )
        held = _options(database, asks, after, between, tries, UNANSWERED)
        assert held[asks] == 1
        assert held[after] + held[between] * held[tries] <= 30, "while we wait for an answer"
        assert 0 < held[UNANSWERED] <= 30_000, "while we send"

    def test_an_address_that_names_another_time_is_believed(self, url: str) -> None:
        database = Database(f"{url}?tcp_user_timeout=45000&connect_timeout=9")
        assert _options(database, UNANSWERED) == {UNANSWERED: 45_000}
        database.dispose()


UNANSWERED = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)


def _options(database: Database, *names: tuple[int, int]) -> dict[tuple[int, int], int]:
    """What the kernel keeps for the connection."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with socket.socket(fileno=os.dup(driver.fileno())) as wire:
            return {each: wire.getsockopt(*each) for each in names}


class TestQueueOfWriters:
    """SQLite lets one write at a time; PostgreSQL needs no queue."""

    @pytest.fixture(params=["sqlite"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_who_has_just_written_lets_the_others_in_first(self, database: Database) -> None:
        """Without a queue, those who write without pause are first again each time, and somebody waits in vain."""
        end, written = Event(), count()

        def write_without_pause() -> None:
            while not end.is_set():
                with database.transaction() as session:
                    session.execute(text("SELECT 1"))
                    sleep(0.02)
                    next(written)

        def count_who_is_first() -> int:
            """How many of the others write between our wish to write and our turn."""
            before = next(written)
            with database.transaction() as session:
                session.execute(text("SELECT 1"))
                return next(written) - before - 1

        with ThreadPoolExecutor(WRITERS) as threads:
            busy = [threads.submit(write_without_pause) for _ in range(WRITERS)]
            try:
                while next(written) < WRITERS:
                    sleep(0.02)
                first = [count_who_is_first() for _ in range(12)]
            finally:
                end.set()
            assert [each.result(LONGEST) for each in busy] == [None] * WRITERS
        # Each of them once, or twice where a busy machine lets one in while we are on our way to the queue
        assert sorted(first)[len(first) // 2] <= 2 * WRITERS, first

    def test_who_waits_too_long_is_told_and_takes_no_turn_away(self, database: Database) -> None:
        with database.writing() as writer:
            writer.connection()
            with (
                pytest.raises(DatabaseUnavailable, match="database is locked"),
                database.transaction(timeout=0.5) as waiting,
            ):
                waiting.connection()
        # The turn that came too late was given back
        _write(database)

    def test_its_file_is_its_owners_alone(self, database: Database, url: str) -> None:
        _write(database)
        assert Path(f"{url.removeprefix('sqlite:///')}-queue").stat().st_mode & 0o777 == 0o600


def _write(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("SELECT 1"))


def test_whoever_may_write_keeps_other_writers_out_from_the_beginning(tmp_path: Path) -> None:
    """Of SQLite: a transaction that reads first and becomes a writer later loses what others wrote meanwhile."""
    path = tmp_path / "any.sqlite3"
    database = Database(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        with database.writing() as session:
            session.execute(text("SELECT 1"))
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        with database.reading() as session:
            session.execute(text("SELECT 1"))
            other.execute("BEGIN IMMEDIATE")
    database.dispose()
