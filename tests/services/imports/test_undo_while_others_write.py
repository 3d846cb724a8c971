"""An import is undone while somebody of a ministry works on a draft that it brought in: neither waits in a circle."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.cast import NOW, Cast, point
from tests.identity.locks import wait_until_somebody_waits
from tests.programs import LONGEST
from tests.services.imports.test_drafts import GOOD, LATER, apply, one_point, read
from tracker.database import Database
from tracker.failures import NotFound, Refused
from tracker.models.imports import Import
from tracker.queries.updates import get_update
from tracker.services.imports.applying import undo_import
from tracker.services.updates.texts import UpdateText, text_of
from tracker.services.updates.workflow import change_update


@pytest.fixture
def kind() -> str:
    """SQLite lets one writer in at a time."""
    return "postgresql"


def test_an_undo_waits_for_whoever_works_on_a_draft_of_it(database: Database, cast: Cast) -> None:
    writer = cast["other_focal_point"]
    with database.transaction() as session:
        found = read(session, cast, point(session).recommendation.review, (one_point(session), *GOOD))
        [draft] = apply(session, cast, found)
        import_id, draft_id = found.id, draft.id

    def undo() -> None:
        with database.transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            undo_import(session, cast["coordinator"], session.get_one(Import, import_id), LATER)

    with ThreadPoolExecutor(1) as thread:
        with database.transaction() as session:
            update = get_update(session, writer, draft_id, for_change=True)
            undone = thread.submit(undo)
            wait_until_somebody_waits(database)
            changed = UpdateText(**{**vars(text_of(update)), "done": "Four bridges were built."})
            change_update(session, writer, update, update.version, changed, LATER)
        with pytest.raises(Refused, match="somebody wrote on"):
            undone.result(LONGEST)
    with database.reading() as session:
        assert get_update(session, writer, draft_id).done == "Four bridges were built."


def test_whoever_comes_to_a_draft_while_its_import_is_undone_finds_none(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        found = read(session, cast, point(session).recommendation.review, (one_point(session), *GOOD))
        [draft] = apply(session, cast, found)
        import_id, draft_id = found.id, draft.id

    def come() -> None:
        with database.transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            get_update(session, cast["other_focal_point"], draft_id, for_change=True)

    with ThreadPoolExecutor(1) as thread:
        with database.transaction() as session:
            undo_import(session, cast["coordinator"], session.get_one(Import, import_id), NOW)
            late = thread.submit(come)
            wait_until_somebody_waits(database)
        with pytest.raises(NotFound):
            late.result(LONGEST)
