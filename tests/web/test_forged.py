"""Forged requests, made for every route: without a token, with foreign identifiers, with fields that no form has,
by detours to a page. Nothing opens, nothing changes and nothing breaks."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from tests.cast import PEOPLE, Cast
from tests.services.test_assessments import SECOND
from tests.statements import watching
from tests.stories import assessments, updates
from tests.stories.pages import contents
from tests.strict_client import HEADERS, SignIn, token_of
from tests.web.permissions import Line, lines
from tests.web.test_permissions import SignedInSite, filled, world
from tracker.database import Database
from tracker.models import Base

__all__ = ["filled", "world"]
LINES = lines()
POSTS = [line for line in LINES if line.method == "POST"]
GETS = [line for line in LINES if line.method == "GET"]
CANARIES = ("The instruction on time limits was issued", "To lead", "example.org/instruction")
"""Words of ministry A's updates and of a mail to an independent person."""
STRANGERS = ("visitor", "lead", "administrator", "other_focal_point")
TRICKS = (
    *("{}?x=/sign-in", "{}?endpoint=static", "{};/sign-in", "{}/", "/{}", "//{}", "/.{}", "/static/..{}"),
    *("{}%00", "{}%2e", "{}/.", "{}/%2e%2e{}", "{}#x", "{}%20", "/x/..{}", "/sign-in/..{}", "{}.css"),
    *(
        "/static/%2e%2e{}",
        "{};.js",
        "{}/static/app.css",
        "{}?_method=GET",
        "{}%3f",
        "{}%23",
        "{}\\",
        "/%5c{}",
    ),
)
HEADS: tuple[dict[str, str], ...] = (
    {},
    {"X-Original-URL": "/sign-in"},
    {"X-Rewrite-URL": "/static/app.css"},
    {"X-HTTP-Method-Override": "GET", "X-Forwarded-For": "127.0.0.1"},
    {
        "X-Forwarded-Prefix": "/static",
        "X-Script-Name": "/static",
        "Forwarded": "for=127.0.0.1;host=localhost",
    },
    {"Authorization": "Basic YWRtaW46YWRtaW4=", "Cookie": "sign-in=; role=administrator"},
)
PAGES = ("/work", "/reminders", "/updates/new/KGZ-3/A12.1", "/assessments/new/KGZ-3/A12.1")


@pytest.fixture
def kind() -> str:
    """What is forged is refused before a database is asked; `test_permissions.py` asks every route on both."""
    return "sqlite"


def holds_a_canary(answer: Any) -> bool:
    body = answer.get_data(as_text=True)
    return any(canary in body for canary in CANARIES)


def test_no_form_is_taken_without_its_token_or_with_that_of_somebody_else(world: SignedInSite) -> None:
    foreign = {"focal_point": "coordinator", "coordinator": "lead", "lead": "focal_point", "visitor": "lead"}
    for person in foreign:
        world.enter(person)
    before = contents(world.database)
    for line in POSTS:
        address = world.address(line, line.about)
        for person in foreign:
            client = world.enter(person)
            for data in (
                {},
                {"csrf_token": world.tokens[foreign[person]]},
                {"csrf_token": world.tokens[person][:-1] + "~"},
            ):
                if line.endpoint == "protection.leave":
                    continue  # it leads away in any case, and ends nothing: tests/stories/test_protection.py
                sent = {"content_type": "text/plain", "data": repr(data)} if not data else {"data": data}
                assert client.post(address, **sent).status_code == 400, (line.name, person)  # type: ignore[arg-type]
            for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
                assert client.open(address, method=method).status_code == 405, (line.name, method)
    assert contents(world.database) == before


def test_no_address_or_header_leads_around_the_rule_of_a_page(world: SignedInSite) -> None:
    drafts = [f"/updates/{world.objects[state]}" for state in ("draft", "submitted")]
    before = contents(world.database)
    for page, trick, head in product((*PAGES, *drafts), TRICKS, HEADS):
        client = world.enter("visitor")
        with client.get(trick.replace("{}", page), headers=head) as answer:
            assert answer.status_code in (302, 308, 400, 404), (trick, page)
            assert not holds_a_canary(answer), (trick, page)
    for page, trick in product(drafts, TRICKS):
        with world.enter("other_focal_point").get(trick.replace("{}", page)) as answer:
            assert answer.status_code in (308, 400, 404), (trick, page)
            assert not holds_a_canary(answer)
    assert contents(world.database) == before


