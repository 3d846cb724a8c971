"""Sign-ins: a token that ends by itself, at sign-out and with the account; the table holds no token."""

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, PASSPHRASE, Cast
from tracker.models.accounts import Account, SignIn
from tracker.services.sign_ins import (
    IDLE,
    LONGEST,
    TOUCHED_EVERY,
    begin_sign_in,
    check_passphrase,
    find_actor,
    sign_out,
    touch_sign_in,
)

SECOND = timedelta(seconds=1)


def begin(session: Session, cast: Cast, handle: str = "lead") -> str:
    account_id = cast[handle].account_id
    assert account_id is not None
    token = begin_sign_in(session, account_id, NOW)
    session.flush()
    return token


def test_handle_and_passphrase_open_the_account(session: Session, cast: Cast) -> None:
    assert check_passphrase(session, " Lead ", PASSPHRASE) == cast["lead"].account_id
    assert check_passphrase(session, "lead", PASSPHRASE + " ") is None
    assert check_passphrase(session, "nobody", PASSPHRASE) is None


def test_an_ended_account_opens_no_more(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    session.get_one(Account, cast["lead"].account_id).ended_at = NOW
    session.flush()
    assert check_passphrase(session, "lead", PASSPHRASE) is None
    assert find_actor(session, token, NOW) is None


def test_the_token_finds_the_actor_with_roles_and_organisation(session: Session, cast: Cast) -> None:
    for handle in ("lead", "coordinator", "contributor", "registrar"):
        found = find_actor(session, begin(session, cast, handle), NOW + SECOND)
        assert found is not None
        assert asdict(found[0]) == asdict(cast[handle])


def test_the_table_holds_no_token(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    row = session.scalars(select(SignIn)).one()
    assert token not in repr([getattr(row, column.key) for column in SignIn.__table__.columns])
    assert find_actor(session, row.token_hash, NOW) is None
    assert find_actor(session, "", NOW) is None


def test_a_sign_in_ends_after_two_idle_hours(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    assert find_actor(session, token, NOW + IDLE - SECOND) is not None
    assert find_actor(session, token, NOW + IDLE) is None


def test_it_ends_after_twelve_hours_however_busy(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    touch_sign_in(session, token, NOW + LONGEST - SECOND)
    assert find_actor(session, token, NOW + LONGEST - SECOND) is not None
    touch_sign_in(session, token, NOW + LONGEST)
    assert find_actor(session, token, NOW + LONGEST) is None


def test_the_idle_time_is_written_every_five_minutes_and_begins_anew(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    at = NOW + TOUCHED_EVERY
    assert find_actor(session, token, at) == (cast["lead"], False)
    assert find_actor(session, token, at + SECOND) == (cast["lead"], True)
    touch_sign_in(session, token, at + SECOND)
    assert find_actor(session, token, at + SECOND) == (cast["lead"], False)
    assert find_actor(session, token, at + IDLE) is not None


def test_signing_out_ends_this_browser_and_no_other(session: Session, cast: Cast) -> None:
    here, there = begin(session, cast), begin(session, cast)
    sign_out(session, here)
    assert find_actor(session, here, NOW) is None
    assert find_actor(session, there, NOW) is not None
    assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_sign_ins_that_ran_out_leave_no_trail(session: Session, cast: Cast) -> None:
    begin(session, cast)
    account_id = cast["coordinator"].account_id
    assert account_id is not None
    begin_sign_in(session, account_id, NOW + LONGEST + SECOND)
    session.flush()
    assert session.scalars(select(SignIn.account_id)).all() == [account_id]
