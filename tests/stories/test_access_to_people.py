"""Who opens which page about people: it works, a colleague may, a stranger finds nothing, a reader without the right
changes nothing. What the State and the administrator may never see is in `test_two_worlds.py`."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PEOPLE
from tests.stories.invitations import accept, id_of_account, invite, with_hyphens
from tests.stories.pages import ask, contents, link_of, tell
from tests.strict_client import SignIn, StrictClient, text_of, token_of, visitors_token
from tracker.database import Database

pytestmark = pytest.mark.uncounted

UNKNOWN = "00000000-0000-4000-8000-000000000000"
MANAGERS = ("coordinator", "administrator")

PAGES = {
    # Address, what is sent (None: nothing is), what is answered to whoever may
    "invitations.invite": ("/invitations/new/{key}", {"role": "{role}"}, [200, 200]),
    "people.person": ("/people/{person}", None, [200]),
    "people.end": ("/people/{person}/end", {}, [200, 303]),
    "people.renew": ("/people/{person}/renew", {"kind": "new_passphrase"}, [200]),
    "invitations.withdraw": ("/invitations/{link}/withdraw", {}, [303]),
}
OF_THE_STATE = {
    "people.give_role": ("/people/{person}/give-role", {"role": "coordinator"}, [303]),
    "people.take_role": ("/people/{person}/take-role", {"role": "coordinator"}, [303]),
    "people.hand_over": ("/people/{person}/hand-over", {"successor": "new"}, [200, 200]),
}
OF_LEADS = {"people.publishing": ("/people/{person}/publishing", {"given": "1"}, [303])}
OTHERS = {"organisations.admit", "invitations.administrator"}
"""They have a test each."""
ALL = {*PAGES, *OF_THE_STATE, *OF_LEADS, *OTHERS}
WITHOUT_PAGE = (
    "people.renew",
    "people.give_role",
    "people.take_role",
    "people.publishing",
    "invitations.withdraw",
)
SENT = {**PAGES, **OF_THE_STATE, **OF_LEADS}
STATE, INDEPENDENT = "state", "independent"
WORLDS = [(page, world) for page in PAGES for world in (STATE, INDEPENDENT)]
WORLDS += [(page, STATE) for page in OF_THE_STATE] + [(page, INDEPENDENT) for page in OF_LEADS]
BY_REGISTRAR = ("invitations.invite",)
"""Of an organisation that it may have admitted; what it sees there: test_people.py."""
FindNames = Callable[[str, str], dict[str, str]]


@pytest.fixture
def find_names(signed_in: SignIn, database: Database) -> FindNames:
    """What the addresses of a world name: an organisation, a person and an open link of it."""

    def found(world: str, which: str) -> dict[str, str]:
        """`which` names another person of the same organisation."""
        key, role, by = ("ministry-a", "alternate", "coordinator")
        people = {"first": "focal_point", "second": "alternate"}
        if world == INDEPENDENT:
            key, role, by = ("cso-a", "contributor", "lead")
            people = {"first": "silent_contributor", "second": "contributor"}
        tell(database, "DELETE FROM invitations")
        invite(signed_in(by), key, role)
        [link] = ask(database, "SELECT id FROM invitations")
        person = id_of_account(database, people[which])
        return {"key": key, "person": person, "link": with_hyphens(link.id), "role": role}

    return found


def open_and_send(client: StrictClient, page: str, names: dict[str, str], token: dict[str, str]) -> list[int]:
    """The status of the page, where there is one, then of its form, where there is one."""
    address, fields, _ = SENT[page]
    address = address.format(**names)
    found = [] if page in WITHOUT_PAGE else [client.get(address).status_code]
    if fields is not None:
        data = {name: value.format(**names) for name, value in fields.items()}
        found.append(client.post(address, data={**token, **data}).status_code)
    return found


@pytest.mark.parametrize(("page", "world"), WORLDS)
def test_a_page_works_for_who_may_and_a_colleague(
    app: Flask, signed_in: SignIn, find_names: FindNames, page: str, world: str
) -> None:
    people = [signed_in(MANAGERS[0]), signed_in(MANAGERS[1])]
    if world == INDEPENDENT:
        people = [signed_in("lead")]
        people.append(accept(app, invite(people[0], "cso-a", "organisation_lead"), "second_lead"))
    for client, handle in zip(people, ("first", "second"), strict=True):
        names = find_names(world, handle)
        assert open_and_send(client, page, names, token_of(client)) == SENT[page][2]


@pytest.mark.parametrize(("page", "world"), WORLDS)
def test_a_stranger_finds_nothing_and_a_reader_without_the_right_changes_nothing(
    signed_in: SignIn, client: StrictClient, database: Database, find_names: FindNames, page: str, world: str
) -> None:
    names = find_names(world, "first")
    unknown = {**names, "key": "no-such-key", "person": UNKNOWN, "link": UNKNOWN}
    before = contents(database)
    may = {*MANAGERS} if world == STATE else {"lead"}
    if world == INDEPENDENT and page in BY_REGISTRAR:
        may.add("registrar")
    for person in [each for each in PEOPLE if each not in may]:
        other = signed_in(person)
        token = token_of(other)
        found = open_and_send(other, page, names, token)
        assert set(found) == {404 if _keeps(person, page) else 403}, person
        # What exists and what does not get the same answer
        assert found == open_and_send(other, page, unknown, token), person
    # A visitor is asked to sign in
    asked = [302] * (page not in WITHOUT_PAGE) + [401] * (SENT[page][1] is not None)
    for each in (names, unknown):
        assert open_and_send(client, page, each, visitors_token(client)) == asked
    assert contents(database) == before


def test_everybody_reads_the_page_of_a_ministry_and_only_who_manages_its_people_sees_them(
    signed_in: SignIn, client: StrictClient, find_names: FindNames
) -> None:
    names = find_names(STATE, "first")
    clients = {person: signed_in(person) for person in PEOPLE} | {"visitor": client}
    for person, mine in clients.items():
        page = mine.get("/organisations/ministry-a")
        assert page.status_code == 200, person
        assert "Leads 1 of 44 recommendations" in text_of(page), person
        manages = person in MANAGERS
        assert (link_of(page, "Invite somebody") is not None) == manages, person
        assert ("Open links" in text_of(page)) == manages, person
        for said in (names["person"], names["link"], "open until", "no second factor"):
            assert (said in page.get_data(as_text=True)) <= manages, (person, said)
        for handle in ("focal_point", "alternate", "validating_officer"):
            is_own_name = person == handle  # in the header
            assert (f">{handle}<" in page.get_data(as_text=True)) <= (manages or is_own_name), (
                person,
                handle,
            )


def test_an_independent_organisation_is_the_same_to_others_as_an_unknown_one(
    signed_in: SignIn, client: StrictClient
) -> None:
    clients = {person: signed_in(person) for person in PEOPLE} | {"visitor": client}
    for person, mine in clients.items():
        page, unknown = mine.get("/organisations/cso-a"), mine.get("/organisations/no-such-key")
        assert unknown.status_code == 404
        if person in ("lead", "registrar"):
            assert page.status_code == 200, person
            assert "Open Window" in text_of(page)
        else:
            assert page.status_code == 404, person
            assert without_tokens(page) == without_tokens(unknown), person


def without_tokens(answer: TestResponse) -> str:
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", answer.get_data(as_text=True))


def test_the_list_names_the_organisations_of_the_state_and_what_the_reader_manages(
    signed_in: SignIn, client: StrictClient
) -> None:
    of_the_state = {"Ministry of Clocks", "Ministry of Bridges", "Secretariat of the Mechanism"}
    independent = {"Open Window", "Second Lamp", "Office of the Ombudsperson"}
    more = {
        "registrar": independent,
        "lead": {"Open Window"},
        "other_lead": {"Second Lamp"},
        "ombudsperson": {"Office of the Ombudsperson"},
    }
    clients = {person: signed_in(person) for person in PEOPLE} | {"visitor": client}
    for person, mine in clients.items():
        page = mine.get("/organisations")
        named = {name for name in of_the_state | independent if link_of(page, name)}
        assert named == of_the_state | more.get(person, set()), person
        assert ("3 people" in text_of(page)) == (person in MANAGERS), person
        assert link_of(page, "Organisations") == "/organisations", person


@pytest.mark.parametrize(
    ("address", "fields", "may"),
    [
        ("/organisations/admit", {"kind": "cso", "name_en": "Third Bridge"}, "registrar"),
        ("/invitations/administrator", {"role": "administrator"}, "administrator"),
    ],
)
def test_only_a_registrar_admits_organisations_and_only_an_administrator_invites_another(
    signed_in: SignIn,
    client: StrictClient,
    database: Database,
    address: str,
    fields: dict[str, str],
    may: str,
) -> None:
    before = contents(database)
    for person in (each for each in PEOPLE if each != may):
        other = signed_in(person)
        token = token_of(other)
        assert other.get(address).status_code == 403, person
        assert other.post(address, data={**token, **fields}).status_code == 403, person
    assert client.get(address).status_code == 302
    assert client.post(address, data={**visitors_token(client), **fields}).status_code == 401
    assert contents(database) == before
    assert signed_in(may).send(address, **fields).status_code == 200


def _keeps(person: str, page: str) -> bool:
    """Has the person pages of this sort, of other people than these?"""
    if page in OF_THE_STATE:
        return person in MANAGERS
    if page in OF_LEADS:
        return person in ("lead", "other_lead", "ombudsperson")
    keeps = {*MANAGERS, "lead", "other_lead", "ombudsperson"}
    return person in (keeps if page.startswith("people.") else {*keeps, "registrar"})