def test_no_identifier_of_one_opens_anything_of_another(world: SignedInSite) -> None:
    """Every identifier that the database holds, at every place of an address, for strangers."""
    with world.database.reading() as session:
        found = [
            str(UUID(str(row[0])))
            for table in ("accounts", "progress_updates", "assessments", "outgoing_mails")
            for row in session.execute(text(f"SELECT id FROM {table}"))
        ]
    before = contents(world.database)
    with world.app.test_request_context():
        rules = [rule for rule in world.app.url_map.iter_rules() if rule.arguments & {"update_id", "mail_id"}]
        addresses = {
            (method, rule.rule.replace("<uuid:update_id>", each).replace("<uuid:mail_id>", each))
            for rule, each in product(rules, found)
            for method in (rule.methods or set()) & {"GET", "POST"}
        }
    published = [str(world.objects[name]) for name in ("published", "foreign_published")]
    for person in STRANGERS:
        client = world.enter(person)
        data = {"csrf_token": world.tokens[person], **updates.TEXT, "version": "1", "comment": "Why?"}
        for method, address in sorted(addresses):
            answer = client.open(address, method=method, data=data if method == "POST" else None)
            is_public = person == "other_focal_point" and any(each in address for each in published)
            assert answer.status_code in ((200, 403, 409) if is_public else (302, 401, 403, 404)), address
            assert is_public or not holds_a_canary(answer), (person, address)
        for each in found:
            query = "&".join(
                f"{name}={each}" for name in ("q", "organisation", "page", "ids[]", "sort", "id")
            )
            assert not holds_a_canary(client.get(f"/recommendations.json?{query}")), person
    assert contents(world.database) == before


KEEPERS = ("visitor", "other_focal_point", "other_lead")
"""People, links, sign-ins, files and assessments of ministry A and Open Window are none of their business."""
OF_PEOPLE = {"account_id", "sign_in_id", "invitation_id", "evidence_id", "assessment_id", "key"}


