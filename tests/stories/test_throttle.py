"""Guessing is slowed down without giving strangers a way to lock somebody out, or to learn who exists."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSPHRASE
from tests.second_factor import next_code
from tests.stories.busy import full_queue
from tests.stories.pages import ask, tell
from tests.strict_client import SignIn, StrictClient, text_of
from tracker import clock
from tracker.database import Database

pytestmark = pytest.mark.database

WRONG = "not the right one"


def guess(client: StrictClient, handle: str, times: int = 1, passphrase: str = WRONG) -> list[TestResponse]:
    loaded = client.get("/sign-in")
    return [client.send_from(loaded, handle=handle, passphrase=passphrase) for _ in range(times)]


def new_browser(app: Flask) -> StrictClient:
    return app.test_client()  # type: ignore[return-value]


def test_after_ten_wrong_tries_known_and_unknown_handles_get_the_same_refusal(client: StrictClient) -> None:
    pages = []
    for handle in ("lead", "nobody-of-that-name"):
        began = clock.now()
        answers = guess(client, handle, 11)
        passed = (clock.now() - began).total_seconds()
        assert [answer.status_code for answer in answers] == [422] * 10 + [429]
        refused = answers[-1]
        assert 899 - passed <= int(refused.headers["Retry-After"]) <= 901
        assert "Try again in 15 minutes." in text_of(refused)
        names = sorted(name for name, _ in refused.headers if name != "Retry-After")
        pages.append((names, re.sub(r'value="[^"]{20,}"', "", refused.get_data(as_text=True))))
    assert pages[0] == pages[1]
    # And the right passphrase is not looked at either: nobody learns that it was right
    assert guess(client, "lead", passphrase=PASSPHRASE)[0].status_code == 429


def test_a_flood_does_not_lock_the_owner_out_of_the_own_browser(app: Flask) -> None:
    # Given an owner who has signed in with this browser before
    owner = new_browser(app)
    assert owner.sign_in("lead", PASSPHRASE).status_code == 303
    owner.send("/work", action="/sign-out")
    # When a stranger floods the handle until it is closed
    assert guess(new_browser(app), "LEAD ", 11)[-1].status_code == 429
    # Then the owner gets in at once, and a browser that nobody knows does not
    assert owner.sign_in("lead", PASSPHRASE).status_code == 303
    assert new_browser(app).sign_in("lead", PASSPHRASE).status_code == 429
    # And the browser of another account does not either
    other = new_browser(app)
    assert other.sign_in("other_lead", PASSPHRASE).status_code == 303
    other.send("/work", action="/sign-out")
    assert other.sign_in("lead", PASSPHRASE).status_code == 429


def test_a_known_browser_may_not_guess_for_ever(app: Flask) -> None:
    thief = new_browser(app)
    thief.sign_in("lead", PASSPHRASE)
    thief.send("/work", action="/sign-out")
    assert guess(thief, "lead", 11)[-1].status_code == 429
    # And its owner, elsewhere, is not touched
    assert new_browser(app).sign_in("lead", PASSPHRASE).status_code == 303


def test_only_a_browser_that_nobody_knows_is_told_of_the_own_one(app: Flask, database: Database) -> None:
    sentence = "If you have a browser in which you signed in before, try there now"
    # Given a browser in which the owner signed in before, and one that nobody knows
    owner, stranger = new_browser(app), new_browser(app)
    owner.sign_in("focal_point", PASSPHRASE)
    owner.send("/work", action="/sign-out")
    # When too many wrong passphrases, or in the owner's too many wrong codes, are sent
    owner.send("/sign-in", handle="focal_point", passphrase=PASSPHRASE)
    codes = [owner.send("/sign-in/code", code=f"{number:06}") for number in range(11)]
    for refused, is_told in (
        (guess(stranger, "focal_point", 11)[-1], True),
        (guess(owner, "focal_point", 11)[-1], False),
        (codes[-1], False),
    ):
        # Then the one that nobody knows is led to the own one, in which nothing more can be done
        assert refused.status_code == 429
        assert (sentence in text_of(refused)) == is_told
        assert "If you have lost your passphrase or your second factor" in text_of(refused)
    # And the browser of one account is no known one of another
    assert sentence in text_of(guess(owner, "lead", 11)[-1])


def test_codes_are_throttled_too(app: Flask, database: Database) -> None:
    client = new_browser(app)
    client.send("/sign-in", handle="focal_point", passphrase=PASSPHRASE)
    loaded = client.get("/sign-in/code")
    answers = [client.send_from(loaded, code=f"{number:06}").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
    right = next_code(database, "focal_point")
    assert client.send_from(loaded, code=right).status_code == 429


def test_a_passphrase_that_is_asked_again_is_throttled_too(signed_in: SignIn) -> None:
    mine = signed_in("lead")
    loaded = mine.get("/account/second-factor")
    answers = [mine.send_from(loaded, passphrase=WRONG, new_code="123456").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_after_the_wait_the_tries_begin_anew(client: StrictClient, database: Database) -> None:
    guess(client, "lead", 10)
    old = clock.now() - timedelta(minutes=15)
    zone = "" if database.engine.name == "sqlite" else "+00"
    tell(database, "UPDATE throttles SET since = :old", old=old.strftime("%Y-%m-%d %H:%M:%S.%f") + zone)
    assert client.sign_in("lead", PASSPHRASE).status_code == 303


@pytest.mark.parametrize("handle", ["lead", "nobody-of-that-name"])
def test_a_passphrase_longer_than_any_is_refused_without_being_hashed(
    client: StrictClient, handle: str
) -> None:
    # Given a queue in which no place is left, so that whoever hashes is sent away; one who shows a device is heard
    client.set_cookie("device", "of-another-account.x")
    with full_queue():
        answer = guess(client, handle, passphrase="a" * 129)[0]
    assert answer.status_code == 422
    assert "The username or the passphrase is not right" in text_of(answer)


def test_when_too_many_sign_in_at_once_the_page_says_so_and_no_try_is_lost(
    client: StrictClient, database: Database
) -> None:
    pages = {}
    with full_queue():
        for handle in ("nobody-of-that-name", "lead"):
            # Given somebody who was on the way to a page
            loaded = client.get("/sign-in?next=/account")
            answer = client.send_from(loaded, handle=handle, passphrase=PASSPHRASE)
            # Then a page says what to do
            assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
            assert "go back and send it again in 5 seconds" in text_of(answer)
            assert PASSPHRASE not in answer.get_data(as_text=True)
            pages[handle] = answer.get_data(as_text=True), sorted(name for name, _ in answer.headers)
    # And nothing tells a known handle from an unknown one
    assert pages["lead"] == pages["nobody-of-that-name"]
    assert ask(database, "SELECT * FROM throttles") == []
    # When the queue is shorter, the page that one goes back to lets in, and to where one was going
    answer = client.send_from(loaded, handle="lead", passphrase=PASSPHRASE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


def test_whoever_waits_elsewhere_for_a_passphrase_is_told_to_go_back_and_send_it_again(
    signed_in: SignIn,
) -> None:
    mine = signed_in("lead")
    loaded = mine.get("/account/second-factor")
    with full_queue():
        answer = mine.send_from(loaded, passphrase=PASSPHRASE, new_code="123456")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "go back and send it again" in text_of(answer)


def test_when_too_many_sign_in_at_once_the_owner_gets_in_by_the_own_browser(app: Flask) -> None:
    owner, stranger = new_browser(app), new_browser(app)
    owner.sign_in("lead", PASSPHRASE)
    owner.send("/work", action="/sign-out")
    stranger.set_cookie("device", "made-up.by-a-stranger")
    with full_queue():
        assert guess(stranger, "lead", passphrase=PASSPHRASE)[0].status_code == 503
        assert guess(owner, "other_lead", passphrase=PASSPHRASE)[0].status_code == 503
        assert owner.sign_in("lead", PASSPHRASE).status_code == 303


def test_whoever_is_not_signed_in_sends_no_long_form(client: StrictClient) -> None:
    answer = guess(client, "lead", passphrase="a" * 17_000)[0]
    assert answer.status_code == 400
    assert "longer than this form can take" in text_of(answer)
