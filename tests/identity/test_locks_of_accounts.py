"""What people do whose account is being changed: nobody waits for another in a circle."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.cast import NOW, Cast, make_update, read_account
from tests.identity.locks import wait_until_somebody_waits
from tests.statements import watching
from tracker.database import Database
from tracker.failures import LinkStale
from tracker.identity.account_locks import lock_to_change
from tracker.identity.accounts import change_passphrase
from tracker.identity.invitation_acceptance import set_new_passphrase
from tracker.identity.invitations import InvitationLink, create_recovery_link
from tracker.identity.people import end_account
from tracker.identity.sign_ins import find_credentials
from tracker.models.accounts import InvitationKind
from tracker.models.history import HistoryLine
from tracker.models.updates import UpdateState
from tracker.queries.people import get_account

LOST = InvitationKind.NEW_PASSPHRASE


@pytest.mark.parametrize("kind", ["postgresql"])
def test_who_works_does_not_wait_for_whoever_is_changing_the_account(database: Database, cast: Cast) -> None:
    """Who works holds the place in the history, which the other one wants next."""
    account_id = cast["focal_point"].account_id
    assert account_id is not None
    with database.writing() as coordinator, database.writing() as focal_point:
        account = get_account(coordinator, cast["coordinator"], account_id)
        lock_to_change(coordinator, cast["coordinator"], account)
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
        verified = find_credentials(session, "focal_point")
        assert verified
        assert change_passphrase(session, cast["focal_point"], verified, "hash", NOW)
    assert written.index("UPDATE accounts SET") < written.index("UPDATE history_heads SET")


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize("change", ["renew", "end"])
def test_a_link_that_is_used_while_its_account_is_changed_waits_and_is_stale(
    database: Database, cast: Cast, change: str
) -> None:
    """Whoever changes an account locks it, then deletes its links. Whoever uses one must lock in the same order, or
    each waits for the other."""
    account_id = cast["focal_point"].account_id
    assert account_id is not None
    with database.transaction() as session:
        link = create_recovery_link(
            session, cast["coordinator"], read_account(session, "focal_point"), LOST, NOW
        )
    with database.writing() as coordinator, ThreadPoolExecutor(1) as holder:
        # Given a coordinator who has locked the account
        account = get_account(coordinator, cast["coordinator"], account_id)
        lock_to_change(coordinator, cast["coordinator"], account)
        # When its holder uses a link at the same moment
        used = holder.submit(use_link, database, link)
        wait_until_somebody_waits(database)
        # Then the coordinator goes on, and the link no longer works
        if change == "renew":
            create_recovery_link(coordinator, cast["coordinator"], account, LOST, NOW)
        else:
            end_account(coordinator, cast["coordinator"], account, NOW)
        coordinator.commit()
        with pytest.raises(LinkStale):
            used.result(10)


def use_link(database: Database, link: InvitationLink) -> None:
    with database.transaction() as session:
        session.execute(text("SET LOCAL lock_timeout = '5s'"))
        set_new_passphrase(session, link.token, "hash", NOW)
