"""The way out of the pages of independent people, and the page that says what is protected and what is not."""

import logging
import re
import time

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from config import Config
from tests.cast import PASSPHRASE, PEOPLE, TOTP_SECRET, read_account
from tests.stories.pages import ask, by_id, contents, link_of, words_of
from tests.strict_client import HTML, SignIn, StrictClient, find_form, parse, token_of
from tracker import clock
from tracker.database import WRITE_LOCK_SECONDS, Database
from tracker.identity.sign_ins import actor_of, begin_sign_in
from tracker.policy.accounts import must_have_second_factor

AWAY = "https://www.wikipedia.org/"
INDEPENDENT = (
    "contributor",
    "silent_contributor",
    "lead",
    "other_lead",
    "ombudsperson",
    "registrar",
)
PAGES = (
    "/",
    "/work",
    "/recommendations",
    "/recommendations/KGZ-3/A12",
    "/protection",
    "/nowhere",
    "/reminders",
)
STATEMENTS = [*(f"P{number}" for number in range(1, 13)), *(f"L{number}" for number in range(1, 8))]
"""P as in the threat model of this project; L are the limits."""


def first_stops(client: StrictClient, page: str) -> list[str]:
    """What somebody meets who presses the Tab key, from the top."""
    return stops_of(client.get(page))


def stops_of(answer: TestResponse) -> list[str]:
    nodes = parse(answer).iter()
    stops = [node for node in nodes if node.tag in (f"{HTML}a", f"{HTML}button")]
    return [words_of(node) for node in stops]


def test_every_page_of_an_independent_person_begins_with_the_way_out(signed_in: SignIn) -> None:
    for person in INDEPENDENT:
        client = signed_in(person)
        for page in PAGES:
            stops = first_stops(client, page)
            assert stops[1] == "Leave this site now", (person, page)
            assert stops[2] == "What is protected and what is not", (person, page)


def test_nobody_of_the_state_and_no_visitor_is_given_a_way_out_that_tells_of_others(
    signed_in: SignIn, client: StrictClient
) -> None:
    clients = [signed_in(person) for person in PEOPLE if person not in INDEPENDENT]
    for one in (client, *clients):
        for page in PAGES:
            if page != "/protection":
                assert "Leave this site now" not in first_stops(one, page)
                assert "wikipedia" not in one.get(page).headers["Content-Security-Policy"]


def test_everybody_between_passphrase_and_second_factor_has_the_way_out_and_nothing_tells_whose_account_it_is(
    app: Flask, database: Database
) -> None:
    """Also people of the State: who holds a passphrase alone, perhaps not the own, must not learn what it opens."""
    pages: dict[bool, set[str]] = {needs_code: set() for needs_code in (True, False)}
    for person in PEOPLE:
        for needs_code in pages:
            client = begun(app, database, person, needs_code=needs_code)
            if not client:
                continue
            # Given somebody who owes a code, or who must set up a second factor first
            page = "/sign-in/code" if needs_code else "/account/second-factor"
            answer = client.get(page)
            # Then the page begins with the way out, and so does that of a mistake
            wrong = client.send_from(answer, **{"code" if needs_code else "new_code": "000000"})
            for shown in (answer, wrong):
                assert stops_of(shown)[1:3] == ["Leave this site now", "What is protected and what is not"]
                assert (
                    "form-action 'self' https://www.wikipedia.org;"
                    in shown.headers["Content-Security-Policy"]
                )
            pages[needs_code].add(said_to_all(answer, person))
            # And one press leads away and ends what was begun
            assert client.send_from(wrong, "/protection/leave").headers["Location"] == AWAY
            assert ask(database, "SELECT 1 FROM sign_ins") == []
    # And the page of the code, and that of the first second factor, is the same to all
    assert [len(pages[needs_code]) for needs_code in (True, False)] == [1, 1]


def begun(app: Flask, database: Database, handle: str, *, needs_code: bool) -> StrictClient | None:
    """Somebody who gave the passphrase; None where no second factor is asked for first."""
    with database.transaction() as session:
        account = read_account(session, handle)
        account.totp_secret = TOTP_SECRET if needs_code else None
        if not needs_code and not must_have_second_factor(actor_of(account)):
            return None
        token = begin_sign_in(session, account.id, clock.now(), needs_code=needs_code)
    client: StrictClient = app.test_client()  # type: ignore[assignment]
    client.set_cookie("sign-in", token)
    return client


