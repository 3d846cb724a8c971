"""Signing in and out: what ends it, where it leads, what it betrays to nobody."""

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSPHRASE
from tests.stories.pages import ask, is_anywhere, tell
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of, visitors_token
from tracker import clock
from tracker.database import Database


def _plain(answer: TestResponse) -> str:
    """A page without what differs each time: the form's token."""
    return re.sub(r'name="csrf_token" type="hidden" value="[^"]+"', "", answer.get_data(as_text=True))


def _move(database: Database, column: str, hours: float) -> None:
    moment = (clock.now() + timedelta(hours=hours)).replace(tzinfo=None)
    tell(
        database,
        f"UPDATE sign_ins SET {column} = :moment",
        moment=moment.strftime("%Y-%m-%d %H:%M:%S.%f") + _zone(database),
    )


def _zone(database: Database) -> str:
    return "" if database.engine.name == "sqlite" else "+00"


def test_somebody_signs_in_works_and_signs_out(client: StrictClient) -> None:
    # Given a visitor who opens a page of one's own and is asked to sign in
    asked = client.get("/work")
    assert asked.status_code == 302
    assert asked.headers["Location"] == "/sign-in?next=/work"
    # When the right handle (in any case) and passphrase are typed
    answer = client.send(asked.headers["Location"], handle=" Lead ", passphrase=PASSPHRASE)
    # Then the page that was wanted opens
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/work"
    assert "lead" in text_of(client.get("/work"))
    # And the form is not shown to who is in already
    assert client.get("/sign-in").headers["Location"] == "/work"
    # When the person signs out
    answer = client.send("/work", action="/sign-out")
    # Then the page is closed again
    assert answer.status_code == 303
    assert client.get("/work").status_code == 302


@pytest.mark.parametrize("handle", ["focal_point", "nobody-of-that-name"])
def test_a_wrong_passphrase_and_an_unknown_handle_get_the_same_page(
    client: StrictClient, handle: str, database: Database
) -> None:
    expected = client.send("/sign-in", handle="x", passphrase="not the right one")
    answer = client.send("/sign-in", handle=handle, passphrase="not the right one")
    assert answer.status_code == 422
    assert _plain(answer).replace(f'value="{handle}"', 'value="x"') == _plain(expected)
    assert "The username or the passphrase is not right" in text_of(answer)
    assert "not the right one" not in answer.get_data(as_text=True)
    assert ask(database, "SELECT 1 FROM sign_ins") == []


def test_missing_fields_are_named_and_the_handle_is_kept(client: StrictClient) -> None:
    answer = client.send("/sign-in", handle="focal_point", passphrase="")
    assert answer.status_code == 422
    assert "Enter your passphrase" in text_of(answer)
    assert values_of(find_form(answer, None))["handle"] == "focal_point"


def test_signing_out_ends_it_on_the_server(signed_in: SignIn, app: Flask) -> None:
    # Given a copy of the cookie
    client = signed_in("focal_point")
    found = client.get_cookie("sign-in")
    assert found is not None
    thief = app.test_client()
    thief.set_cookie("sign-in", found.value)
    assert thief.get("/work").status_code == 200
    # When its owner signs out
    client.send("/work", action="/sign-out")
    # Then the copy opens nothing
    assert thief.get("/work").status_code == 302


def test_the_database_holds_no_token_that_opens_anything(signed_in: SignIn, database: Database) -> None:
    found = signed_in("focal_point").get_cookie("sign-in")
    assert found is not None
    assert len(found.value) >= 43
    stored = ask(database, "SELECT * FROM sign_ins")
    assert len(stored) == 1
    assert found.value not in repr(stored)


@pytest.mark.parametrize(
    ("column", "hours", "is_in"),
    [("last_seen_at", -1.9, True), ("last_seen_at", -2.1, False), ("expires_at", -0.1, False)],
)
def test_a_sign_in_ends_after_idle_hours_and_after_half_a_day(
    signed_in: SignIn, database: Database, column: str, hours: float, is_in: bool
) -> None:
    client = signed_in("focal_point")
    _move(database, column, hours)
    assert client.get("/work").status_code == (200 if is_in else 302)


def test_use_keeps_a_sign_in_alive_but_not_beyond_its_end(signed_in: SignIn, database: Database) -> None:
    client = signed_in("focal_point")
    before = ask(database, "SELECT expires_at FROM sign_ins")
    _move(database, "last_seen_at", -1.5)
    old = ask(database, "SELECT last_seen_at FROM sign_ins")
    client.get("/calendar")
    assert ask(database, "SELECT last_seen_at FROM sign_ins") > old
    assert ask(database, "SELECT expires_at FROM sign_ins") == before


def test_an_ended_account_is_out_at_the_next_request(signed_in: SignIn, database: Database) -> None:
    client = signed_in("focal_point")
    moment = clock.now().strftime("%Y-%m-%d %H:%M:%S") + _zone(database)
    tell(database, "UPDATE accounts SET ended_at = :at WHERE handle = 'focal_point'", at=moment)
    assert client.get("/work").status_code == 302
    assert client.send("/sign-in", handle="focal_point", passphrase=PASSPHRASE).status_code == 422


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/work\r\nX-Bad: 1",
        "/\t/evil.example",
        "/%09/../work bad",
        "javascript:alert(1)",
        "work",
        "",
    ],
)
def test_after_signing_in_nobody_is_led_to_another_site(client: StrictClient, wanted: str) -> None:
    loaded = client.get("/sign-in", query_string={"next": wanted})
    answer = client.send_from(loaded, handle="lead", passphrase=PASSPHRASE, next=wanted)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/work"


