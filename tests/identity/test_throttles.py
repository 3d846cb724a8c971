"""Throttles: so many wrong tries and no more, also at once; the table betrays nobody and forgets."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import NOW
from tests.programs import LONGEST
from tests.statements import watching
from tests.stories.pages import ask, is_anywhere
from tracker.database import Database
from tracker.failures import TooManyAttempts
from tracker.identity.throttles import (
    consume_attempt,
    count_publication,
    forget_browser,
    forget_expired,
    refund_attempt,
    remember_browser,
    throttle_key,
)
from tracker.models.accounts import KnownBrowser, Throttle

MINUTE = timedelta(minutes=1)


def tries(database: Database, what: str, at: datetime = NOW) -> bool:
    """Whether one more is looked at."""
    try:
        with database.transaction() as session:
            consume_attempt(session, what, at)
    except TooManyAttempts:
        return False
    return True


def test_ten_wrong_tries_are_looked_at_in_a_quarter_of_an_hour(database: Database) -> None:
    assert [tries(database, "handle a") for _ in range(12)] == [True] * 10 + [False] * 2
    assert tries(database, "handle b")
    assert not tries(database, "handle a", NOW + 15 * MINUTE - timedelta(seconds=1))
    assert tries(database, "handle a", NOW + 15 * MINUTE)


def test_a_hundred_are_looked_at_in_a_day_however_patient_somebody_is(database: Database) -> None:
    minutes = [*range(3 * 60), *range(3 * 60, 24 * 60, 5)]  # at first too fast, then slower than any wait
    day = [tries(database, "handle a", NOW + minute * MINUTE) for minute in minutes]
    assert sum(day) == 100
    assert tries(database, "handle a", NOW + timedelta(days=1))


def test_the_refusal_says_how_long_to_wait(database: Database) -> None:
    for _ in range(10):
        tries(database, "handle a")
    with database.writing() as session, pytest.raises(TooManyAttempts) as refused:
        consume_attempt(session, "handle a", NOW + 5 * MINUTE)
    assert 600 <= refused.value.seconds <= 601


def test_what_is_refused_does_not_make_the_wait_longer(database: Database) -> None:
    for minute in range(14):
        for _ in range(10):
            tries(database, "handle a", NOW + minute * MINUTE)
    assert tries(database, "handle a", NOW + 15 * MINUTE)


def test_a_right_try_is_not_counted(database: Database) -> None:
    for _ in range(30):
        assert tries(database, "handle a")
        with database.transaction() as session:
            refund_attempt(session, "handle a")


def test_a_right_try_takes_the_rows_in_the_order_in_which_every_try_takes_them(database: Database) -> None:
    """Two who take them in another order wait for each other."""
    taken: dict[str, list[object]] = {"INSERT": [], "UPDATE": []}

    def note(statement: str, said: Any) -> None:
        values = said.values() if isinstance(said, dict) else said
        digests = [each for each in values if isinstance(each, str) and len(each) == 64]
        taken.setdefault(statement.split()[0], []).append(digests)

    with watching(database, note):
        assert tries(database, "handle a")
        with database.transaction() as session:
            refund_attempt(session, "handle a")
    assert taken["UPDATE"] == taken["INSERT"]
    assert len(taken["UPDATE"]) == 2


def test_many_at_once_are_no_more_than_ten(database: Database) -> None:
    begin, looked_at = threading.Barrier(4), list[bool]()

    def guess() -> None:
        begin.wait(LONGEST)
        looked_at.extend([tries(database, "handle a") for _ in range(8)])

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(looked_at), sum(looked_at)) == (32, 10)


def test_the_table_names_nobody_and_forgets_after_a_day(database: Database) -> None:
    tries(database, "handle somebody")
    assert is_anywhere(database, "somebody") == []
    assert len(ask(database, "SELECT 1 FROM throttles")) == 2
    tries(database, "handle another", NOW + timedelta(days=1))
    with database.reading() as session:
        assert {row.since for row in session.scalars(select(Throttle))} == {NOW + timedelta(days=1)}


def test_a_known_browser_has_a_bucket_of_its_own_for_its_owner_only(database: Database) -> None:
    with database.writing() as session:
        device, other = (remember_browser(session, "lead", "", NOW) for _ in range(2))
        assert device != other
        mine, plain = throttle_key(session, "lead", device), throttle_key(session, "lead", "")
        assert mine != plain
        for forged in ("", ".", device[:-1], f"{device}0", f"lead {device}", "ü.ü"):
            assert throttle_key(session, "lead", forged) == plain
        assert throttle_key(session, "other_lead", device) == throttle_key(session, "other_lead", "")
        # The next sign-in with this browser replaces its token, and leaving by the quick exit forgets it
        newer = remember_browser(session, "lead", device, NOW)
        assert throttle_key(session, "lead", device) == plain
        assert throttle_key(session, "lead", newer) != plain
        forget_browser(session, "lead", newer)
        assert throttle_key(session, "lead", newer) == plain
        assert throttle_key(session, "lead", other) != plain


def test_the_table_of_browsers_names_nobody_tells_no_day_and_forgets(database: Database) -> None:
    with database.transaction() as session:
        device = remember_browser(session, "somebody", "", NOW)
    assert is_anywhere(database, "somebody") == is_anywhere(database, device) == []
    with database.transaction() as session:
        [until] = session.scalars(select(KnownBrowser.until))
        assert (until.day, until > (NOW + timedelta(days=90)).date()) == (1, True)
        forget_expired(session, NOW + timedelta(days=90))
        assert session.scalars(select(KnownBrowser.until)).all() == [until]
        forget_expired(session, NOW + timedelta(days=125))
        assert session.scalars(select(KnownBrowser.until)).all() == []


def test_of_an_attempt_that_was_right_nothing_is_left(database: Database) -> None:
    assert tries(database, "handle a")
    with database.transaction() as session:
        refund_attempt(session, "handle a")
    assert ask(database, "SELECT * FROM throttles") == []
    # And of a wrong one beside it only that
    assert tries(database, "handle a")
    assert tries(database, "handle a")
    with database.transaction() as session:
        refund_attempt(session, "handle a")
    assert [row.times for row in ask(database, "SELECT times FROM throttles")] == [1, 1]


def test_thirty_publications_in_ten_minutes_and_after_them_thirty_more(database: Database) -> None:
    def publish(minutes: int) -> int | None:
        with database.transaction() as session:
            return count_publication(session, 7, NOW + minutes * MINUTE)

    assert [publish(0) for _ in range(30)] == [None] * 30
    assert publish(4) in (360, 361)
    with database.transaction() as session:
        assert count_publication(session, 8, NOW) is None
    assert [publish(10) for _ in range(31)][-2:] == [None, 601]
