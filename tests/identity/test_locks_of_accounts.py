"""Actions of somebody whose account is being changed: nobody waits for another in a circle."""

import pytest
from sqlalchemy import text

from tests.cast import NOW, Cast, make_update
from tests.statements import watching
from tracker.database import Database
from tracker.identity.accounts import change_passphrase
from tracker.models.history import HistoryLine
from tracker.models.updates import UpdateState
from tracker.queries.people import get_account


@pytest.mark.parametrize("kind", ["postgresql"])
def test_who_works_does_not_wait_for_whoever_is_changing_the_account(database: Database, cast: Cast) -> None:
    """Who works holds the place in the history, which the other one wants next."""
    account_id = cast["focal_point"].account_id
    assert account_id is not None
    with database.writing() as coordinator, database.writing() as focal_point:
        get_account(coordinator, cast["coordinator"], account_id, for_change=True)
        focal_point.execute(text("SET LOCAL lock_timeout = '3s'"))
        make_update(focal_point, cast, UpdateState.SUBMITTED)
        assert focal_point.query(HistoryLine).filter_by(verb="submit_update").count() == 1


def test_a_new_passphrase_is_written_before_the_place_in_the_history_is_taken(
    database: Database, cast: Cast
) -> None:
    """Who ends the account takes both in this order."""
    written: list[str] = []

    def note(statement: str, _values: object) -> None:
        written.append(" ".join(statement.split()[:3]))

    with watching(database, note), database.transaction() as session:
        change_passphrase(session, cast["focal_point"], "hash", NOW)
    assert written.index("UPDATE accounts SET") < written.index("UPDATE history_heads SET")
