"""HEAD is GET without a body: on every route, for everybody, and it changes nothing."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Cast, make_assessment
from tests.stories.pages import contents
from tests.strict_client import SignIn, text_of
from tests.web.permissions import Line, lines
from tests.web.test_permissions import SignedInSite, world
from tracker.database import Database

__all__ = ["world"]
PERSONS = ("visitor", "focal_point", "coordinator", "lead", "registrar")
ASKED_ONCE = [line for line in lines() if line.method == "GET" or line.answers["visitor"] == (401,)]
"""Pages, and addresses that only take a form: to these HEAD is 405, as GET is."""

GENERATED = ("account.passphrase",)


@pytest.fixture
def filled() -> str:
    return "two_states"


@pytest.fixture
def kind() -> str:
    """Which methods a route takes does not depend on the database."""
    return "sqlite"


def test_head_is_get_without_a_body_on_every_route(world: SignedInSite, app: Flask) -> None:
    for person in PERSONS:
        world.enter(person)
    before, asked, wrong = contents(world.database), set(), []
    for line in ASKED_ONCE:
        asked.add(line.endpoint)
        for person in PERSONS:
            wrong += differences(world, line, person)
    assert wrong == []
    assert contents(world.database) == before
    rules = list(app.url_map.iter_rules())
    assert {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} <= asked


def differences(world: SignedInSite, line: Line, person: str) -> list[str]:
    client, address = world.enter(person), world.address(line, line.about)
    with client.get(address) as get, client.head(address) as head:
        said = [] if head.status_code == get.status_code else [f"{head.status_code}, not {get.status_code}"]
        said += sorted(f"{pair}" for pair in headers_of(get, line) ^ headers_of(head, line))
        said += ["a body"] if head.get_data() else []
        if get.status_code == 303:
            client.get("/protection")  # a redirect may leave a sentence for the next page
    return [f"HEAD {address} for {person}: {each}" for each in said]


def headers_of(answer: TestResponse, line: Line) -> set[tuple[str, str]]:
    """Cookies without their values, which hold the second; no length where a page holds generated words."""
    left_out = {"Date", "Set-Cookie", *(("Content-Length",) if line.endpoint in GENERATED else ())}
    found = {(name, value) for name, value in answer.headers if name not in left_out}
    return found | {(value.partition("=")[0], "cookie") for value in answer.headers.getlist("Set-Cookie")}


def test_head_of_a_withdrawal_says_nothing_of_a_withdrawal(
    signed_in: SignIn, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        address = f"/assessments/{make_assessment(session, cast).id}/withdraw"
    lead, before = signed_in("lead"), contents(database)
    assert lead.head(address).status_code == 200
    assert "Assessment withdrawn" not in text_of(lead.get("/work"))
    assert contents(database) == before
