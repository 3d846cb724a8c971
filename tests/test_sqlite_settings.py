"""What every connection to SQLite is told, whatever its library would do by itself."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from tracker.database import BUSY_TIMEOUT_MILLISECONDS, Database

FULL = 2
"""SQLite's number for `synchronous`: what was committed is on the disk."""
TOLD = {
    "journal_mode": "wal",
    "synchronous": FULL,
    "foreign_keys": 1,
    "busy_timeout": BUSY_TIMEOUT_MILLISECONDS,
    "secure_delete": 1,
}
OPPOSITE = {
    "journal_mode": "delete",
    "synchronous": 0,
    "foreign_keys": 0,
    "busy_timeout": 0,
    "secure_delete": 0,
}


def spoil(connection: sqlite3.Connection, _record: Any) -> None:
    for name, value in OPPOSITE.items():
        connection.execute(f"PRAGMA {name} = {value}")


@pytest.fixture
def spoiled(tmp_path: Path) -> Iterator[Database]:
    """Each connection opens with the opposite of what we want: some libraries begin with our values, and there a
    setting that nobody makes any more would be missed by nobody."""
    database = Database(f"sqlite:///{tmp_path / 'any.sqlite3'}")
    event.listen(database.engine, "connect", spoil, insert=True)
    yield database
    database.dispose()


@pytest.mark.parametrize("way", ["reading", "writing"])
@pytest.mark.parametrize("name", TOLD)
def test_who_reads_and_who_writes_is_told_all_five(spoiled: Database, way: str, name: str) -> None:
    with getattr(spoiled, way)() as session:
        assert session.scalar(text(f"PRAGMA {name}")) == TOLD[name]


def test_a_transaction_with_a_timeout_is_told_the_same(spoiled: Database) -> None:
    with spoiled.transaction(timeout=0.5) as session:
        assert {name: session.scalar(text(f"PRAGMA {name}")) for name in TOLD} == TOLD
