"""Whoever chooses a passphrase while too many sign in gets the form back, with the passphrase that was written down."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSPHRASE
from tests.stories.busy import full_queue
from tests.stories.invitations import OWN, id_of_account, invite, path_of
from tests.stories.pages import ask, by_class, contents, words_of
from tests.strict_client import HTML, SignIn, StrictClient, find_form, parse, token_of, values_of
from tracker.database import Database

pytestmark = pytest.mark.database

PAGE = "/account/passphrase"


def shown(answer: TestResponse) -> str:
    """The passphrase that the page generated, as it stands there to be written down."""
    [code] = [words_of(node) for node in parse(answer).iter(f"{HTML}code")]
    return code


def assert_given_back(answer: TestResponse, generated: str) -> None:
    """The page says what happened and what to do, and shows the same passphrase."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    [summary] = by_class(answer, "govuk-error-summary")
    assert "Too many people are signing in right now, so nothing was changed" in words_of(summary)
    assert "in 5 seconds" in words_of(summary)
    assert shown(answer) == generated


def typed_of(answer: TestResponse) -> dict[str, str]:
    return values_of(find_form(answer, None))


def test_an_invitation_is_given_back_with_the_handle_and_the_same_passphrase(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given somebody who wrote the generated passphrase down
    loaded = client.get(invite(signed_in("coordinator"), "ministry-a", "focal_point"))
    generated, before = shown(loaded), ask(database, "SELECT count(*) FROM accounts")
    # When it is sent while too many sign in
    with full_queue():
        answer = client.send_from(loaded, handle="grey-fox", email="fox@example.org")
    # Then everything is there still, no account is, and it was none of the ten tries
    assert_given_back(answer, generated)
    assert [typed_of(answer)[name] for name in ("handle", "email")] == ["grey-fox", "fox@example.org"]
    assert ask(database, "SELECT count(*) FROM accounts") == before
    assert sum(row.times for row in ask(database, "SELECT times FROM throttles")) == 0
    # When that form is sent again, what was written down opens the account
    assert client.send_from(answer).status_code == 303
    client.send("/account/second-factor", action="/sign-out")
    assert client.send("/sign-in", handle="grey-fox", passphrase=generated).status_code == 303


def test_an_own_passphrase_is_not_sent_back_and_its_choice_stays(
    signed_in: SignIn, client: StrictClient
) -> None:
    loaded = client.get(invite(signed_in("lead"), "cso-a", "contributor"))
    with full_queue():
        answer = client.send_from(loaded, handle="grey-fox", choice="own", own=OWN, again=OWN)
    assert_given_back(answer, shown(loaded))
    assert OWN not in answer.get_data(as_text=True)
    assert typed_of(answer)["choice"] == "own"
    assert client.send_from(answer, own=OWN, again=OWN).status_code == 303


def test_a_link_to_a_new_passphrase_is_given_back_with_the_same_one(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    lead, person = signed_in("lead"), f"/people/{id_of_account(database, 'contributor')}"
    link = path_of(lead.post(f"{person}/renew", data={**token_of(lead), "kind": "new_passphrase"}))
    loaded, before = client.get(link), contents(database)
    with full_queue():
        answer = client.send_from(loaded)
    assert_given_back(answer, shown(loaded))
    assert contents(database) == before
    assert client.send_from(answer).status_code == 200
    assert client.sign_in("contributor", shown(loaded)).status_code == 303


@pytest.mark.parametrize("is_known", [False, True])
def test_a_changed_passphrase_is_given_back_with_the_same_proposal(
    app: Flask, signed_in: SignIn, client: StrictClient, database: Database, *, is_known: bool
) -> None:
    # Given somebody whose present passphrase is looked at in the line of known browsers, or not at all
    mine = client if is_known else signed_in("lead")
    if is_known:
        assert client.sign_in("lead", PASSPHRASE).status_code == 303
    loaded = mine.get(PAGE)
    proposal = shown(loaded)
    typed = {"passphrase": PASSPHRASE, "new_passphrase": proposal, "new_passphrase_again": proposal}
    stored = "SELECT passphrase_hash FROM accounts ORDER BY id"
    before = ask(database, stored)
    # When it is sent while too many sign in
    with full_queue():
        answer = mine.send_from(loaded, **typed)
    # Then the proposal that was written down stands there still, and none of the passphrases was sent back
    assert_given_back(answer, proposal)
    assert PASSPHRASE not in answer.get_data(as_text=True)
    assert ask(database, stored) == before
    # And so it does after a mistake
    wrong = mine.send_from(answer, **{**typed, "new_passphrase_again": ""})
    assert (wrong.status_code, shown(wrong)) == (422, proposal)
    assert mine.send_from(wrong, **typed).status_code == 303
    assert app.test_client().sign_in("lead", proposal).status_code == 303  # type: ignore[attr-defined]
