"""A file that waits: while it is read, somebody may ask for something else."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.services.imports.files import COLUMNS, ROWS, items_of, open_empty, table
from tracker.database import Database
from tracker.exchange.imports.rows import Column, Layout
from tracker.jobs.context import JobContext
from tracker.jobs.read_imports import read_waiting
from tracker.language import PSEUDO, speaking
from tracker.models.imports import Import, ImportState
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.services.imports.reading import prepare_reading, read_file, store_read
from tracker.services.imports.uploads import (
    FileSent,
    choose_columns,
    name_state,
    upload_import,
    wait_again,
)

pytestmark = pytest.mark.database
Deed = Callable[[Session, Actor, Import], None]


def uploaded(session: Session, cast: Cast) -> Import:
    rows = [*ROWS, ("140.11", "Repair the clock on the town hall", "Ruritania", "Noted", "")]
    sent = FileSent("list.xlsx", table(rows), Layout.TABLE)
    return upload_import(session, cast["coordinator"], open_empty(session), sent, None, NOW)


def other_columns(session: Session, actor: Actor, found: Import) -> None:
    choose_columns(session, actor, found, (Column.REF, Column.TEXT))


def other_format(session: Session, actor: Actor, found: Import) -> None:
    wait_again(session, actor, found, Layout.UPR_INFO)


def a_state(session: Session, actor: Actor, found: Import) -> None:
    name_state(session, actor, found, "Ruritania", "FJI", NOW)


@pytest.mark.parametrize("deed", [other_columns, other_format, a_state])
def test_what_was_asked_before_is_not_stored_over_what_is_asked_now(
    session: Session, cast: Cast, deed: Deed
) -> None:
    found = uploaded(session, cast)
    choose_columns(session, cast["coordinator"], found, COLUMNS)
    before = prepare_reading(session, found, 100)
    outcome = read_file(before)
    deed(session, cast["coordinator"], found)
    store_read(session, found.id, before, outcome)
    assert (found.state, items_of(session, found)) == (ImportState.WAITING, [])
    by_now = prepare_reading(session, found, 100)
    store_read(session, found.id, by_now, read_file(by_now))
    assert found.state == (ImportState.REFUSED if deed is other_format else ImportState.READ)


def test_the_job_reads_in_the_language_of_whoever_sent_the_file(database: Database, cast: Cast) -> None:
    with database.transaction() as session, speaking(PSEUDO):
        found = uploaded(session, cast)
        choose_columns(session, cast["coordinator"], found, COLUMNS)
        scan = FileSent("scan.pdf", b"%PDF-1.7 and so on")
        refused = upload_import(
            session, cast["coordinator"], session.get_one(Review, found.review_id), scan, None, NOW
        )
        ids = (found.id, refused.id)
    context = JobContext(database, "", "", "", "Asia/Bishkek")
    assert read_waiting(context, NOW.date(), NOW) == "2 files read"
    with database.reading() as session:
        read, not_read = (session.get_one(Import, each) for each in ids)
        sentences = [problem[1] for item in items_of(session, read) for problem in item.problems]
        assert [each[0] for each in (*sentences, not_read.problem)] == ["⟦"] * 2
