"""What proves who somebody is, a passphrase, a code, a sign-in, must still prove it when it takes effect; and whoever
changes it ends what was begun meanwhile."""

from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, PASSPHRASE, TOTP_SECRET, Cast
from tests.identity.locks import wait_until_somebody_waits
from tracker.database import Database
from tracker.identity.accounts import change_passphrase
from tracker.identity.second_factors import code_of, use_code
from tracker.identity.sign_ins import (
    StoredCredentials,
    begin_sign_in,
    check_passphrase,
    complete_sign_in,
    find_credentials,
    lock_credentials,
    lock_sign_in,
    renew_sign_in,
)
from tracker.models.accounts import SignIn


@pytest.fixture
def verified(database: Database) -> StoredCredentials:
    """Of the focal point; the passphrase was right a moment ago."""
    with database.reading() as session:
        found = check_passphrase(find_credentials(session, "focal_point"), PASSPHRASE)
    assert found
    return found


def change(session: Session, cast: Cast, verified: StoredCredentials) -> str:
    """What the owner does on the page of the passphrase."""
    assert change_passphrase(session, cast["focal_point"], verified, "another hash", NOW)
    return renew_sign_in(session, verified.account_id, NOW)


def sign_in(database: Database, verified: StoredCredentials) -> bool:
    """What the page of the sign-in does once the passphrase was right."""
    with database.transaction() as session:
        if not lock_credentials(session, verified):
            return False
        begin_sign_in(session, verified.account_id, NOW)
    return True


def count(database: Database, account_id: UUID) -> int:
    with database.reading() as session:
        return len(session.scalars(select(SignIn).where(SignIn.account_id == account_id)).all())


def test_a_passphrase_that_was_changed_since_opens_and_changes_nothing(
    database: Database, cast: Cast, verified: StoredCredentials
) -> None:
    with database.transaction() as session:
        change(session, cast, verified)
    assert not sign_in(database, verified)
    with database.transaction() as session:
        assert not change_passphrase(session, cast["focal_point"], verified, "a thief's hash", NOW)
    assert count(database, verified.account_id) == 1


@pytest.mark.parametrize("kind", ["postgresql"])
def test_who_signs_in_while_the_passphrase_is_changed_waits_and_is_refused(
    database: Database, cast: Cast, verified: StoredCredentials
) -> None:
    with database.writing() as owner, ThreadPoolExecutor(8) as others:
        change(owner, cast, verified)
        thieves: list[Future[bool]] = [others.submit(sign_in, database, verified) for _ in range(8)]
        wait_until_somebody_waits(database)
        owner.commit()
        assert [each.result(10) for each in thieves] == [False] * 8
    assert count(database, verified.account_id) == 1


@pytest.mark.parametrize("kind", ["postgresql"])
def test_who_changes_the_passphrase_waits_for_sign_ins_that_have_begun_and_ends_them(
    database: Database, cast: Cast, verified: StoredCredentials
) -> None:
    def change_it() -> None:
        with database.transaction() as session:
            change(session, cast, verified)

    with database.writing() as thief, ThreadPoolExecutor(1) as owner:
        assert lock_credentials(thief, verified)
        begin_sign_in(thief, verified.account_id, NOW)
        changing = owner.submit(change_it)
        wait_until_somebody_waits(database)
        thief.commit()
        changing.result(10)
    assert count(database, verified.account_id) == 1


def test_a_code_completes_no_sign_in_that_was_ended_meanwhile(
    database: Database, cast: Cast, verified: StoredCredentials
) -> None:
    with database.transaction() as session:
        half = begin_sign_in(session, verified.account_id, NOW, needs_code=True)
    with database.transaction() as session:
        change(session, cast, verified)
    with database.transaction() as session:
        assert use_code(session, verified.account_id, code_of(TOTP_SECRET, NOW), NOW)
        assert complete_sign_in(session, verified.account_id, half, NOW) is None
    assert count(database, verified.account_id) == 1


@pytest.mark.parametrize("kind", ["postgresql"])
def test_who_gives_a_code_while_the_passphrase_is_changed_waits_and_gets_nowhere(
    database: Database, cast: Cast, verified: StoredCredentials
) -> None:
    with database.transaction() as session:
        half = begin_sign_in(session, verified.account_id, NOW, needs_code=True)

    def complete() -> str | None:
        with database.transaction() as session:
            assert use_code(session, verified.account_id, code_of(TOTP_SECRET, NOW), NOW)
            return complete_sign_in(session, verified.account_id, half, NOW)

    with database.writing() as owner, ThreadPoolExecutor(1) as thief:
        change(owner, cast, verified)
        completing = thief.submit(complete)
        wait_until_somebody_waits(database)
        owner.commit()
        assert completing.result(10) is None
    assert count(database, verified.account_id) == 1


def test_a_browser_that_was_signed_out_meanwhile_changes_no_factor(
    database: Database, cast: Cast, verified: StoredCredentials
) -> None:
    with database.transaction() as session:
        thiefs = begin_sign_in(session, verified.account_id, NOW)
    with database.transaction() as session:
        assert lock_sign_in(session, verified.account_id, thiefs)
        owners = renew_sign_in(session, verified.account_id, NOW)
    with database.transaction() as session:
        assert not lock_sign_in(session, verified.account_id, thiefs)
        assert lock_sign_in(session, verified.account_id, owners)
