"""Nobody of the State and no administrator learns of an independent account from pages, history or log: whatever
independents do about their people, what the others read stays as it was."""

import logging
import re

import pytest
from flask import Flask

from tests.cast import PEOPLE
from tests.stories.invitations import OWN, accept, id_of_account, invite, lines, path_of
from tests.stories.pages import link_of, words_of
from tests.strict_client import HTML, SignIn, StrictClient, parse, token_of
from tracker.database import Database

READERS = ("coordinator", "administrator", "focal_point", "validating_officer")
PAGES = (
    "/",
    "/work",
    "/organisations",
    "/organisations/ministry-a",
    "/organisations/secretariat",
    "/invitations/administrator",
    "/recommendations",
    "/recommendations/KGZ-3/A12",
    "/reminders",
    "/reports",
)
NAMES = ("cso-c", "Third Bridge", "quiet-owl", "grey-fox", "white-hare", "cso-a", *PEOPLE)
OF_INDEPENDENTS = ("contributor", "silent_contributor", "lead", "other_lead", "ombudsperson", "registrar")


def read(clients: list[StrictClient]) -> list[tuple[int, bytes]]:
    """What the readers see, without the tokens of forms."""
    answers = [client.get(page) for client in clients for page in PAGES]
    return [
        (answer.status_code, re.sub(rb'name="csrf_token"[^>]*value="[^"]+"', b"", answer.data))
        for answer in answers
    ]


def independents_are_busy(app: Flask, signed_in: SignIn, database: Database) -> None:
    """Every action about people that an independent account does."""
    registrar = signed_in("registrar")
    first = path_of(registrar.send("/organisations/admit", kind="nhri", name_en="Third Bridge"))
    lead = accept(app, first, "quiet-owl")
    own = str(link_of(lead.get("/organisations"), "Third Bridge"))
    contributor = invite(lead, own.rpartition("/")[2], "contributor", note="from the market")
    accept(app, contributor, "grey-fox")
    invite(lead, own.rpartition("/")[2], "organisation_lead")
    assert lead.send(own, action="/withdraw").status_code == 303
    person, token = f"/people/{id_of_account(database, 'grey-fox')}", token_of(lead)
    for given in ("1", "0"):
        assert lead.post(f"{person}/publishing", data={**token, "given": given}).status_code == 303
    for kind in ("new_passphrase", "new_second_factor"):
        link = path_of(lead.post(f"{person}/renew", data={**token, "kind": kind}))
        somebody: StrictClient = app.test_client()  # type: ignore[assignment]
        fields = {} if kind == "new_second_factor" else {"choice": "own", "own": OWN, "again": OWN}
        assert somebody.send(link, **fields).status_code == 200
    assert lead.send(f"{person}/end").status_code == 303
    accept(app, invite(registrar, own.rpartition("/")[2], "organisation_lead"), "white-hare")


def test_what_independents_do_changes_nothing_that_the_state_and_the_administrator_read(
    app: Flask, signed_in: SignIn, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    readers = [signed_in(reader) for reader in READERS]
    read(readers)
    seen, written = read(readers), lines(database)
    caplog.clear()
    independents_are_busy(app, signed_in, database)
    assert read(readers) == seen
    assert lines(database) == written
    said = caplog.text
    assert not [name for name in NAMES if name in said]


def test_lists_of_the_state_name_nobody_of_another_world(signed_in: SignIn) -> None:
    for reader in ("coordinator", "administrator"):
        for page in ("/organisations", "/organisations/ministry-a", "/organisations/secretariat"):
            said = signed_in(reader).get(page).get_data(as_text=True)
            assert not [name for name in OF_INDEPENDENTS if f">{name}<" in said], (reader, page)
            assert not [name for name in ("Open Window", "Second Lamp", "Ombudsperson") if name in said]


PEOPLE_OF = {
    "ministry-a": {"focal_point", "alternate", "validating_officer"},
    "ministry-b": {"other_focal_point"},
    "secretariat": {"coordinator"},
}


def test_the_page_of_an_organisation_lists_its_own_people_alone(signed_in: SignIn) -> None:
    coordinator = signed_in("coordinator")
    for key, expected in PEOPLE_OF.items():
        links = parse(coordinator.get(f"/organisations/{key}")).iter(f"{HTML}a")
        assert {words_of(link) for link in links if link.get("href").startswith("/people/")} == expected
