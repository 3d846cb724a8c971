"""Who loses the last role that mails are sent to loses the stored address with it (docs/rules.md, "Reminders")."""

import pytest
from sqlalchemy import select

from tests.cast import NOW, Cast, read_account
from tests.stories.pages import ask
from tracker.database import Database
from tracker.identity.people import give_role, take_role
from tracker.models.accounts import Account, Role


def has_address(database: Database, handle: str) -> bool:
    with database.reading() as session:
        return session.scalar(select(Account.email).where(Account.handle == handle)) is not None


def swap(database: Database, cast: Cast, handle: str, given: Role, taken: Role) -> None:
    """As two requests of the administrator."""
    for change, role in ((give_role, given), (take_role, taken)):
        with database.transaction() as session:
            change(session, cast["administrator"], read_account(session, handle), role, NOW)


@pytest.mark.parametrize("handle", ["focal_point", "alternate"])
def test_the_address_goes_with_the_last_role_that_gets_mail(
    database: Database, cast: Cast, handle: str
) -> None:
    assert has_address(database, handle)
    swap(database, cast, handle, Role.VALIDATING_OFFICER, Role(handle))
    assert not has_address(database, handle)
    assert ask(database, f"SELECT email FROM accounts WHERE handle = '{handle}'") == [(None,)]


def test_the_address_stays_while_another_role_gets_mail(database: Database, cast: Cast) -> None:
    swap(database, cast, "focal_point", Role.ALTERNATE, Role.FOCAL_POINT)
    assert has_address(database, "focal_point")


def test_the_address_of_a_coordinator_who_has_no_second_factor_yet_stays(
    database: Database, cast: Cast
) -> None:
    """Until it is set up the holder may do nothing; mails are sent all the same."""
    with database.transaction() as session:
        read_account(session, "alternate").totp_secret = None
    swap(database, cast, "alternate", Role.COORDINATOR, Role.ALTERNATE)
    assert has_address(database, "alternate")