def test_no_key_or_identifier_of_an_organisation_opens_anything_to_another(world: SignedInSite) -> None:
    for person in PEOPLE:  # each has a sign-in that could be ended
        world.enter(person)
    tables = ("accounts", "sign_ins", "invitations", "evidence", "assessments")
    own = "id NOT IN (SELECT id FROM accounts WHERE handle IN ('other_focal_point', 'other_lead'))"
    others = "SELECT id FROM accounts WHERE " + own
    where = {
        "accounts": own,
        "sign_ins": f"account_id IN ({others})",
        "evidence": "visibility = 'confidential'",
    }
    with world.database.reading() as session:
        ids = [
            str(UUID(str(row[0])))
            for table in tables
            for row in session.execute(text(f"SELECT id FROM {table} WHERE {where.get(table, '1 = 1')}"))
        ]
    assert ids
    keys = ["ministry-a", "cso-a"]
    with world.app.test_request_context():
        rules = [rule for rule in world.app.url_map.iter_rules() if rule.arguments & OF_PEOPLE]
    addresses = {
        (method, re.sub(r"<[^>]*>", each, rule.rule))
        for rule in rules
        for each in (keys if "key" in rule.arguments else ids)
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    before = contents(world.database)
    for person in KEEPERS:
        client = world.enter(person)
        data = {"csrf_token": world.tokens[person], "role": "coordinator", "sure": "1", "comment": "Why?"}
        for method, address in sorted(addresses):
            answer = client.open(address, method=method, data=data if method == "POST" else None)
            is_public = (method, address) == ("GET", "/organisations/ministry-a")  # what it published
            closed = (302, 401, 403, 404)
            assert answer.status_code == 200 if is_public else answer.status_code in closed, (person, address)
            assert not holds_a_canary(answer)
    assert contents(world.database) == before


def fields_of_all_tables() -> dict[str, str]:
    """Every column of every table, with a value that would be noticed, and what attackers try beside."""
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    tried = {
        "is_admin",
        "roles",
        "published",
        "sees_all",
        "owner",
        "account",
        "actor",
        "state[]",
        "update[state]",
    }
    values = {"state": "published", "role": "administrator", "voice": "state", "may_publish": "1", "led": "1"}
    return {name: values.get(name, "1") for name in sorted(columns | tried)}


OF_ITSELF = (
    *("id", "action_point_id", "recorded_at", "submitted_at", "published_at", "at", "subject"),
    *("salt", "content_hash", "previous_hash", "hash"),
)
"""Columns in which two entries of the same words differ."""


def of_row(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name not in OF_ITSELF}


def test_fields_that_a_form_does_not_have_change_nothing(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    """Twins: the same form sent plainly for one point and with every column for another."""
    extra = {name: value for name, value in fields_of_all_tables().items() if name not in updates.TEXT}
    own = {*assessments.TEXT, *SECOND, "key", "visibility"}  # fields that the forms have
    extra = {name: value for name, value in extra.items() if name not in own}
    assert extra
    writer, lead = signed_in("focal_point"), signed_in("lead")
    accounts = contents(database)["accounts"], contents(database)["account_roles"]
    for more, ref in (({}, "A12.1"), (extra, "A12.2")):
        sent = {**token_of(writer), **updates.TEXT, "keep": "1", **more}
        assert writer.post(f"/updates/new/KGZ-3/{ref}", data=sent).status_code == 303
        words = {**token_of(lead), **assessments.TEXT, **assessments.new_key(ref), **more}
        assert lead.post(f"/assessments/new/KGZ-3/{ref}/publish", data=words).status_code == 303
    for table in ("progress_updates", "assessments", "history_lines"):
        twins = [
            row for row in contents(database)[table] if getattr(row, "verb", "write_update") == "write_update"
        ]
        assert len(twins) == 2, table
        assert of_row(twins[0]) == of_row(twins[1]), table
    assert (contents(database)["accounts"], contents(database)["account_roles"]) == accounts


def test_a_field_that_is_sent_twice_is_one_field(signed_in: SignIn, database: Database) -> None:
    writer = signed_in("focal_point")
    twice = [*token_of(writer).items(), *updates.TEXT.items(), ("keep", "1")]
    twice += [("level", "fully_implemented"), ("done", "Something else."), ("version", "9"), ("keep", "2")]
    fields: dict[str, list[str]] = {}
    for name, value in twice:
        fields.setdefault(name, []).append(value)
    assert writer.post(updates.NEW, data=fields).status_code == 303
    [row] = contents(database)["progress_updates"]
    assert (row.level, row.done) == (updates.TEXT["level"], updates.TEXT["done"])


@pytest.fixture
def broken(world: SignedInSite) -> Iterator[list[str]]:
    """A database that fails at the second statement of each request, saying more than a reader may know."""
    failing: list[str] = []

    def fail(statement: str, _values: object) -> None:
        failing.append(statement)
        if len(failing) > 1 and failing[0] == "armed":
            raise RuntimeError(f"canary-of-the-fault in /srv/secret.py: {statement}")

    with watching(world.app.extensions["database"], fail):
        yield failing


def test_a_fault_in_any_route_shows_a_plain_page(world: SignedInSite, broken: list[str]) -> None:
    seen = set()
    for line, person in product(LINES, ("visitor", "coordinator", "focal_point", "lead")):
        world.enter(person)
        broken[:] = ["armed"]
        answer = world.ask(line, person)
        broken.clear()
        seen.add(answer.status_code)
        said = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        for leak in (
            "Traceback",
            "canary-of-the-fault",
            "SELECT",
            "sqlalchemy",
            "psycopg",
            "/srv/secret",
            ".py",
        ):
            assert leak not in said.replace("sqlalche.me", ""), (line.name, person, leak)
        for name, begin in HEADERS.items():
            assert answer.headers.get(name, "").startswith(begin), (line.name, name)
        assert "Werkzeug" not in answer.headers.get("Server", "")
        answer.close()
    assert 500 in seen


def test_every_method_of_every_route_answers_with_the_headers(app: Flask, world: SignedInSite) -> None:
    for line, method in product(LINES, ("OPTIONS", "HEAD", "DELETE")):
        with world.enter("visitor").open(world.address(line, line.about), method=method) as answer:
            assert answer.status_code < 500
            for name, begin in HEADERS.items():
                assert answer.headers.get(name, "").startswith(begin), (line.name, method, name)


def test_the_strangers_of_these_tests_are_people_of_the_cast() -> None:
    assert set(STRANGERS) <= {*PEOPLE, "visitor"}
    assert all(isinstance(line, Line) for line in (*POSTS, *GETS))
