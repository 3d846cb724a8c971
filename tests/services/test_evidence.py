"""Bytes follow their rows: committed, rolled back, crashed in between, added and removed at once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from tests import cast as people
from tests.cast import NOW, Cast
from tests.databases import KEYS, Templates
from tests.evidence_files import PDF, pdf_with
from tests.programs import LONGEST
from tracker.database import Database
from tracker.failures import StorageUnavailable
from tracker.models.evidence import Evidence, Visibility
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.evidence.attachments import Limits, Upload, attach_to_update
from tracker.services.evidence.stored_bytes import remove_leftovers
from tracker.services.updates.workflow import discard_update
from tracker.storage import Storage

LIMITS = Limits(1_000_000, 5_000_000)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "storage")


@pytest.fixture
def database(url: str, storage: Storage) -> Iterator[Database]:
    found = Database(url, KEYS, storage)
    yield found
    found.dispose()


def attach(database: Database, cast: Cast, content: bytes = PDF, then: str = "", ref: str = "A12.1") -> UUID:
    """A new draft with a file, in one transaction."""
    with database.transaction() as session:
        update = people.make_update(session, cast, UpdateState.DRAFT, ref)
        uploads = [Upload("a.pdf", content)]
        attach_to_update(session, cast["focal_point"], update, uploads, Visibility.PUBLIC, LIMITS, NOW)
        if then:
            raise RuntimeError(then)
        return update.id


def discard(database: Database, cast: Cast, update: UUID) -> None:
    with database.transaction() as session:
        found = session.get_one(ProgressUpdate, update)
        discard_update(session, cast["focal_point"], found, NOW)


def test_a_transaction_that_fails_leaves_no_bytes(database: Database, cast: Cast, storage: Storage) -> None:
    with pytest.raises(RuntimeError, match="the power goes"):
        attach(database, cast, then="the power goes")
    assert [*storage.list_names()] == []
    attach(database, cast)
    assert len([*storage.list_names()]) == 1


def test_one_that_fails_takes_nothing_from_those_that_name_the_same_bytes(
    database: Database, cast: Cast, storage: Storage
) -> None:
    update = attach(database, cast)
    with pytest.raises(RuntimeError, match="the power goes"):
        attach(database, cast, then="the power goes")
    assert len([*storage.list_names()]) == 1
    discard(database, cast, update)
    assert [*storage.list_names()] == []


def test_bytes_that_are_named_again_while_they_are_removed_stay(
    database: Database, cast: Cast, storage: Storage
) -> None:
    """Many times over, one adds a file while another removes the same: no row is ever left without its bytes."""
    for _ in range(8):
        first = attach(database, cast)
        made: list[UUID] = []
        threads = [
            threading.Thread(target=lambda gone=first: discard(database, cast, gone)),
            threading.Thread(target=lambda into=made: into.append(attach(database, cast, ref="A12.2"))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONGEST)
        assert len(made) == 1
        with database.reading() as session:
            assert set(session.scalars(select(Evidence.sha256))) == set(storage.list_names()) != set()
        discard(database, cast, made[0])


def test_bytes_go_although_somebody_looked_at_what_is_in_question_before_their_rows_were_gone(
    database: Database, cast: Cast, storage: Storage
) -> None:
    update = attach(database, cast)

    def look() -> None:
        with database.reading() as session:
            remove_leftovers(session)

    another = threading.Thread(target=look)
    with database.transaction() as session:
        discard_update(session, cast["focal_point"], session.get_one(ProgressUpdate, update), NOW)
        another.start()
        another.join(0.3)
    another.join(LONGEST)
    assert [*storage.list_names()] == []


@pytest.mark.parametrize("is_new", [True, False])
def test_two_who_attach_at_once_for_one_organisation_do_not_lock_each_other(
    database: Database, cast: Cast, storage: Storage, is_new: bool
) -> None:
    """Both take a place in the history and the room of their organisation, in one order."""
    with database.transaction() as session:
        older = people.make_update(session, cast, UpdateState.DRAFT).id

    def attach_another() -> None:
        with database.transaction() as session:
            update = (
                people.make_update(session, cast, UpdateState.DRAFT)
                if is_new
                else session.get_one(ProgressUpdate, older)
            )
            uploads = [Upload("b.pdf", pdf_with(b"b"))]
            attach_to_update(session, cast["focal_point"], update, uploads, Visibility.PUBLIC, LIMITS, NOW)

    colleague = threading.Thread(target=attach_another)
    with database.transaction() as session:
        update = people.make_update(session, cast, UpdateState.DRAFT)
        colleague.start()
        colleague.join(0.3)  # it is as far as it comes: in the history nobody passes
        uploads = [Upload("a.pdf", PDF)]
        attach_to_update(session, cast["focal_point"], update, uploads, Visibility.PUBLIC, LIMITS, NOW)
    colleague.join(LONGEST)
    assert len([*storage.list_names()]) == 2


def test_at_night_what_a_crash_left_behind_goes_and_the_rest_stays(
    database: Database, cast: Cast, storage: Storage
) -> None:
    attach(database, cast)
    [named] = storage.list_names()
    storage.keep(b"of a process that died before its commit")
    storage.mark_pending(named)  # and of one that died before it had looked
    with database.transaction() as session:
        assert remove_leftovers(session) == 1
        assert remove_leftovers(session) == 0
    assert [*storage.list_names()] == [named]
    assert storage.list_pending() == []


def test_another_database_does_not_empty_the_folder(
    database: Database, cast: Cast, storage: Storage, templates: Templates
) -> None:
    """Somebody starts with a wrong DATABASE_URL: what is settled stays."""
    attach(database, cast)
    other = Database(templates.copy("sqlite", "cast"), KEYS, storage)
    with other.transaction() as session:
        assert remove_leftovers(session) == 0
    assert len([*storage.list_names()]) == 1
    other.dispose()


def test_without_a_storage_folder_nothing_is_pretended(url: str, cast: Cast) -> None:
    bare = Database(url, KEYS)
    with bare.transaction() as session, pytest.raises(StorageUnavailable):
        remove_leftovers(session)
    bare.dispose()
