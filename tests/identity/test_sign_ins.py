"""Sign-ins: a token that ends by itself, at sign-out and with the account; the table holds no token."""

import unicodedata
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, PASSPHRASE, Cast
from tracker.identity.invitation_acceptance import check_handle
from tracker.identity.sign_ins import (
    CODE_LIFETIME,
    IDLE,
    IDLE_INDEPENDENT,
    LONGEST,
    LONGEST_INDEPENDENT,
    TOUCH_INTERVAL,
    SignInSession,
    begin_sign_in,
    check_passphrase,
    complete_sign_in,
    find_credentials,
    find_sign_in_session,
    plain_handle,
    sign_out,
    touch_sign_in,
)
from tracker.models.accounts import Account, SignIn
from tracker.policy.actors import may_sign_in_pages

SECOND = timedelta(seconds=1)


def begin(session: Session, cast: Cast, handle: str = "lead") -> str:
    account_id = cast[handle].account_id
    assert account_id is not None
    token = begin_sign_in(session, account_id, NOW)
    session.flush()
    return token


def opened_by(session: Session, handle: str, passphrase: str) -> UUID | None:
    verified = check_passphrase(find_credentials(session, handle), passphrase)
    return verified.account_id if verified else None


def test_handle_and_passphrase_open_the_account(session: Session, cast: Cast) -> None:
    assert opened_by(session, " Lead ", PASSPHRASE) == cast["lead"].account_id
    assert opened_by(session, "lead", PASSPHRASE + " ") is None
    assert opened_by(session, "nobody", PASSPHRASE) is None


def test_a_handle_is_one_however_a_keyboard_composes_its_letters(session: Session, cast: Cast) -> None:
    composed, decomposed = "андрей", unicodedata.normalize("NFD", "АндреЙ")
    assert plain_handle(decomposed) == composed != decomposed.casefold()
    assert check_handle(decomposed) == composed
    session.get_one(Account, cast["lead"].account_id).handle = composed
    session.flush()
    assert opened_by(session, decomposed, PASSPHRASE) == cast["lead"].account_id


