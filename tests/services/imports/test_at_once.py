"""Two who press the same button at the same moment: one applies, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.cast import NOW, Cast
from tests.programs import LONGEST
from tests.services.imports.files import bring, items_of, matrix, open_empty, preview, table
from tracker.database import Database, Session
from tracker.exchange.imports.rows import Column, Layout
from tracker.failures import BadInput, Failure
from tracker.models.imports import ColumnChoice, Import, ImportState, ItemKind
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import SYSTEM, Actor
from tracker.queries.imports import get_import
from tracker.services.imports.applying import apply_import, undo_import
from tracker.services.imports.uploads import choose_columns, discard_import, take_items, wait_again

pytestmark = pytest.mark.database
ROUNDS = 4
SOON = 0.5
"""Seconds in which somebody gets as far as they can without the other one."""
Deed = Callable[[Session, Actor, Import], None]


def apply(session: Session, actor: Actor, found: Import) -> None:
    apply_import(session, actor, found, NOW)


def undo(session: Session, actor: Actor, found: Import) -> None:
    undo_import(session, actor, found, NOW)


def both(database: Database, cast: Cast, *deeds: tuple[Deed, UUID]) -> list[str]:
    """What each of them is told; an empty text where it was done."""
    line = Barrier(len(deeds))

    def run(deed: Deed, import_id: UUID) -> str:
        with database.reading() as session:
            session.get_one(Import, import_id)  # as the page has read it
        line.wait(LONGEST)
        try:
            with database.transaction() as session:
                deed(session, cast["coordinator"], session.get_one(Import, import_id))
        except Failure as failure:
            return str(failure)
        return ""

    with ThreadPoolExecutor(len(deeds)) as threads:
        running = [threads.submit(run, *each) for each in deeds]
        return [each.result(LONGEST) for each in running]


def count(database: Database) -> int:
    with database.reading() as session:
        query = select(func.count()).select_from(Recommendation).where(Recommendation.ref.startswith("140."))
        return session.scalar(query) or 0


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_apply_the_same_import(database: Database, cast: Cast, round_: int) -> None:
    with database.transaction() as session:
        found = preview(session, cast["coordinator"], open_empty(session), matrix()).id
    said = both(database, cast, (apply, found), (apply, found))
    assert sorted(map(bool, said)) == [False, True]
    assert count(database) == 3


def test_two_apply_two_previews_of_one_file(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        review = open_empty(session)
        found = [preview(session, cast["coordinator"], review, matrix()).id for _ in range(2)]
    said = both(database, cast, *((apply, each) for each in found))
    assert sorted(map(bool, said)) == [False, True]
    assert "Read the file again" in "".join(said)
    assert count(database) == 3


def test_two_undo_the_same_import(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        found = bring(session, cast["coordinator"], open_empty(session), matrix()).id
    said = both(database, cast, (undo, found), (undo, found))
    assert sorted(map(bool, said)) == [False, True]
    assert count(database) == 0


def test_one_applies_what_the_other_discards(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        found = preview(session, cast["coordinator"], open_empty(session), matrix()).id

    def discard(session: Session, actor: Actor, thrown: Import) -> None:
        discard_import(session, actor, thrown)

    outcomes: list[str] = []
    line = Barrier(2)

    def run(deed: Deed) -> None:
        line.wait(LONGEST)
        try:
            with database.transaction() as session:
                wanted = session.get(Import, found)
                if wanted is not None:
                    deed(session, cast["coordinator"], wanted)
        except (BadInput, Exception) as failure:  # noqa: BLE001 - the row may be gone
            outcomes.append(type(failure).__name__)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, (apply, discard)))
    with database.reading() as session:
        stands = session.get(Import, found)
        assert count(database) == (3 if stands is not None else 0)


def leave_all(session: Session, actor: Actor, found: Import) -> None:
    take_items(session, actor, found, range(9), [])


def read_again(session: Session, actor: Actor, found: Import) -> None:
    wait_again(session, actor, found, None)


def choose(session: Session, actor: Actor, found: Import) -> None:
    choose_columns(session, actor, found, (Column.REF, Column.TEXT))


def discard(session: Session, actor: Actor, found: Import) -> None:
    discard_import(session, actor, found)


def one_after_the_other(database: Database, cast: Cast, import_id: UUID, first: Deed, second: Deed) -> str:
    """What the second is told, who begins before the first has committed."""

    def run() -> str:
        try:
            with database.transaction() as session:
                second(session, cast["coordinator"], get_import(session, SYSTEM, import_id))
        except Failure as failure:
            return f"{type(failure).__name__}: {failure}"
        return ""

    with ThreadPoolExecutor(1) as thread:
        with database.transaction() as session:
            first(session, cast["coordinator"], session.get_one(Import, import_id))
            session.flush()
            running = thread.submit(run)
            wait([running], SOON)
        return running.result(LONGEST)


def doubtful_preview(database: Database, cast: Cast) -> UUID:
    """Every item of it is doubtful, and taken."""
    with database.transaction() as session:
        found = preview(session, cast["coordinator"], open_empty(session), matrix())
        for item in items_of(session, found):
            item.kind = ItemKind.DOUBTFUL
        return found.id


@pytest.mark.parametrize("late", [leave_all, read_again, choose, discard])
def test_what_is_applied_is_changed_by_nobody_who_comes_later(
    database: Database, cast: Cast, late: Deed
) -> None:
    found = doubtful_preview(database, cast)
    assert "applied" in one_after_the_other(database, cast, found, apply, late)
    with database.transaction() as session:
        undo(session, cast["coordinator"], session.get_one(Import, found))
    assert count(database) == 0


@pytest.mark.parametrize(
    ("early", "told"), [(leave_all, ""), (read_again, "BadInput"), (discard, "NotFound")]
)
def test_whoever_applies_later_finds_what_was_changed(
    database: Database, cast: Cast, early: Deed, told: str
) -> None:
    found = doubtful_preview(database, cast)
    assert one_after_the_other(database, cast, found, early, apply).startswith(told)
    assert count(database) == 0


def test_the_undo_takes_back_all_that_was_written(session: Session, cast: Cast) -> None:
    """Whatever the ticks say by then."""
    found = bring(session, cast["coordinator"], open_empty(session), matrix())
    for item in items_of(session, found):
        item.is_taken = False
    undo(session, cast["coordinator"], found)
    query = select(func.count()).select_from(Recommendation).where(Recommendation.ref.startswith("140."))
    assert session.scalar(query) == 0


def test_two_choose_the_columns_of_two_tables_with_the_same_headers(database: Database, cast: Cast) -> None:
    ids = []
    with database.transaction() as session:
        review = open_empty(session)
        for _ in range(2):
            found = preview(session, cast["coordinator"], review, table(), layout=Layout.TABLE)
            assert found.state == ImportState.COLUMNS
            ids.append(found.id)

    def choose_for_second(session: Session, actor: Actor, _found: Import) -> None:
        choose(session, actor, session.get_one(Import, ids[1]))

    assert one_after_the_other(database, cast, ids[0], choose, choose_for_second) == ""
    with database.reading() as session:
        assert len(session.scalars(select(ColumnChoice)).all()) == 1
