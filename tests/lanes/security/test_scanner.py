"""T-C11: a public scanner that has signed in as each of those who see pages of their own finds nothing.

On SQLite alone: it judges answers, which both databases give alike (T-C9 asks both), and the time goes to the roles."""

import os
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config import ROOT
from tests import cast as people
from tests.databases import Templates, open_database
from tests.demonstration import VISITOR, list_addresses, read_people
from tests.lanes.security.conftest import Note
from tests.lanes.security.planted import HOLES, Planted
from tests.lanes.security.scanner import (
    LEFT_OUT,
    MODULES,
    Finding,
    call_a_stranger,
    find_wapiti,
    list_modules,
    listening,
    scan,
)
from tests.lanes.security.served import Served, serve
from tracker.models.updates import UpdateState

ROLES = (VISITOR, "focal_point", "coordinator", "lead", "registrar", "administrator")
ENDS_THE_SIGN_IN = ("/sign-out", "/protection/leave", "/account/sign-ins/*")
PUBLIC_LISTS = ("/recommendations?*", "/recommendations.*", "/static/*")
"""The visitor's scan asks them; for others they would take the time of forms."""
LAST_STAYS = re.compile(r"/people/[0-9a-f-]+/end")
"""The last coordinator, lead and administrator cannot be ended: that is a 400, too, with a sentence."""
MEDIUM = 2
ACCEPTED = {
    "Secure Flag cookie": "loopback has no TLS; the flags under https are T-B10",
    "HTTP Methods": "tells that OPTIONS is answered, with what else an address takes: its own forms (T-B1)",
}
"""Categories below medium, each with its reason. The scanner calls an open redirect low: levels are not enough."""

pytestmark = pytest.mark.skipif(
    find_wapiti() is None and not os.environ.get("REQUIRE_ALL"),
    reason="wapiti is not installed: make security",
)


@pytest.fixture
def busy(templates: Templates, tmp_path: Path) -> Iterator[Served]:
    """Production on the cast, with entries of both sides. Production serves no demonstration."""
    url = templates.copy("sqlite", "cast")
    database = open_database(url)
    with database.transaction() as session:
        cast = people.read_cast(session)
        people.make_update(session, cast, UpdateState.PUBLISHED, "A12.1")
        people.make_update(session, cast, UpdateState.VALIDATED, "A12.3")
        people.make_assessment(session, cast)
    database.dispose()
    with serve(url, tmp_path) as found:
        yield found
        found.check_log()


def not_accepted(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.level >= MEDIUM or each.category not in ACCEPTED]


@pytest.mark.parametrize("role", ROLES)
def test_a_scanner_finds_nothing_whoever_it_signed_in_as(
    role: str, busy: Served, tmp_path: Path, note: Note
) -> None:
    with busy.database.reading() as session:
        opened = list_addresses(session, read_people(session), role)
    starts = [address for address, status in opened.items() if status == HTTPStatus.OK]
    starts.reverse()  # the form of sign-in before the links of lists, which use up what it looks at in one folder
    browser = busy.browser()
    if role != VISITOR:
        browser.sign_in(role, busy.database)
    browser.get(starts[-1] if role != VISITOR else "/sign-in")  # gives the cookie of forms
    left = ENDS_THE_SIGN_IN if role == VISITOR else (*ENDS_THE_SIGN_IN, *PUBLIC_LISTS)
    found = scan(busy.address, tmp_path, browser.cookie, starts, left)
    note(
        f"{len(found.pages)} pages, {len(found.forms)} forms, {found.seconds:.0f} s; out of time: {found.cut}"
        + (f"; run {found.runs}" if found.runs > 1 else "")
    )
    assert {urlsplit(address).path for address in starts} <= found.pages
    assert max(found.statuses) < HTTPStatus.INTERNAL_SERVER_ERROR
    assert found.forms
    refused = [path for path, status in found.forms.items() if status == HTTPStatus.BAD_REQUEST]
    assert all(LAST_STAYS.fullmatch(path) for path in refused), (
        f"forms were refused for their token: {refused}"
    )
    assert not not_accepted(found.findings)
    assert not found.broke
    assert role == VISITOR or browser.get("/work").status == HTTPStatus.OK, "the sign-in did not last"


def test_the_scanner_finds_the_holes_of_a_site_that_has_them(tmp_path: Path, note: Note) -> None:
    with listening(Planted) as site:
        found = scan(f"http://127.0.0.1:{site.server_port}", tmp_path, "", list(HOLES), ())
    categories = {each.category for each in found.findings}
    note(f"{len(categories & set(HOLES.values()))} of {len(HOLES)} holes in {found.seconds:.0f} s")
    assert set(HOLES.values()) <= categories


def test_no_module_of_the_scanner_is_left_out_without_a_reason(tmp_path: Path) -> None:
    assert {*MODULES, *LEFT_OUT} == list_modules(tmp_path)
    assert not set(MODULES) & set(LEFT_OUT)
    # The reason of one of them would go with such a library
    assert "ldap" not in (ROOT / "requirements.txt").read_text()


def test_the_scanner_reaches_nobody_but_this_machine(tmp_path: Path) -> None:
    assert "192.0.2.1" in call_a_stranger(tmp_path)
