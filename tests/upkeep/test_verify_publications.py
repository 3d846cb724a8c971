"""Published updates never change: what is done to them in the database is noticed, and named."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, make_update
from tracker.database import Database
from tracker.failures import PublicationBroken
from tracker.models.evidence import Evidence, Visibility
from tracker.models.history import HistoryLine
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.updates.workflow import publish_update
from tracker.upkeep import verify_publications as walk
from tracker.upkeep.verify_publications import VerifiedPublications, verify_publications

ROWS = ProgressUpdate.__table__
UNSEEN = {"id", "author_id", "comment", "recorded_at", "submitted_at", "validated_at", "version", "state"}
"""What no reader takes from a published update; `id` and `state` are tried apart."""


@pytest.fixture
def published(database: Database, cast: Cast) -> Database:
    with database.transaction() as session:
        for state in (*UpdateState, UpdateState.PUBLISHED, UpdateState.PUBLISHED):
            make_update(session, cast, state, now=NOW + timedelta(microseconds=7))
    return database


@pytest.fixture
def connection(published: Database) -> Iterator[Connection]:
    """What is done on it is never committed."""
    with published.engine.connect() as found:
        yield found


def prove(connection: Connection) -> VerifiedPublications:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        return verify_publications(session)


def fault_of(connection: Connection) -> tuple[str, str]:
    with pytest.raises(PublicationBroken) as raised:
        prove(connection)
    return raised.value.subject, raised.value.fault


def one(connection: Connection, state: UpdateState = UpdateState.PUBLISHED) -> Any:
    return connection.execute(select(ROWS).where(ROWS.c.state == state).order_by(ROWS.c.id)).first()


@pytest.mark.parametrize("chunk", [1, 2, 200])
def test_every_published_update_says_what_was_published(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(walk, "CHUNK", chunk)
    assert prove(connection) == VerifiedPublications(published=3, proven=3)


def test_a_change_of_any_column_that_readers_see_is_named(connection: Connection) -> None:
    row = one(connection)
    tried = set()
    for column in ROWS.columns:
        if column.name in UNSEEN:
            continue
        old = getattr(row, column.name)
        value = {
            "action_point_id": row.action_point_id + 1,
            "organisation_id": row.organisation_id + 1,
            "level": "planned",
            "led": False,
            "has_files": not row.has_files,
            "published_at": row.published_at + timedelta(microseconds=1),
        }.get(column.name)
        if value is None:
            value = old + timedelta(days=1) if hasattr(old, "year") else f"{old}."
        with connection.begin_nested() as undone:
            connection.execute(update(ROWS).where(ROWS.c.id == row.id).values({column.name: value}))
            assert fault_of(connection) == (f"update {row.id}", "changed"), column.name
            undone.rollback()
        tried.add(column.name)
    assert len(tried) == 15


def test_one_that_was_removed_is_named(connection: Connection) -> None:
    row = one(connection)
    connection.execute(delete(ROWS).where(ROWS.c.id == row.id))
    assert fault_of(connection) == (f"update {row.id}", "missing")


def test_one_that_was_taken_back_is_named(connection: Connection) -> None:
    row = one(connection)
    taken_back = {"state": "validated", "published_at": None, "led": None}
    connection.execute(update(ROWS).where(ROWS.c.id == row.id).values(taken_back))
    assert fault_of(connection) == (f"update {row.id}", "missing")


def test_one_that_nobody_published_is_named(connection: Connection) -> None:
    forged = {**one(connection)._mapping, "id": uuid4()}
    connection.execute(insert(ROWS), forged)
    assert fault_of(connection) == (f"update {forged['id']}", "inserted")


def test_a_draft_that_was_made_public_in_the_database_is_named(connection: Connection) -> None:
    row = one(connection, UpdateState.VALIDATED)
    public = {"state": "published", "published_at": NOW, "led": True}
    connection.execute(update(ROWS).where(ROWS.c.id == row.id).values(public))
    assert fault_of(connection) == (f"update {row.id}", "inserted")


def test_updates_of_an_older_version_are_counted_as_not_compared(connection: Connection) -> None:
    row = one(connection)
    lines = update(HistoryLine).where(HistoryLine.subject == f"update {row.id}")
    connection.execute(lines.values(after={"state": "published"}))
    assert prove(connection) == VerifiedPublications(published=3, proven=2)


@pytest.fixture
def with_files(database: Database, cast: Cast) -> UUID:
    """Published with two files."""
    with database.transaction() as session:
        made = make_update(session, cast, UpdateState.VALIDATED)
        for name in ("letter", "table"):
            session.add(Evidence(**evidence(name, update_id=made.id)))
        made.has_files = True
        session.flush()
        publish_update(session, cast["coordinator"], made, NOW)
        return made.id


def evidence(name: str, update_id: UUID) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "update_id": update_id,
        "sha256": sha256(name.encode()).hexdigest(),
        "name": f"{name}.pdf",
        "media_type": "application/pdf",
        "size_bytes": 7,
        "visibility": Visibility.PUBLIC,
        "added_at": NOW,
    }


def test_a_file_that_was_changed_removed_or_added_behind_a_published_update_is_named(
    database: Database, with_files: UUID
) -> None:
    files, subject = Evidence.__table__, f"update {with_files}"
    one_file = files.c.name == "letter.pdf"
    more = evidence("another", update_id=with_files)
    actions = [delete(files).where(one_file), insert(files).values(more)]
    for changed in (
        {"name": "other.pdf"},
        {"sha256": "0" * 64},
        {"media_type": "text/csv"},
        {"size_bytes": 8},
        {"visibility": "confidential"},
    ):
        actions.append(update(files).where(one_file).values(changed))
    with database.engine.connect() as connection:
        assert prove(connection) == VerifiedPublications(published=1, proven=1)
        for action in actions:
            with connection.begin_nested() as undone:
                connection.execute(action)
                assert fault_of(connection) == (subject, "changed"), str(action)
                undone.rollback()


def test_a_file_behind_an_update_that_was_published_without_any_is_named(connection: Connection) -> None:
    row = one(connection)
    connection.execute(insert(Evidence.__table__).values(evidence("late", update_id=row.id)))
    assert fault_of(connection) == (f"update {row.id}", "changed")


def test_files_of_an_older_version_are_not_compared_and_not_counted_as_proven(
    database: Database, with_files: UUID
) -> None:
    with database.engine.connect() as connection:
        lines = select(HistoryLine.after).where(HistoryLine.verb == "publish_update")
        after = connection.scalars(lines).one()
        older = {name: said for name, said in after.items() if name != "files"}
        connection.execute(
            update(HistoryLine).where(HistoryLine.verb == "publish_update").values(after=older)
        )
        assert prove(connection) == VerifiedPublications(published=1, proven=0)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_value_that_its_column_cannot_hold_is_a_change(connection: Connection) -> None:
    row = one(connection)
    connection.exec_driver_sql("UPDATE progress_updates SET as_of_on = 'soon' WHERE id = ?", (row.id.hex,))
    assert fault_of(connection) == (f"update {row.id}", "changed")