def said_to_all(answer: TestResponse, handle: str) -> str:
    """The page without the own handle, the secret and the token of forms."""
    page = re.sub(
        r'name="csrf_token"[^>]*|<svg.*</svg>|<code>[^<]+</code>',
        "",
        answer.get_data(as_text=True),
        flags=re.DOTALL,
    )
    return page.replace(f">{handle}<", "><")


def test_one_press_ends_the_sign_in_and_leads_away(signed_in: SignIn, app: Flask, database: Database) -> None:
    # Given somebody who writes an assessment, and a copy of the cookie
    client = signed_in("contributor")
    form = client.get("/assessments/new/KGZ-3/A12.1")
    held = client.get_cookie("sign-in")
    assert held is not None
    thief = app.test_client()
    thief.set_cookie("sign-in", held.value)
    # When the way out is pressed
    answer = client.send_from(form, "/protection/leave")
    # Then another site opens, this one asks the browser to forget, and nobody is signed in any more
    assert (answer.status_code, answer.headers["Location"]) == (303, AWAY)
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get_cookie("sign-in") is None
    assert thief.get("/work").status_code == 302
    assert ask(database, "SELECT 1 FROM sign_ins") == []


def test_the_way_out_forgets_that_somebody_signed_in_with_this_browser(
    client: StrictClient, database: Database
) -> None:
    client.sign_in("lead", PASSPHRASE)
    assert client.get_cookie("device") is not None
    assert len(ask(database, "SELECT 1 FROM known_browsers")) == 1
    answer = client.send("/work", "/protection/leave")
    # By name, for browsers that do not know Clear-Site-Data
    assert any(line.startswith("device=;") for line in answer.headers.getlist("Set-Cookie"))
    assert client.get_cookie("device") is None
    assert ask(database, "SELECT 1 FROM known_browsers") == []


def test_the_way_out_is_never_barred_but_ends_nothing_without_the_token(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    mine, other = signed_in("lead"), signed_in("contributor")
    before = contents(database)
    for data in ({}, {"csrf_token": "x"}, token_of(other)):
        cookie = mine.get_cookie("sign-in")
        assert mine.post("/protection/leave", data=data).headers["Location"] == AWAY
        assert cookie is not None
        mine.set_cookie("sign-in", cookie.value)
        assert mine.get("/work").status_code == 200
    assert client.post("/protection/leave").headers["Location"] == AWAY
    assert contents(database) == before


@pytest.mark.database
def test_the_way_out_waits_for_nobody_who_writes(
    signed_in: SignIn, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    mine = signed_in("lead")
    form = mine.get("/work")
    cookie = mine.get_cookie("sign-in")
    assert cookie is not None
    # Given somebody who writes for long, in PostgreSQL that very sign-in
    with database.writing() as other:
        other.execute(text("UPDATE sign_ins SET needs_code = needs_code"))
        # When the way out is pressed
        begun = time.monotonic()
        answer = mine.send_from(form, "/protection/leave")
        # Then it leads away, the browser forgets, and the log says nothing of who that was
        assert time.monotonic() - begun < WRITE_LOCK_SECONDS / 2  # which is how long others wait, or for ever
        assert (answer.status_code, answer.headers["Location"]) == (303, AWAY)
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert mine.get_cookie("sign-in") is None
    [line] = [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING]
    assert line.startswith("database unavailable: ")
    # And the next press ends it
    mine.set_cookie("sign-in", cookie.value)
    mine.send("/work", "/protection/leave")
    assert ask(database, "SELECT 1 FROM sign_ins") == []


def test_the_browser_lets_the_form_lead_away(signed_in: SignIn, config: Config) -> None:
    answer = signed_in("lead").get("/work")
    assert "form-action 'self' https://www.wikipedia.org;" in answer.headers["Content-Security-Policy"]
    assert config.LEAVE_URL == AWAY
    assert AWAY not in answer.get_data(as_text=True)
    assert find_form(answer, "/protection/leave").get("method") == "post"


def test_everybody_reads_what_is_protected_and_each_statement_has_its_name(client: StrictClient) -> None:
    answer = client.get("/protection")
    sections = [node.get("id") for node in parse(answer).iter(f"{HTML}section") if node.get("id")]
    assert sections == STATEMENTS
    for statement in STATEMENTS:
        assert words_of(by_id(answer, statement)), statement
    assert first_stops(client, "/protection")[1] == "Leave this site now"
    assert link_of(answer, "Leave this site now") == AWAY
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("page", ["/", "/recommendations", "/calendar", "/sign-in", "/nowhere"])
def test_every_page_leads_to_what_is_protected(client: StrictClient, page: str) -> None:
    assert link_of(client.get(page), "What is protected and what is not") == "/protection"
