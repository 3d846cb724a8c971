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
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests import neighbours
from tests.cast import PEOPLE, Cast
from tests.policy.rows import add_mails, file_row, link_row
from tests.stories.pages import contents
from tests.strict_client import HEADERS
from tests.web.crawl import browser, plain
from tests.web.permissions import CHANGES, EVERYBODY, GROUPS, OBJECTS, SENT, Line, lines
from tracker import clock
from tracker.database import Database
from tracker.identity.sign_ins import begin_sign_in
from tracker.models.accounts import Role
from tracker.models.evidence import Visibility
from tracker.models.reviews import Review
from tracker.models.updates import UpdateState
from tracker.services.imports.uploads import FileSent, upload_import

pytestmark = pytest.mark.database

UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")
LINES = lines()
NAMES = {"code": "KGZ-3", "review": "KGZ-3", "edition": "KGZ-3-live", "filename": "app.css"}
NAMES["milestone"] = "upr3_adoption"
NAMES["language"] = "ru"
PERSONS = {
    "official": "alternate",
    "member": "silent_contributor",
    "foreign_official": "foreign_focal_point",
}
HIDDEN = {"code": "UZB-4", "review": "UZB-4", "edition": "UZB-4-live", "ref": "V1", "language": "ru"}
FOREIGN = {"review": "UZB-3", "ref": "U1.1", "point_ref": "U1.1", "key": "other-ministry"}
TARGETS = {"recommendation": "A12", "point": "A12.1", "ministry": "ministry-a", "open_window": "cso-a"}
ORGANISATIONS = ("ministry", "open_window", "foreign_ministry")
DONE_ONCE = ("assessments.withdraw", "invitations.withdraw", "people.end", "imports.discard")


@dataclass
class SignedInSite:
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
            if name.endswith("_id"):
                values[name] = self.objects[about]
            elif about.startswith("hidden_"):
                values[name] = HIDDEN[name]
            elif about.startswith("foreign_"):
                values[name] = FOREIGN[name]
            else:
                values[name] = NAMES.get(name, TARGETS.get(about, "A99"))
        with self.app.test_request_context():
            return url_for(line.endpoint, **values)


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture
def world(app: Flask, database: Database, cast: Cast) -> Iterator[SignedInSite]:
    with database.transaction() as session:
        objects = {"unknown": UNKNOWN}
        for state in ("draft", "submitted", "validated", "published"):
            made = people.make_update(session, cast, UpdateState(state))
            objects[state] = made.id
        # the newest is withdrawn first, the second one needs an own
        for ref in ("A12.2", "A12.1"):
            objects["assessment"] = people.make_assessment(session, cast, ref=ref).id
        everybody = neighbours.read_neighbours(session, cast)
        for state in ("draft", "published"):
            made = neighbours.make_foreign_update(session, everybody, UpdateState(state))
            objects[f"foreign_{state}"] = made.id
        objects["foreign_assessment"] = neighbours.make_foreign_assessment(session, everybody).id
        mails = add_mails(session, ("focal_point", "lead", "foreign_focal_point"))
        for name, mail in zip(("state_mail", "independent_mail", "foreign_mail"), mails, strict=True):
            objects[name] = mail.id
        objects["import"] = _add_import(session, cast)
        objects |= _add_files(app, session, objects) | _add_links(session, everybody)
        objects |= {name: _identity(everybody, handle) for name, handle in PERSONS.items()}
    return SignedInSite(app, database, objects)


def _add_import(session: Session, cast: Cast) -> UUID:
    """Into the home review, and not read yet."""
    review = session.scalars(select(Review).where(Review.code == people.REVIEW)).one()
    sent = FileSent("list.csv", b"a,b\n")
    return upload_import(session, cast["coordinator"], review, sent, None, people.NOW).id


def _add_files(app: Flask, session: Session, objects: dict[str, UUID]) -> dict[str, UUID]:
    """Behind the published updates of ministry A and of the second State's ministry."""
    lock = app.extensions["storage"].shared_lock()
    sha256 = app.extensions["storage"].keep(b"1")
    lock.release()
    files = {f"{each}_file": file_row(each, sha256, update_id=objects["published"]) for each in Visibility}
    foreign = file_row(Visibility.CONFIDENTIAL, sha256, update_id=objects["foreign_published"])
    files["foreign_file"] = foreign
    session.add_all(files.values())
    session.flush()
    return {name: file.id for name, file in files.items()}


