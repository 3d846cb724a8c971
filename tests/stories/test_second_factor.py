"""The second factor: who must have one gets nowhere without it, and nothing that opened once opens again."""

import re
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import NOW, PASSPHRASE, PEOPLE, TOTP_SECRET, Cast
from tests.second_factor import next_code
from tests.stories.at_once import at_once, statuses
from tests.stories.pages import ask, by_class, is_anywhere, tell, words_of
from tests.strict_client import HTML, SignIn, StrictClient, parse, text_of, visitors_token
from tracker import clock
from tracker.database import Database
from tracker.identity.second_factors import code_of, forget_used_steps, provisioning_uri, use_code

MUST = ["focal_point", "alternate", "validating_officer", "coordinator", "registrar", "administrator"]
SECRET = "UPDATE accounts SET totp_secret = NULL, totp_last_step = NULL WHERE handle = :handle"
SET_UP = "/account/second-factor"


def secret_of(page: object) -> str:
    """The secret as it is shown for typing."""
    texts = [words_of(node) for node in parse(page).iter(f"{HTML}code")]  # type: ignore[arg-type]
    return texts[0].replace(" ", "")


def half_signed_in(app: Flask, handle: str) -> StrictClient:
    client: StrictClient = app.test_client()  # type: ignore[assignment]
    answer = client.send("/sign-in", handle=handle, passphrase=PASSPHRASE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/code")
    return client


def test_the_passphrase_alone_opens_nothing_but_the_page_of_the_code(app: Flask, database: Database) -> None:
    # Given a focal point who gave the passphrase
    client = half_signed_in(app, "focal_point")
    # Then pages of one's own lead to the code, forms are refused, and nobody is named in the frame
    for page in ("/work", "/account", SET_UP, "/updates/new/KGZ-3/A12.1"):
        assert client.get(page).headers["Location"] == f"/sign-in/code?next={page}", page
    assert client.post("/account/sign-ins/end", data=visitors_token(client)).status_code == 401
    assert "focal_point" not in text_of(client.get("/"))
    assert client.get("/").headers["Cache-Control"] == "no-store"
    # And a wrong code changes nothing
    assert "The code is not right" in text_of(client.send("/sign-in/code", code="000 000"))
    # When the code is given
    half = client.get_cookie("sign-in")
    answer = client.send("/sign-in/code?next=/calendar", code=next_code(database, "focal_point"))
    # Then the page that was wanted opens, with another token
    assert (answer.status_code, answer.headers["Location"]) == (303, "/calendar")
    whole = client.get_cookie("sign-in")
    assert half is not None
    assert whole is not None
    assert whole.value != half.value
    assert client.get("/work").status_code == 200
    assert ask(database, "SELECT needs_code FROM sign_ins") == [(False,)]
    # And the token of the half opens nothing
    thief = app.test_client()
    thief.set_cookie("sign-in", half.value)
    assert thief.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_a_code_that_comes_after_the_ten_minutes_is_told_so_and_loses_no_page_that_was_wanted(
    app: Flask, database: Database
) -> None:
    # Given somebody on the way to a page who looks for the code for longer than ten minutes
    client = half_signed_in(app, "focal_point")
    loaded = client.get("/sign-in/code?next=/calendar")
    run_out(database)
    # When the code is sent
    answer = client.send_from(loaded, code=next_code(database, "focal_point"))
    # Then nothing opened, and the page says why and asks for both again
    assert answer.status_code == 401
    assert "The ten minutes for the code are over" in text_of(answer)
    assert client.get("/work").headers["Location"].startswith("/sign-in?")
    # When both are given again, the code in time
    asked = client.send_from(answer, handle="focal_point", passphrase=PASSPHRASE).headers["Location"]
    assert asked == "/sign-in/code?next=/calendar"
    assert client.send(asked, code=next_code(database, "focal_point")).headers["Location"] == "/calendar"


def test_the_page_of_the_code_after_the_ten_minutes_loses_no_page_that_was_wanted(
    app: Flask, database: Database
) -> None:
    client = half_signed_in(app, "focal_point")
    run_out(database)
    assert client.get("/sign-in/code?next=/calendar").headers["Location"] == "/sign-in?next=/calendar"
    assert client.get("/sign-in/code?next=//elsewhere.example").headers["Location"] == "/sign-in"


def run_out(database: Database) -> None:
    """The sign-ins of everybody are over, as time would have it."""
    tell(database, "UPDATE sign_ins SET expires_at = last_seen_at")


@pytest.mark.parametrize("handle", MUST)
def test_who_must_have_one_sets_it_up_before_anything_else_opens(
    client: StrictClient, database: Database, handle: str
) -> None:
    # Given somebody who must have a second factor and has none
    tell(database, SECRET, handle=handle)
    lines = ask(database, "SELECT count(*) FROM history_lines")
    client.sign_in(handle, PASSPHRASE)
    # Then every page of one's own leads to setting it up; public pages stay open
    for page in ("/work", "/account", "/reminders", "/account/settings"):
        assert client.get(page).headers["Location"] == f"{SET_UP}?next={page}", page
    assert client.post("/account/sign-ins/end", data=visitors_token_of(client)).status_code == 401
    assert client.get("/calendar").status_code == 200
    # When the secret is put into an app and a wrong, then the right code is typed
    page = client.get(f"{SET_UP}?next=/work")
    secret, before = secret_of(page), client.get_cookie("sign-in")
    assert "is not the one that your app should show" in text_of(client.send_from(page, new_code="123456"))
    assert secret_of(client.get(SET_UP)) == secret
    answer = client.send_from(page, new_code=code_of(secret, clock.now()))
    # Then ten recovery codes are shown, with a new token, and everything of one's own opens
    assert len(list(parse(answer).iter(f"{HTML}code"))) == 10
    assert client.get_cookie("sign-in") != before
    assert client.get("/work").status_code == 200
    # And the secret is stored sealed; the history knows of the State's people alone
    assert is_anywhere(database, secret) == []
    written = ask(database, "SELECT count(*) FROM history_lines")[0][0] - lines[0][0]
    assert written == (0 if handle == "registrar" else 1)


def visitors_token_of(client: StrictClient) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").get_data(as_text=True))
    assert found
    return {"csrf_token": found[1]}


def test_somebody_independent_works_without_one_and_may_set_it_up(
    client: StrictClient, database: Database
) -> None:
    assert client.sign_in("lead", PASSPHRASE).headers["Location"] == "/work"
    page = client.get(SET_UP)
    # The passphrase is asked again, because whoever sets it up decides who gets in
    wrong = client.send_from(page, passphrase="not this one at all", new_code="123456")
    assert "The passphrase is not right" in text_of(wrong)
    secret = secret_of(page)
    answer = client.send_from(page, passphrase=PASSPHRASE, new_code=code_of(secret, clock.now()))
    assert len(list(parse(answer).iter(f"{HTML}code"))) == 10
    assert ask(database, "SELECT count(*) FROM history_lines WHERE verb = 'change_second_factor'") == [(0,)]
    # And it is asked for from then on
    client.send("/account", action="/sign-out")
    assert (
        client.send("/sign-in", handle="lead", passphrase=PASSPHRASE).headers["Location"] == "/sign-in/code"
    )


@pytest.mark.database
def test_a_code_opens_once_whatever_spaces_are_typed(app: Flask, database: Database) -> None:
    code = next_code(database, "coordinator")
    first = half_signed_in(app, "coordinator")
    assert first.send("/sign-in/code", code=f" {code[:3]} {code[3:]} ").status_code == 303
    for again in (code, f"{code[:3]} {code[3:]}", f"0{code}"):
        assert half_signed_in(app, "coordinator").send("/sign-in/code", code=again).status_code == 422


def test_a_code_of_half_a_minute_before_or_after_opens_and_no_other(database: Database, cast: Cast) -> None:
    account_id = cast["coordinator"].account_id
    assert account_id
    for seconds, opens in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        code = code_of(TOTP_SECRET, NOW + timedelta(seconds=seconds))
        with database.writing() as session:  # and nothing is committed: the next code may be an older one
            assert use_code(session, account_id, code, NOW) == opens, seconds


def test_an_older_code_than_the_one_used_opens_nothing(app: Flask, database: Database) -> None:
    now = clock.now()
    first, older = (code_of(TOTP_SECRET, now + timedelta(seconds=seconds)) for seconds in (0, -30))
    assert half_signed_in(app, "coordinator").send("/sign-in/code", code=first).status_code == 303
    assert half_signed_in(app, "coordinator").send("/sign-in/code", code=older).status_code == 422


def test_when_somebody_gave_a_code_is_forgotten_once_it_opens_nothing_any_more(
    app: Flask, database: Database
) -> None:
    assert (
        half_signed_in(app, "coordinator")
        .send("/sign-in/code", code=next_code(database, "coordinator"))
        .status_code
        == 303
    )
    used = "SELECT totp_last_step FROM accounts WHERE totp_last_step IS NOT NULL"
    for seconds, left in ((25, 1), (120, 0)):
        with database.transaction() as session:
            forget_used_steps(session, clock.now() + timedelta(seconds=seconds))
        assert len(ask(database, used)) == left


@pytest.mark.database
def test_of_many_requests_with_one_code_exactly_one_gets_in(app: Flask, database: Database) -> None:
    # Given eight browsers that gave the passphrase, and one code
    code = next_code(database, "coordinator")
    pages = [half_signed_in(app, "coordinator") for _ in range(8)]
    loaded = [page.get("/sign-in/code") for page in pages]
    # When all send it at once
    answers = at_once(
        *(partial(page.send_from, form, code=code) for page, form in zip(pages, loaded, strict=True))
    )
    # Then one is in
    assert statuses(*answers) == [303, *[422] * 7]
    assert sum(page.get("/work").status_code == 200 for page in pages) == 1


def test_a_recovery_code_opens_once_and_new_ones_replace_the_old(
    signed_in: SignIn, app: Flask, database: Database
) -> None:
    # Given ten recovery codes, stored as hashes
    mine = signed_in("focal_point")
    page = renew_codes(mine, database)
    codes = [words_of(node) for node in parse(page).iter(f"{HTML}code")]
    assert len(set(codes)) == 10
    assert "10 recovery codes are left" in text_of(mine.get("/account"))
    for code in codes:
        assert is_anywhere(database, code) == is_anywhere(database, code.replace("-", "")) == []
    # When one is used in place of a code, typed in capitals and with spaces
    typed = codes[0].upper().replace("-", " ")
    assert half_signed_in(app, "focal_point").send("/sign-in/code", code=typed).status_code == 303
    # Then it opens no more, nobody else's account, and nine are left
    assert half_signed_in(app, "focal_point").send("/sign-in/code", code=codes[0]).status_code == 422
    assert half_signed_in(app, "coordinator").send("/sign-in/code", code=codes[1]).status_code == 422
    assert "9 recovery codes are left" in text_of(mine.get("/account"))
    # And when new ones are made the old ones open nothing
    renew_codes(mine, database)
    assert half_signed_in(app, "focal_point").send("/sign-in/code", code=codes[2]).status_code == 422


def renew_codes(client: StrictClient, database: Database) -> TestResponse:
    code = next_code(database, "focal_point")
    return client.send("/account/second-factor/recovery-codes", passphrase=PASSPHRASE, code=code)


@pytest.mark.parametrize("page", [SET_UP, f"{SET_UP}/recovery-codes"])
def test_a_passphrase_alone_changes_nothing_where_there_is_a_factor_and_others_are_signed_out(
    signed_in: SignIn, database: Database, page: str
) -> None:
    # Given a focal point who is signed in in two browsers, and somebody who has one of them and the passphrase
    here, there = signed_in("focal_point"), signed_in("focal_point")
    before = ask(database, "SELECT totp_secret FROM accounts ORDER BY handle")
    loaded = here.get(page)
    new_code = {"new_code": code_of(secret_of(loaded), clock.now())} if page == SET_UP else {}
    # When the present code is missing or wrong, nothing changes
    for code in ("", "123456"):
        answer = here.send_from(loaded, passphrase=PASSPHRASE, code=code, **new_code)
        assert answer.status_code == 422
    assert ask(database, "SELECT totp_secret FROM accounts ORDER BY handle") == before
    assert ask(database, "SELECT 1 FROM recovery_codes") == []
    assert there.get("/work").status_code == 200
    # When it is right, the new codes are shown, and only this browser stays signed in, with another token
    token = here.get_cookie("sign-in")
    code = next_code(database, "focal_point")
    answer = here.send_from(loaded, passphrase=PASSPHRASE, code=code, **new_code)
    assert len(list(parse(answer).iter(f"{HTML}code"))) == 10
    assert here.get("/work").status_code == 200
    assert here.get_cookie("sign-in") != token
    assert there.get("/work").status_code == 302


def test_a_first_factor_and_its_removal_sign_out_the_other_browsers(
    signed_in: SignIn, database: Database
) -> None:
    here, there = signed_in("lead"), signed_in("lead")
    page = here.get(SET_UP)
    secret = secret_of(page)
    here.send_from(page, passphrase=PASSPHRASE, new_code=code_of(secret, clock.now()))
    assert (here.get("/work").status_code, there.get("/work").status_code) == (200, 302)
    there = signed_in("lead")
    here.send(f"{SET_UP}/remove", passphrase=PASSPHRASE, code=next_code(database, "lead"))
    assert (here.get("/work").status_code, there.get("/work").status_code) == (200, 302)


@pytest.mark.parametrize("handle", list(PEOPLE))
def test_it_is_removed_only_where_it_is_not_required(
    signed_in: SignIn, database: Database, handle: str
) -> None:
    mine = signed_in(handle)
    page, remove = mine.get("/account"), "/account/second-factor/remove"
    if handle in MUST or handle == "other_focal_point":
        assert mine.get(remove).status_code == 403
        assert "Remove the second factor" not in text_of(page)
        return
    statement = "UPDATE accounts SET totp_last_step = 7, totp_secret = :secret WHERE handle = :handle"
    tell(database, statement, handle=handle, secret=TOTP_SECRET)
    code = next_code(database, handle)
    assert "The passphrase is not right" in text_of(mine.send(remove, passphrase="another one", code=code))
    assert "The code is not right" in text_of(mine.send(remove, passphrase=PASSPHRASE, code="123 456"))
    assert mine.send(remove, passphrase=PASSPHRASE, code=code).status_code == 303
    stored = ask(
        database, "SELECT totp_secret, totp_last_step FROM accounts WHERE handle = :handle", handle=handle
    )
    assert stored == [(None, None)]


def test_the_picture_stands_in_the_page(signed_in: SignIn) -> None:
    assert len(by_class(signed_in("lead").get(SET_UP), "qr-code")) == 1


def test_the_entry_in_an_app_names_the_site_for_the_state_and_only_the_handle_for_others(cast: Cast) -> None:
    assert "issuer=UPR%20Follow-up" in provisioning_uri(cast["focal_point"], TOTP_SECRET)
    for handle in ("lead", "ombudsperson", "registrar"):
        assert provisioning_uri(cast[handle], TOTP_SECRET) == f"otpauth://totp/{handle}?secret={TOTP_SECRET}"


def test_a_page_of_the_code_without_a_passphrase_leads_back(client: StrictClient) -> None:
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"
    token = visitors_token(client)
    assert client.post("/sign-in/code", data={**token, "code": "123456"}).headers["Location"] == "/sign-in"
