"""What the app on somebody's phone shows, for tests that sign in through the pages."""

from sqlalchemy import select

from tracker import clock
from tracker.database import Database
from tracker.identity.second_factors import code_of
from tracker.models.accounts import Account


def next_code(database: Database, handle: str) -> str:
    """A code that was not used yet: as if half a minute had passed since the last one."""
    with database.transaction() as session:
        account = session.scalars(select(Account).where(Account.handle == handle)).one()
        assert account.totp_secret is not None, f"{handle} has no second factor"
        account.totp_last_step = None
        return code_of(account.totp_secret, clock.now())
