"""The page of one's own account: sign-ins, passphrase, language and mail; nothing of anybody else."""

from datetime import date, timedelta

import pytest

from tests.cast import PASSPHRASE, PEOPLE
from tests.second_factor import next_code
from tests.stories.pages import ask, contents, is_anywhere, sentences, tell, words_of
from tests.strict_client import HTML, SignIn, StrictClient, find_form, parse, text_of, token_of, values_of
from tests.web.crawl import plain
from tracker import clock
from tracker.database import Database
from tracker.services.reminders import remind_of_milestones

UNKNOWN = "/account/sign-ins/00000000-0000-0000-0000-000000000000/end"
NEW = "seven grey herons over a quiet harbour"


def rows(client: StrictClient) -> list[str]:
    return [
        words_of(row)
        for body in parse(client.get("/account")).iter(f"{HTML}tbody")
        for row in body.iter(f"{HTML}tr")
    ]


def ends(client: StrictClient) -> list[str]:
    """The addresses of the buttons that end one sign-in, in the order of the page."""
    forms = [form.get("action") for form in parse(client.get("/account")).iter(f"{HTML}form")]
    return [
        action for action in forms if action and "/sign-ins/" in action and action != "/account/sign-ins/end"
    ]


def long_ago(database: Database, minutes: int) -> None:
    at = clock.now() - timedelta(minutes=minutes)
    zone = "" if database.engine.name == "sqlite" else "+00"
    tell(database, "UPDATE sign_ins SET last_seen_at = :at", at=at.strftime("%Y-%m-%d %H:%M:%S.%f") + zone)


@pytest.mark.parametrize("handle", list(PEOPLE))
def test_everybody_finds_the_own_account_in_the_frame(signed_in: SignIn, handle: str) -> None:
    mine = signed_in(handle)
    assert "Your account" in text_of(mine.get("/"))
    page = text_of(mine.get("/account"))
    assert "This browser now" in page
    others = [other for other in PEOPLE if other != handle and other not in handle and f" {other} " in page]
    assert others == []


def test_this_browser_stands_first_and_others_say_roughly_when(signed_in: SignIn, database: Database) -> None:
    signed_in("focal_point")
    long_ago(database, 110)
    signed_in("alternate")
    mine = signed_in("focal_point")
    assert rows(mine) == [
        "This browser now Sign out This browser (1)",
        "Another browser last used about 2 hours ago Sign out Another browser (2)",
    ]
    # And one that ran out without use is not there
    long_ago(database, 121)
    assert len(rows(signed_in("focal_point"))) == 1


def test_one_browser_is_ended_from_another(signed_in: SignIn) -> None:
    here, there = signed_in("lead"), signed_in("lead")
    answer = here.post(ends(here)[1], data=token_of(here))
    assert answer.headers["Location"] == "/account"
    assert there.get("/work").status_code == 302
    assert here.get("/work").status_code == 200
    # And ending this one leaves, as signing out does
    answer = here.post(ends(here)[0], data=token_of(here))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert here.get("/work").status_code == 302


def test_all_are_ended_at_once_and_only_those_of_the_own_account(signed_in: SignIn) -> None:
    here, there, colleague = signed_in("lead"), signed_in("lead"), signed_in("contributor")
    answer = here.send("/account", action="/account/sign-ins/end")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert [each.get("/work").status_code for each in (here, there, colleague)] == [302, 302, 200]


