"""The permission matrix: every route, for everybody, on what is their own, foreign and unpublished; and what is
unseen is answered as what is unknown, to the byte."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import cast as people
from tests import neighbours
from tests.cast import PEOPLE, Cast
from tests.policy.rows import lay_mails
from tests.stories.pages import contents
from tests.strict_client import HEADERS
from tests.web.crawl import browser, plain
from tests.web.permissions import CHANGES, EVERYBODY, OBJECTS, SENT, Line, lines
from tracker import clock
from tracker.database import Database
from tracker.identity.sign_ins import begin_sign_in
from tracker.models.accounts import Invitation, InvitationKind
from tracker.models.evidence import Evidence, Visibility
from tracker.models.updates import UpdateState

pytestmark = pytest.mark.database

UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")
LINES = lines()
NAMES = {"code": "KGZ-3", "review": "KGZ-3", "edition": "KGZ-3-live", "filename": "app.css"}
PERSONS = {"official": "alternate", "member": "silent_contributor"}
HIDDEN = {"code": "UZB-4", "review": "UZB-4", "edition": "UZB-4-live", "ref": "V1"}
TARGETS = {"recommendation": "A12", "point": "A12.1", "ministry": "ministry-a", "open_window": "cso-a"}
DONE_ONCE = ("assessments.withdraw", "invitations.withdraw", "people.end")


@dataclass
class World:
    """A site with something of everybody, and a browser of each."""

    app: Flask
    database: Database
    objects: dict[str, UUID]
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def enter(self, person: str) -> FlaskClient:
        """A browser of that person, with the token of its forms."""
        if person not in self.browsers:
            token = None
            if person != "visitor":
                with self.database.transaction() as session:
                    token = begin_sign_in(session, people.read_account(session, person).id, clock.now())
            client = self.browsers[person] = browser(self.app, token)
            page = client.get("/sign-in" if token is None else "/work").get_data(as_text=True)
            self.tokens[person] = (
                page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
            )
        return self.browsers[person]

    def ask(self, line: Line, person: str, about: str | None = None) -> Any:
        client, address = self.enter(person), self.address(line, about or line.about)
        if line.method == "GET":
            return client.get(address)
        data = {"csrf_token": self.tokens[person], **SENT.get(line.endpoint, {})}
        return client.post(address, data=data)

    def address(self, line: Line, about: str) -> str:
        values: dict[str, Any] = {}
        rules = [
            rule for rule in self.app.url_map.iter_rules(line.endpoint) if about == "-" or rule.arguments
        ]
        for name in rules[0].arguments if rules else ():
            if about.startswith("hidden_"):
                values[name] = HIDDEN[name]
            elif name.endswith("_id"):
                values[name] = self.objects[about]
            else:
                values[name] = NAMES.get(name, TARGETS.get(about, "A99"))
        with self.app.test_request_context():
            return url_for(line.endpoint, **values)


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture
def world(app: Flask, database: Database, cast: Cast) -> Iterator[World]:
    with database.transaction() as session:
        objects = {"unknown": UNKNOWN}
        for state in ("draft", "submitted", "validated", "published"):
            made = people.make_update(session, cast, UpdateState(state))
            objects[state] = made.id
        # the newest is withdrawn first, the second one needs an own
        for ref in ("A12.2", "A12.1"):
            objects["assessment"] = people.make_assessment(session, cast, ref=ref).id
        mails = lay_mails(session, ("focal_point", "lead"))
        objects["state_mail"], objects["foreign_mail"] = (mail.id for mail in mails)
        objects |= _lay_files(app, session, objects["published"]) | _lay_links(session, cast)
        objects |= {name: _identity(cast, handle) for name, handle in PERSONS.items()}
    return World(app, database, objects)


def _lay_files(app: Flask, session: Session, update_id: UUID) -> dict[str, UUID]:
    """Behind the published update of ministry A."""
    hold = app.extensions["storage"].shared_lock()
    sha256 = app.extensions["storage"].keep(b"1,2")
    hold.release()
    files = {
        f"{visibility}_file": Evidence(
            update_id=update_id,
            sha256=sha256,
            size_bytes=3,
            media_type="text/csv",
            name="table.csv",
            visibility=visibility,
            added_at=clock.now(),
        )
        for visibility in Visibility
    }
    session.add_all(files.values())
    session.flush()
    return {name: file.id for name, file in files.items()}


def _lay_links(session: Session, cast: Cast) -> dict[str, UUID]:
    """An open one to ministry A and one to Open Window."""
    links = {
        name: Invitation(
            kind=InvitationKind.ACCOUNT,
            token_hash=name,
            organisation_id=cast[handle].organisation_id,
            roles=[role],
            expires_at=clock.now() + timedelta(days=1),
        )
        for name, handle, role in (
            ("ministrys_link", "focal_point", "alternate"),
            ("members_link", "lead", "contributor"),
        )
    }
    session.add_all(links.values())
    session.flush()
    return {name: link.id for name, link in links.items()}


def _identity(cast: Cast, handle: str) -> UUID:
    found = cast[handle].account_id
    assert found is not None
    return found


def test_every_route_and_method_stands_in_the_table(app: Flask) -> None:
    in_table = {(line.endpoint, line.method) for line in LINES}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            assert (rule.endpoint, method) in in_table, (
                f"{method} {rule.endpoint} is not in the table of tests/web/permissions.py: add its line"
            )
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert not [line.name for line in LINES if line.endpoint not in known], "lines of routes that are gone"
    assert {*PEOPLE, *neighbours.PEOPLE, "visitor"} == set(EVERYBODY)
    assert {line.about for line in LINES} <= set(OBJECTS)
    for line in LINES:
        assert set(line.answers) == set(EVERYBODY), line.name


def test_everybody_gets_what_the_table_says_and_a_refusal_changes_nothing(world: World) -> None:
    for person in EVERYBODY:
        world.enter(person)
    before = contents(world.database)
    wrong = []
    for line in LINES:
        for person in EVERYBODY:
            if line.endpoint in CHANGES and line.answers[person] == (303,):
                continue
            with world.ask(line, person) as answer:
                if answer.status_code not in line.answers[person]:
                    wrong.append(
                        f"{line.name}: {person} got {answer.status_code}, not {line.answers[person]}"
                    )
                wrong += faults_of(line, person, answer)
    assert wrong == []
    assert contents(world.database) == before


def faults_of(line: Line, person: str, answer: Any) -> list[str]:
    """What every answer must carry, whoever asks: the headers, and what keeps it out of stores."""
    said = [name for name, begin in HEADERS.items() if not answer.headers.get(name, "").startswith(begin)]
    kept = answer.headers.get("Cache-Control")
    if line.endpoint != "static":
        said += [] if "Cookie" in answer.headers.get("Vary", "") else ["Vary"]
        must = "no-store" if person != "visitor" or line.method == "POST" else None
        said += [] if must is None or kept == must else [f"Cache-Control {kept}"]
    if person == "visitor" and line.method == "GET" and line.endpoint != "sign_in.sign_in":
        said += ["Set-Cookie"] if "Set-Cookie" in answer.headers else []
    return [f"{line.name}: {person}: {fault}" for fault in said]


def test_what_the_table_allows_to_change_is_done_for_whom_it_names_alone(world: World) -> None:
    doing = [line for line in LINES if line.endpoint in CHANGES]
    assert {line.endpoint for line in doing} == set(CHANGES)
    for line in doing:
        for person in EVERYBODY:
            if line.answers[person] == (303,):
                world.browsers.clear()  # the one before may have signed out
                status = world.ask(line, person).status_code
                # who comes second finds it done
                assert status == 303 or (line.endpoint in DONE_ONCE and status in (403, 404)), person


def test_what_is_unseen_is_answered_as_what_is_unknown_to_the_byte(world: World) -> None:
    compared = 0
    for line in LINES:
        if line.about not in world.objects:
            continue
        for person in EVERYBODY:
            if line.answers[person] in ((404,), (401,)) or (
                line.answers[person] == (403,)
                and person not in MAY_FOLLOW.get(line.endpoint.partition(".")[0], ())
            ):
                unseen, unknown = world.ask(line, person), world.ask(line, person, "unknown")
                identity = str(world.objects[line.about]).encode()
                assert plain(unseen) == plain(unknown), (line.name, person)
                assert identity not in unseen.get_data()
                compared += 1
    assert compared


MAY_FOLLOW = {
    "updates": (
        *("focal_point", "alternate", "validating_officer", "coordinator", "other_focal_point"),
        *("foreign_focal_point", "foreign_officer", "foreign_coordinator", "foreign_administrator"),
    ),
    "assessments": EVERYBODY,  # what is published is seen by all, and 403 says no more
}
"""Who is told 403 of what exists, because the page of it is open to them."""


def test_an_unpublished_review_is_answered_as_an_unknown_one_to_the_byte(world: World) -> None:
    hidden = [line for line in LINES if line.about.startswith("hidden_")]
    assert hidden
    for line in hidden:
        address = world.address(line, line.about)
        for person in EVERYBODY:
            if line.answers[person] == (404,):
                client = world.enter(person)
                unseen, unknown = client.get(address), client.get(address.replace("UZB-4", "UZB-9"))
                assert plain(unseen) == plain(unknown), (line.name, person)