def test_after_signing_in_the_page_that_was_wanted_opens_with_its_query(client: StrictClient) -> None:
    loaded = client.get("/sign-in", query_string={"next": "/recommendations?q=courts&page=x"})
    answer = client.send_from(loaded, handle="lead", passphrase=PASSPHRASE)
    assert answer.headers["Location"] == "/recommendations?q=courts&page=x"


def test_a_wanted_page_that_is_no_address_leads_to_the_own_work(client: StrictClient) -> None:
    loaded = client.get("/sign-in", query_string={"next": "//[x"})
    assert client.send_from(loaded, handle="lead", passphrase=PASSPHRASE).headers["Location"] == "/work"


def test_a_form_without_its_token_is_refused_with_a_page(client: StrictClient, database: Database) -> None:
    answer = client.post("/sign-in", data={"handle": "focal_point", "passphrase": PASSPHRASE})
    assert answer.status_code == 400
    assert "open the form again and send it once more" in text_of(answer)
    assert ask(database, "SELECT 1 FROM sign_ins") == []


def test_a_token_of_another_browser_is_refused(signed_in: SignIn, app: Flask) -> None:
    token = token_of(signed_in("focal_point"))
    other = signed_in("alternate")
    assert other.post("/sign-out", data=token).status_code == 400
    assert other.get("/work").status_code == 200


def test_on_http_at_this_machine_the_cookie_is_kept_from_scripts_and_other_sites(
    client: StrictClient,
) -> None:
    answer = client.sign_in("focal_point", PASSPHRASE)
    given = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("sign-in="))
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "Secure" not in given
    assert "Path=/" in given


def test_what_signed_in_people_see_is_never_stored(signed_in: SignIn, client: StrictClient) -> None:
    mine = signed_in("focal_point")
    for page in ("/", "/work", "/recommendations/KGZ-3/A12", "/nowhere"):
        assert mine.get(page).headers["Cache-Control"] == "no-store", page
    for page in ("/", "/recommendations", "/recommendations/KGZ-3/A12", "/calendar", "/communications"):
        answer = client.get(page)
        assert "Set-Cookie" not in answer.headers, page
        assert answer.headers["Cache-Control"] == "no-cache", page
        assert "Cookie" in answer.headers["Vary"], page


def test_a_page_with_the_token_of_forms_is_never_stored_and_leaves_the_others_as_they_were(
    client: StrictClient,
) -> None:
    # Given a visitor who opens a form, twice: the second page gives no cookie, and carries the token as well
    for has_cookie in (True, False):
        answer = client.get("/sign-in")
        assert ("Set-Cookie" in answer.headers) == has_cookie
        assert answer.headers["Cache-Control"] == "no-store"
    # Then pages for reading are cached as before, and give nothing
    for page in ("/", "/recommendations", "/recommendations/KGZ-3/A12", "/protection", "/nowhere"):
        answer = client.get(page)
        assert "Set-Cookie" not in answer.headers, page
        assert answer.headers["Cache-Control"] == "no-cache", page


def test_a_cookie_that_was_never_given_opens_nothing(client: StrictClient) -> None:
    client.set_cookie("sign-in", "A" * 43)
    assert client.get("/work").status_code == 302
    client.set_cookie("sign-in", "\x00ü")
    assert client.get("/work").status_code == 302


def test_no_address_browser_or_way_here_of_a_visitor_is_in_any_log(
    app: Flask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    # Given everything logged, and a view that breaks
    app.add_url_rule("/broken", view_func=lambda: str(1 / 0))
    caplog.set_level(logging.DEBUG)
    client: StrictClient = app.test_client()  # type: ignore[assignment]
    far = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    far |= {"HTTP_USER_AGENT": "canary-browser", "HTTP_REFERER": "https://canary.example/"}
    # When somebody reads, fails to sign in, signs in and meets a fault of ours
    for page in ("/", "/recommendations?q=courts", "/nowhere", "/work", "/recommendations?level=x"):
        client.get(page, environ_overrides=far)
    client.post("/sign-in", data={"handle": "a"}, environ_overrides=far)
    form = visitors_token(client) | {"handle": "focal_point", "passphrase": PASSPHRASE}
    assert client.post("/sign-in", data=form, environ_overrides=far).status_code == 303
    assert client.get("/broken", environ_overrides=far).status_code == 500
    # Then the fault is logged, the address is not, and no table holds it
    assert "unexpected ZeroDivisionError" in caplog.text
    for trace in ("203.0.113.9", "canary"):
        assert trace not in caplog.text
        assert is_anywhere(database, trace) == []


def test_no_log_says_who_signs_in_or_tries_to(client: StrictClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert client.send("/sign-in", handle="focal_point", passphrase="a wrong one").status_code == 422
    assert client.sign_in("other_lead", PASSPHRASE).status_code == 303
    for said in ("focal_point", "a wrong one", "other_lead", PASSPHRASE):
        assert said not in caplog.text


def test_whoever_is_signed_out_while_writing_gets_the_text_back(
    signed_in: SignIn, database: Database
) -> None:
    # Given a focal point with the form open, whose sign-in ends meanwhile
    writer = signed_in("focal_point")
    loaded = writer.get("/updates/new/KGZ-3/A12.1")
    tell(database, "DELETE FROM sign_ins")
    # When the form is sent
    answer = writer.send_from(loaded, None, "keep", done="Eleven officers were trained in the south.")
    # Then nothing is stored, and the text is there to be copied
    assert answer.status_code == 401
    assert "Eleven officers were trained in the south." in text_of(answer)
    assert "Copy your text from this page, sign in, open the form again" in text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert ask(database, "SELECT count(*) FROM progress_updates") == [(0,)]