def test_the_sign_in_of_somebody_else_is_not_found(signed_in: SignIn, database: Database) -> None:
    mine, other = signed_in("coordinator"), signed_in("lead")
    theirs, token = ends(other)[0], token_of(mine)
    answers = [mine.post(address, data=token) for address in (theirs, UNKNOWN)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert plain(answers[0]) == plain(answers[1])
    assert other.get("/work").status_code == 200


def test_a_new_passphrase_ends_the_other_browsers_and_renews_this_one(
    signed_in: SignIn, client: StrictClient, database: Database
) -> None:
    # Given two browsers of a contributor
    here, there = signed_in("contributor"), signed_in("contributor")
    before = here.get_cookie("sign-in")
    # When the passphrase is changed in one
    answer = here.send(
        "/account/passphrase", passphrase=PASSPHRASE, new_passphrase=NEW, new_passphrase_again=NEW
    )
    # Then this one goes on with another token, the other is out, the old passphrase opens nothing
    assert answer.headers["Location"] == "/account"
    assert "Your passphrase is changed" in text_of(here.get("/account"))
    assert here.get_cookie("sign-in") != before
    assert there.get("/work").status_code == 302
    assert client.sign_in("contributor", PASSPHRASE).status_code == 422
    assert client.sign_in("contributor", NEW).status_code == 303
    assert is_anywhere(database, NEW) == []
    assert ask(database, "SELECT 1 FROM history_lines WHERE verb = 'change_passphrase'") == []


@pytest.mark.parametrize(("handle", "lines"), [("focal_point", 1), ("administrator", 1), ("registrar", 0)])
def test_the_history_says_it_of_the_state_and_never_of_the_independent(
    signed_in: SignIn, database: Database, handle: str, lines: int
) -> None:
    mine = signed_in(handle)
    mine.send("/account/passphrase", passphrase=PASSPHRASE, new_passphrase=NEW, new_passphrase_again=NEW)
    written = sentences(database, "change_passphrase")
    assert written == [f"{handle} changed their passphrase"] * lines


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"passphrase": "another one"}, "This is not your current passphrase."),
        ({"new_passphrase_again": NEW + "x"}, "The two new passphrases differ."),
        ({"new_passphrase": "short", "new_passphrase_again": "short"}, "Use 15 characters or more."),
        (
            {"new_passphrase": "password-password-1", "new_passphrase_again": "password-password-1"},
            "Many people",
        ),
        ({"new_passphrase": "a" * 129, "new_passphrase_again": "a" * 129}, "Use 128 characters or fewer."),
        ({"passphrase": ""}, "Enter your current passphrase"),
    ],
)
def test_a_passphrase_that_is_refused_is_refused_with_the_reason(
    signed_in: SignIn, database: Database, typed: dict[str, str], said: str
) -> None:
    mine = signed_in("lead")
    before = ask(database, "SELECT passphrase_hash FROM accounts ORDER BY id")
    given = {"passphrase": PASSPHRASE, "new_passphrase": NEW, "new_passphrase_again": NEW, **typed}
    answer = mine.send("/account/passphrase", **given)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert NEW not in answer.get_data(as_text=True)
    assert ask(database, "SELECT passphrase_hash FROM accounts ORDER BY id") == before


def test_few_recovery_codes_are_called_a_risk_with_what_to_do(signed_in: SignIn, database: Database) -> None:
    mine, risk = signed_in("focal_point"), "you are locked out when your device is lost"
    # Given none: the page warns, and leads to new ones
    assert risk in text_of(mine.get("/account"))
    code = next_code(database, "focal_point")
    mine.send("/account/second-factor/recovery-codes", passphrase=PASSPHRASE, code=code)
    # When they are used up one by one
    warned = []
    for left in (10, 3, 2, 0):
        tell(
            database,
            "DELETE FROM recovery_codes WHERE id NOT IN (SELECT id FROM recovery_codes ORDER BY id LIMIT :left)",
            left=left,
        )
        page = text_of(mine.get("/account"))
        assert f"{left} recovery codes are left" in page
        warned.append(risk in page)
    # Then it warns again when two are left
    assert warned == [False, False, True, True]