def test_an_ended_account_opens_no_more(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    session.get_one(Account, cast["lead"].account_id).ended_at = NOW
    session.flush()
    assert opened_by(session, "lead", PASSPHRASE) is None
    assert find_sign_in_session(session, token, NOW) is None


def test_the_token_finds_the_actor_with_roles_and_organisation(session: Session, cast: Cast) -> None:
    for handle in ("lead", "coordinator", "contributor", "registrar"):
        found = find_sign_in_session(session, begin(session, cast, handle), NOW + SECOND)
        assert found is not None
        assert asdict(found.actor) == asdict(cast[handle])


def test_the_table_holds_no_token(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    row = session.scalars(select(SignIn)).one()
    assert token not in repr([getattr(row, column.key) for column in SignIn.__table__.columns])
    assert find_sign_in_session(session, row.token_hash, NOW) is None
    assert find_sign_in_session(session, "", NOW) is None


LENGTHS = [
    ("focal_point", IDLE, LONGEST),
    ("administrator", IDLE, LONGEST),
    ("lead", IDLE_INDEPENDENT, LONGEST_INDEPENDENT),
    ("ombudsperson", IDLE_INDEPENDENT, LONGEST_INDEPENDENT),
    ("registrar", IDLE_INDEPENDENT, LONGEST_INDEPENDENT),
]


def test_an_independent_sign_in_is_shorter_than_one_of_the_state() -> None:
    assert timedelta(minutes=30) == IDLE_INDEPENDENT < IDLE == timedelta(hours=2)
    assert timedelta(hours=8) == LONGEST_INDEPENDENT < LONGEST == timedelta(hours=12)


@pytest.mark.parametrize(("handle", "idle", "_longest"), LENGTHS)
def test_a_sign_in_ends_after_its_idle_time(
    session: Session, cast: Cast, handle: str, idle: timedelta, _longest: timedelta
) -> None:
    token = begin(session, cast, handle)
    assert find_sign_in_session(session, token, NOW + idle - SECOND) is not None
    assert find_sign_in_session(session, token, NOW + idle) is None


@pytest.mark.parametrize(("handle", "_idle", "longest"), LENGTHS)
def test_it_ends_after_its_hours_however_busy(
    session: Session, cast: Cast, handle: str, _idle: timedelta, longest: timedelta
) -> None:
    token = begin(session, cast, handle)
    touch_sign_in(session, token, NOW + longest - SECOND)
    assert find_sign_in_session(session, token, NOW + longest - SECOND) is not None
    touch_sign_in(session, token, NOW + longest)
    assert find_sign_in_session(session, token, NOW + longest) is None


def test_the_idle_time_is_written_every_five_minutes_and_begins_anew(session: Session, cast: Cast) -> None:
    token = begin(session, cast)
    at = NOW + TOUCH_INTERVAL
    assert not found_at(session, token, at).is_stale
    assert found_at(session, token, at + SECOND).is_stale
    touch_sign_in(session, token, at + SECOND)
    assert not found_at(session, token, at + SECOND).is_stale
    assert found_at(session, token, at + IDLE_INDEPENDENT)


def found_at(session: Session, token: str, at: datetime) -> SignInSession:
    found = find_sign_in_session(session, token, at)
    assert found is not None
    return found


def test_a_sign_in_that_owes_its_code_lives_ten_minutes(session: Session, cast: Cast) -> None:
    account_id = cast["focal_point"].account_id
    assert account_id is not None
    token = begin_sign_in(session, account_id, NOW, needs_code=True)
    session.flush()
    assert found_at(session, token, NOW + timedelta(minutes=10) - SECOND).needs_code
    assert find_sign_in_session(session, token, NOW + timedelta(minutes=10)) is None
    assert timedelta(minutes=10) == CODE_LIFETIME


@pytest.mark.parametrize("handle", ["focal_point", "coordinator", "registrar", "administrator"])
def test_who_must_have_a_second_factor_and_has_none_comes_without_roles(
    session: Session, cast: Cast, handle: str
) -> None:
    session.get_one(Account, cast[handle].account_id).totp_secret = None
    found = found_at(session, begin(session, cast, handle), NOW).actor
    assert found.is_setting_up
    assert not may_sign_in_pages(found)
    assert (found.roles, found.organisation_id, found.organisation_kind) == (frozenset(), None, None)


@pytest.mark.parametrize("handle", ["lead", "contributor", "ombudsperson"])
def test_who_need_not_have_one_is_not_asked(session: Session, cast: Cast, handle: str) -> None:
    assert session.get_one(Account, cast[handle].account_id).totp_secret is None
    assert not found_at(session, begin(session, cast, handle), NOW).actor.is_setting_up


def test_a_renewed_sign_in_leaves_the_old_token_opening_nothing(session: Session, cast: Cast) -> None:
    old, account_id = begin(session, cast), cast["lead"].account_id
    assert account_id is not None
    new = complete_sign_in(session, account_id, old, NOW)
    session.flush()
    assert new != old
    assert find_sign_in_session(session, old, NOW) is None
    assert found_at(session, new, NOW).actor == cast["lead"]


def test_signing_out_ends_this_browser_and_no_other(session: Session, cast: Cast) -> None:
    here, there = begin(session, cast), begin(session, cast)
    sign_out(session, here)
    assert find_sign_in_session(session, here, NOW) is None
    assert find_sign_in_session(session, there, NOW) is not None
    assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_sign_ins_that_ran_out_leave_no_trail(session: Session, cast: Cast) -> None:
    begin(session, cast)
    account_id = cast["coordinator"].account_id
    assert account_id is not None
    begin_sign_in(session, account_id, NOW + LONGEST + SECOND)
    session.flush()
    assert session.scalars(select(SignIn.account_id)).all() == [account_id]
