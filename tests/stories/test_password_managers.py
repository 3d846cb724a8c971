"""Password managers know what the fields of a form are: at sign-in for all, else for people of the State and for whom
of an independent organisation chose it."""

import re

import pytest
from flask import Flask

from tests.cast import PASSPHRASE, Cast
from tests.second_factor import next_code
from tests.stories.pages import ask, by_class, contents, tell, words_of
from tests.strict_client import HTML, SignIn, StrictClient, find_form, parse, values_of
from tracker import clock
from tracker.database import Database
from tracker.identity import invitations
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
from tracker.policy.accounts import helps_password_managers

PAGES = {
    "/account/passphrase": ["username", "current-password", "new-password", "new-password"],
    "/account/second-factor": ["username", "current-password"],
    "/account/second-factor/recovery-codes": ["username", "current-password"],
}
STATE = ("focal_point", "validating_officer", "coordinator", "administrator")
INDEPENDENT = ("lead", "contributor", "ombudsperson", "registrar")


def expected(person: str, page: str) -> list[str]:
    """Changes of the second factor ask for a code where there is one."""
    has_factor = person in (*STATE, "registrar") and page.startswith("/account/second-factor")
    return [*PAGES[page], *(["one-time-code"] if has_factor else [])]


def hints(client: StrictClient, page: str) -> list[str]:
    """What the fields of the form in the main part are called for password managers, in their order; “off” where a
    field tells nothing."""
    answer = client.get(page)
    assert answer.status_code == 200
    form = find_form(answer, None)
    fields = [node for node in form.iter(f"{HTML}input") if node.get("autocomplete")]
    return [node.get("autocomplete") for node in fields]


def told(client: StrictClient, page: str) -> list[str]:
    """Without those that tell nothing: the code of a new secret is of no use to a manager."""
    return [hint for hint in hints(client, page) if hint != "off"]


def test_signing_in_is_the_same_for_everybody(client: StrictClient, database: Database) -> None:
    assert hints(client, "/sign-in") == ["username", "current-password"]
    asked = client.send("/sign-in", handle="focal_point", passphrase=PASSPHRASE)
    assert hints(client, asked.headers["Location"]) == ["one-time-code"]
    assert next_code(database, "focal_point")


@pytest.mark.parametrize("person", STATE)
@pytest.mark.parametrize("page", PAGES)
def test_forms_of_people_of_the_state_tell_what_their_fields_are(
    signed_in: SignIn, person: str, page: str
) -> None:
    client = signed_in(person)
    assert told(client, page) == expected(person, page)
    [handle] = [
        node.get("value")
        for node in parse(client.get(page)).iter(f"{HTML}input")
        if node.get("autocomplete") == "username"
    ]
    assert handle == person
    assert "saves_passphrase" not in values_of(find_form(client.get("/account/settings"), None))


@pytest.mark.parametrize("person", INDEPENDENT)
def test_independent_people_choose_it_in_their_settings(
    signed_in: SignIn, database: Database, person: str
) -> None:
    client = signed_in(person)
    # As long as nobody chose, no form tells
    for page in PAGES:
        assert set(hints(client, page)) == {"off"}, page
        assert person not in values_of(find_form(client.get(page), None)).values(), "nor is the handle in it"
    settings = client.get("/account/settings")
    assert values_of(find_form(settings, None))["saves_passphrase"] == "no"
    # Who chooses it gets what people of the State have
    assert client.send_from(settings, None, saves_passphrase="yes").status_code == 303
    assert [told(client, page) for page in PAGES] == [expected(person, page) for page in PAGES]
    assert client.send("/account/settings", saves_passphrase="no").status_code == 303
    assert set(hints(client, "/account/passphrase")) == {"off"}


def test_a_choice_that_is_none_is_refused_and_nobody_of_the_state_stores_one(
    signed_in: SignIn, database: Database
) -> None:
    lead = signed_in("lead")
    refused = lead.send("/account/settings", saves_passphrase="perhaps")
    assert refused.status_code == 422
    assert "Choose whether your passphrase may be saved" in words_of(
        by_class(refused, "govuk-error-summary")[0]
    )
    official = signed_in("focal_point")
    sent = {**values_of(find_form(official.get("/account/settings"), None)), "saves_passphrase": "yes"}
    assert official.post("/account/settings", data=sent).status_code == 303
    assert not [row for row in contents(database)["accounts"] if row.saves_passphrase]


@pytest.mark.parametrize(
    ("key", "maker", "role", "expected"),
    [
        ("ministry-a", "coordinator", Role.ALTERNATE, ["username", "new-password", "new-password", "email"]),
        ("cso-a", "lead", Role.CONTRIBUTOR, ["off", "off", "off"]),
    ],
)
def test_a_link_to_an_account_tells_it_for_the_state_alone(
    client: StrictClient,
    database: Database,
    cast: Cast,
    key: str,
    maker: str,
    role: Role,
    expected: list[str],
) -> None:
    with database.transaction() as session:
        organisation = session.query(Organisation).filter_by(key=key).one()
        link = invitations.invite(
            session, cast[maker], organisation, role, clock.now(), may_publish=False, note=""
        )
        token = link.token
    assert hints(client, f"/invitations/{token}") == expected
    off = (
        'autocomplete="off"'
        in re.findall(r"<form[^>]*invitations/[^>]*>", client.get(f"/invitations/{token}").text)[0]
    )
    assert off == (key == "cso-a")


@pytest.mark.parametrize(
    ("maker", "of", "expected"),
    [
        ("coordinator", "alternate", ["username", "new-password", "new-password"]),
        ("lead", "silent_contributor", ["off", "off"]),
    ],
)
def test_a_link_to_a_new_passphrase_follows_its_account(
    app: Flask, signed_in: SignIn, database: Database, cast: Cast, maker: str, of: str, expected: list[str]
) -> None:
    person = f"/people/{cast[of].account_id}"
    page = signed_in(maker).send(person, action="/renew", kind="new_passphrase")
    [address] = re.findall(r"/invitations/[\w-]{20,}", page.text)
    visitor: StrictClient = app.test_client()  # type: ignore[assignment]
    assert hints(visitor, address) == expected
    tell(database, "UPDATE accounts SET saves_passphrase = :yes WHERE handle = :of", yes=True, of=of)
    assert hints(visitor, address) == ["username", "new-password", "new-password"]


def test_the_rule(cast: Cast, database: Database) -> None:
    assert helps_password_managers(cast["visitor"]), (
        "before somebody is signed in the forms are the same for all"
    )
    assert [name for name in STATE + INDEPENDENT if helps_password_managers(cast[name])] == list(STATE)
    assert ask(database, "SELECT count(*) FROM accounts WHERE saves_passphrase")[0][0] == 0