def test_a_proposal_is_made_anew_in_the_chosen_language_and_opens_the_account(
    signed_in: SignIn, client: StrictClient
) -> None:
    mine = signed_in("lead")
    mine.send("/account/settings", language="ru")
    first, second = (
        next(words_of(node) for node in parse(mine.get("/account/passphrase")).iter(f"{HTML}code"))
        for _ in range(2)
    )
    assert first != second
    assert all("а" <= letter <= "я" for letter in first.replace("-", ""))
    answer = mine.send(
        "/account/passphrase", passphrase=PASSPHRASE, new_passphrase=first, new_passphrase_again=first
    )
    assert answer.status_code == 303
    assert client.sign_in("lead", first).status_code == 303


def test_language_and_mail_are_chosen_and_the_address_is_stored_sealed(
    signed_in: SignIn, database: Database
) -> None:
    mine = signed_in("focal_point")
    form = values_of(find_form(mine.get("/account/settings"), None))
    assert (form["email"], form["wants_mail"], form["language"]) == ("focal-point@example.org", "yes", "en")
    assert (
        mine.send("/account/settings", email=" new@example.org ", wants_mail="no", language="ky").status_code
        == 303
    )
    assert "You chose that nothing is sent to new@example.org." in text_of(mine.get("/account"))
    assert is_anywhere(database, "new@example.org") == []
    # And an empty address is none
    mine.send("/account/settings", email="")
    assert "No address is stored" in text_of(mine.get("/account"))


@pytest.mark.parametrize("handle", ["lead", "contributor", "ombudsperson", "registrar", "administrator"])
def test_who_gets_no_mail_is_asked_for_no_address_and_none_is_stored(
    signed_in: SignIn, database: Database, handle: str
) -> None:
    mine = signed_in(handle)
    loaded = mine.get("/account/settings")
    assert set(values_of(find_form(loaded, None))) - {"saves_passphrase"} == {"csrf_token", "language"}
    assert "mail" not in text_of(loaded)
    forged = {**token_of(mine), "language": "ky", "email": "who@example.org", "wants_mail": "yes"}
    assert mine.post("/account/settings", data=forged).status_code == 303
    [row] = ask(database, "SELECT * FROM accounts WHERE handle = :handle", handle=handle)
    assert (row.language, row.email) == ("ky", None)
    assert "This site sends you no mail." in text_of(mine.get("/account"))


@pytest.mark.parametrize(
    "email", ["nobody", "a@b", "a@b.c d@e.f", "a@b.c\r\nBcc: d@e.f", "x" * 250 + "@a.example"]
)
def test_an_address_that_is_none_is_refused_and_kept_in_the_form(
    signed_in: SignIn, database: Database, email: str
) -> None:
    mine = signed_in("focal_point")
    before = contents(database)
    answer = mine.send("/account/settings", email=email)
    assert answer.status_code == 422
    assert "Enter an e-mail address such as" in text_of(answer)
    assert contents(database) == before


def test_who_wants_no_mail_gets_none_and_alarms_the_coordinator(
    signed_in: SignIn, database: Database
) -> None:
    mine, coordinator = signed_in("other_focal_point"), signed_in("coordinator")
    said = "the focal point other_focal_point has no e-mail address or wants no mail"
    assert said not in text_of(coordinator.get("/reminders"))
    mine.send("/account/settings", wants_mail="no")
    assert said in text_of(coordinator.get("/reminders"))
    # And a reminder that is due goes to the others
    with database.transaction() as session:
        assert remind_of_milestones(session, date(2026, 12, 8), clock.now(), "http://localhost") > 1
    written = ask(database, "SELECT handle FROM outgoing_mails JOIN accounts ON accounts.id = account_id")
    handles = {handle for (handle,) in written}
    assert "focal_point" in handles
    assert "other_focal_point" not in handles


def test_every_form_of_the_account_needs_a_signed_in_person(client: StrictClient) -> None:
    for page in ("/account", "/account/passphrase", "/account/settings", "/account/second-factor"):
        assert client.get(page).headers["Location"] == f"/sign-in?next={page}"
