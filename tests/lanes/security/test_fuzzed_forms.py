"""T-C9, and the strings of T-C4: whatever is sent to whatever address and form, as whoever, nothing breaks inside.

There is no machine interface with a description (OpenAPI) to check answers against: the addresses are those of the
URL map, the fields those of every form that somebody is shown.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from config import Config
from tests.cast import read_account
from tests.demonstration import ROLES, VISITOR, list_addresses, read_people
from tests.lanes.security.conftest import Note
from tests.strict_client import HTML, names_of, values_of
from tests.web.crawl import browser, crawl
from tracker import clock
from tracker.app import create_app
from tracker.identity.sign_ins import begin_sign_in
from tracker.models.accounts import Account

REQUESTS = 20_000
AFRESH_EVERY = 250
SHARE = {"sqlite": 7, "postgresql": 1}
"""Eighths of the requests: the rules are the same in both, the strings that they refuse are not."""
HOSTILE = (
    "'", '"', "' OR '1'='1", "'; DROP TABLE accounts; --", "%", "_", "%_%", "\\", "\0", "a\0b", "\r\nX: y", "%00",
    "../../etc/passwd", "{{7*7}}", "${7*7}", "<b>", "\ud7ff\u202e\u200b", "\U0001f600", "ё" * 100, "a" * 10_000,
    "-1", "0", "1e309", "NaN", "9" * 40, "2026-13-45", "0000-00-00", "9999-12-31", "10000-01-01", "true", "null",
    "00000000-0000-0000-0000-000000000000", "http://[", "https://[::1", "javascript:x", "٣", "KGZ-3", "A12", "[]", "()",
)  # fmt: skip
PLACES = ("value", "value", "value", "query", "path", "name", "missing", "twice", "raw")
NO_FORM = {
    "assessments.publish", "invitations.accept", "invitations.withdraw", "people.take_role", "reminders.try_again",
    "sign_in.code", "sign_in.sign_out", "updates.change", "updates.discard", "updates.submit",
}  # fmt: skip
"""What no page shows that is reached by links from the start: previews, links, drafts, mails that were given up."""
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.binary(max_size=30))


@dataclass(frozen=True)
class FuzzTarget:
    """An address, and the fields of a form there; none for a page."""

    role: str
    address: str
    fields: tuple[tuple[str, str], ...] | None


class FuzzedSite:
    """Somebody of each role at a browser, who signs in anew when a form of the fuzz has ended that."""

    def __init__(self, app: Flask) -> None:
        self.app, self.database = app, app.extensions["database"]
        with self.database.reading() as session:
            self.who = read_people(session)
        self.clients: dict[str, FlaskClient] = {}
        self.sent = 0
        self.statuses: Counter[int] = Counter()
        self.enter()

    def enter(self) -> None:
        with self.database.transaction() as session:
            session.execute(update(Account).values(ended_at=None))
            session.execute(text("DELETE FROM throttles"))
            for role in ROLES:
                token = None
                if role != VISITOR:
                    account = read_account(session, getattr(self.who, role))
                    token = begin_sign_in(session, account.id, clock.now())
                known = self.clients.get(role)
                if known is None:
                    self.clients[role] = browser(self.app, token)
                elif token:
                    known.set_cookie("sign-in", token)

    def targets(self) -> list[FuzzTarget]:
        found = []
        for role in ROLES:
            with self.database.reading() as session:
                starts = list_addresses(session, self.who, role)
            answers = crawl(self.clients[role], starts)
            for address, (status, headers, _) in answers.items():
                found.append(FuzzTarget(role, address, None))
                if status == 200 and "text/html" in dict(headers).get("Content-Type", ""):
                    found += self._forms(role, address)
        return found

    def _forms(self, role: str, address: str) -> Iterator[FuzzTarget]:
        page = self.clients[role].get(address).get_data(as_text=True)
        for form in html5lib.parse(page).iter(f"{HTML}form"):
            values = dict.fromkeys(names_of(form), "") | values_of(form)
            action = (form.get("action") or address).partition("?")[0]
            if form.get("method", "get").lower() == "post" and action != "/sign-out":
                yield FuzzTarget(role, action, tuple(values.items()))

    def unreached(self, forms: list[FuzzTarget]) -> set[str]:
        """Endpoints that take forms, and of which none was found."""
        rules = self.app.url_map.iter_rules()
        taking = {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}
        addresses = self.app.url_map.bind("localhost")
        return taking - {addresses.match(form.address, method="POST")[0] for form in forms}

    def send(self, target: FuzzTarget, place: str, which: int, said: str | bytes) -> None:
        if self.sent % AFRESH_EVERY == 0:
            self.enter()
        self.sent += 1
        address, body, kind = _fuzzed(target, place, which, said)
        client = self.clients[target.role]
        is_page = target.fields is None
        with client.get(address) if is_page else client.post(address, data=body, content_type=kind) as answer:
            self.statuses[answer.status_code] += 1
            assert answer.status_code < 500, (target.role, address, body)
            assert b"Traceback" not in answer.get_data()


def _fuzzed(target: FuzzTarget, place: str, which: int, said: str | bytes) -> tuple[str, bytes, str]:
    """One thing of a request is replaced by what hypothesis says; the token of the form stays."""
    kind, address = "application/x-www-form-urlencoded", target.address
    pairs: list[tuple[Any, Any]] = list(target.fields or ())
    free = [number for number, (name, _) in enumerate(pairs) if name != "csrf_token"]
    number = free[which % len(free)] if free else None
    if target.fields is None or place in ("query", "path"):
        if place == "path":
            parts = address.partition("?")[0].split("/")
            parts[which % len(parts)] = quote(said, safe="")
            address = "/" + "/".join(parts).lstrip("/")
        else:
            name = QUERIES[which % len(QUERIES)]
            address += ("&" if "?" in address else "?") + urlencode({name: said})
    elif number is None:
        pairs.append((said, said))
    elif place == "name":
        pairs[number] = (said, pairs[number][1])
    elif place == "missing":
        del pairs[number]
    elif place == "twice":
        pairs.append((pairs[number][0], said))
    else:
        pairs[number] = (pairs[number][0], said)
    body = urlencode(pairs).encode()
    if place == "raw":
        kind = KINDS[which % len(KINDS)]
        body = (said.encode("utf-8", "replace") if isinstance(said, str) else said) + body
    return address, body, kind


QUERIES = (
    "q", "review", "page", "level", "theme", "voice", "state", "disagreement", "next", "sort", "group", "sdg", "key",
)  # fmt: skip
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "text/plain; charset=utf-16",
    "",
)


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def world(config: Config) -> Iterator[FuzzedSite]:
    app = create_app(config)
    yield FuzzedSite(app)
    app.extensions["database"].dispose()


def test_nothing_that_is_sent_breaks_anything_inside(
    world: FuzzedSite, kind: str, caplog: pytest.LogCaptureFixture, note: Note
) -> None:
    targets = world.targets()
    forms = [target for target in targets if target.fields is not None]
    assert world.unreached(forms) <= NO_FORM
    both = cycle([forms, targets])
    many = REQUESTS * SHARE[kind] // sum(SHARE.values())

    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 10_000), st.sampled_from(PLACES), st.integers(0, 40), words)
    def fuzz(number: int, place: str, which: int, said: str | bytes) -> None:
        these = next(both)
        world.send(these[number % len(these)], place, which, said)

    with caplog.at_level(logging.ERROR):
        fuzz()
    note(
        f"{world.sent} requests to {len(forms)} forms and {len(targets) - len(forms)} pages: {dict(world.statuses)}"
    )
    assert world.sent >= many
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
