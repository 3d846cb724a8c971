"""Sealed columns: the database holds what nobody reads without the key folder."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW
from tests.stories.pages import ask, is_anywhere, tell
from tracker.database import Database
from tracker.failures import KeyMissing
from tracker.identity.accounts import seal_addresses
from tracker.keys import SEALED, read_or_make_keys
from tracker.models.accounts import Account, Throttle


def test_an_address_is_read_by_whoever_has_the_key_and_stands_nowhere(database: Database) -> None:
    with database.reading() as session:
        known = [account.email for account in session.scalars(select(Account)) if account.email]
    assert "focal-point@example.org" in known
    assert all(is_anywhere(database, address) == [] for address in known)


def test_without_the_key_or_with_another_nothing_is_read(
    database: Database, url: str, tmp_path: Path
) -> None:
    for keys in (None, read_or_make_keys(tmp_path)):
        stranger = Database(url, keys)
        with stranger.reading() as session, pytest.raises(KeyMissing):
            session.scalars(select(Account.email)).all()
        stranger.dispose()


def test_addresses_of_an_older_version_are_sealed_once(database: Database) -> None:
    tell(database, "UPDATE accounts SET email = 'old@example.org' WHERE handle = 'coordinator'")
    with database.transaction() as session:
        assert seal_addresses(session) == 1
    with database.transaction() as session:
        assert seal_addresses(session) == 0
        assert session.scalars(select(Account).where(Account.handle == "coordinator")).one().email == (
            "old@example.org"
        )
    [(stored,)] = ask(database, "SELECT email FROM accounts WHERE handle = 'coordinator'")
    assert stored.startswith(SEALED)


def test_a_digest_is_found_again_and_tells_nothing(session: Session, database: Database) -> None:
    session.add(Throttle(tried="handle focal_point", times=1, since=NOW))
    session.commit()
    assert session.scalars(select(Throttle).where(Throttle.tried == "handle focal_point")).one().times == 1
    assert session.scalars(select(Throttle).where(Throttle.tried == "handle other")).all() == []
    assert "throttles" not in is_anywhere(database, "focal_point")