def _add_links(session: Session, everybody: Cast) -> dict[str, UUID]:
    """Open ones: to ministry A, to Open Window and to the second State's ministry."""
    links = {}
    for name, key, role in (
        ("ministrys_link", "ministry-a", Role.ALTERNATE),
        ("members_link", "cso-a", Role.CONTRIBUTOR),
        ("foreign_link", "other-ministry", Role.ALTERNATE),
    ):
        expires_at = clock.now() + timedelta(days=1)
        links[name] = link_row(neighbours.organisation_of(session, key), [role], expires_at=expires_at)
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


def test_everybody_gets_what_the_table_says_and_a_refusal_changes_nothing(world: SignedInSite) -> None:
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
    caching = answer.headers.get("Cache-Control")
    if line.endpoint != "static":
        said += [] if "Cookie" in answer.headers.get("Vary", "") else ["Vary"]
        must = "no-store" if person != "visitor" or line.method == "POST" else None
        said += [] if must is None or caching == must else [f"Cache-Control {caching}"]
    if person == "visitor" and line.method == "GET" and line.endpoint != "sign_in.sign_in":
        said += ["Set-Cookie"] if "Set-Cookie" in answer.headers else []
    return [f"{line.name}: {person}: {fault}" for fault in said]


def test_what_the_table_allows_to_change_is_done_for_whom_it_names_alone(world: SignedInSite) -> None:
    doing = [line for line in LINES if line.endpoint in CHANGES]
    assert {line.endpoint for line in doing} == set(CHANGES)
    for line in doing:
        for person in EVERYBODY:
            if line.answers[person] == (303,):
                world.browsers.clear()  # the one before may have signed out
                status = world.ask(line, person).status_code
                # who comes second finds it done
                assert status == 303 or (line.endpoint in DONE_ONCE and status in (403, 404)), person


def test_what_is_unseen_is_answered_as_what_is_unknown_to_the_byte(world: SignedInSite) -> None:
    compared = set()
    for line in LINES:
        if line.about not in world.objects and line.about not in ORGANISATIONS:
            continue
        for person in EVERYBODY:
            if line.answers[person] in ((404,), (401,)) or (
                line.answers[person] == (403,) and person not in KNOWN_TO.get(line.about, ())
            ):
                unseen, unknown = world.ask(line, person), world.ask(line, person, "unknown")
                assert plain(unseen) == plain(unknown), (line.name, person)
                compared.add(line.about)
    assert compared == {*world.objects, *ORGANISATIONS} - {"public_file"}


OF_MINISTRY_A = (*GROUPS["ministry_a"], "coordinator")
KNOWN_TO = {
    "draft": OF_MINISTRY_A,
    "submitted": OF_MINISTRY_A,
    "validated": OF_MINISTRY_A,
    "published": (*OF_MINISTRY_A, *GROUPS["strangers"]),
    "foreign_draft": GROUPS["foreign_ministry"],
    "foreign_published": (*GROUPS["foreign_ministry"], *GROUPS["foreign_strangers"]),
    "assessment": EVERYBODY,  # what is published is seen by all, and 403 says no more
    "foreign_assessment": EVERYBODY,
}
"""Who sees an object, and so may be told 403 of what exists. To everybody else 403 must be said of the unknown, too."""


def test_an_unpublished_review_is_answered_as_an_unknown_one_to_the_byte(world: SignedInSite) -> None:
    hidden = [line for line in LINES if line.about.startswith("hidden_")]
    assert hidden
    for line in hidden:
        address = world.address(line, line.about)
        for person in EVERYBODY:
            if line.answers[person] == (404,):
                client = world.enter(person)
                unseen, unknown = client.get(address), client.get(address.replace("UZB-4", "UZB-9"))
                assert plain(unseen) == plain(unknown), (line.name, person)
