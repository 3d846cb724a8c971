"""Pages: in the pseudo-language every marked text stands in ⟦…⟧, and what is left over must be data."""

import re
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from flask import Flask, render_template
from sqlalchemy import update
from werkzeug.test import TestResponse

from config import Config
from tests.cast import PASSPHRASE
from tests.demonstration import (
    REVIEW,
    ROLES,
    SOUGHT,
    VISITOR,
    People,
    find_assessment,
    find_organisation,
    find_person,
    find_update,
    list_addresses,
    read_people,
)
from tests.stories.invitations import OWN, path_of
from tests.strict_client import HTML, SignIn, StrictClient, parse, token_of
from tests.web.pseudo import left_over, read_data, shown_texts
from tracker.database import Database
from tracker.identity.passphrases import CHEAP, hash_passphrase
from tracker.language import PSEUDO
from tracker.models.accounts import Account
from tracker.models.updates import UpdateState
from tracker.web.errors import PAGES

A_SORT_FOR_THE_SIGNED_IN = 2
"""Of pages that differ by their data alone a visitor reads all, others as many as this."""
TYPED = "Typed words that nobody translates"
LINK = "https://example.org/typed"
FILES = {".xlsx", ".json"}
REF = re.compile(r"[AB]\d+(\.\d+)?$|[0-9a-f-]{36}")


@pytest.fixture
def kind() -> str:
    """Words come from templates: a database of the other kind has the same."""
    return "sqlite"


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, LANGUAGES=PSEUDO)


@pytest.fixture
def who(database: Database) -> People:
    with database.transaction() as session:
        session.execute(update(Account).values(passphrase_hash=hash_passphrase(PASSPHRASE, CHEAP)))
    with database.reading() as session:
        return read_people(session)


@pytest.fixture
def data(database: Database, who: People) -> frozenset[str]:
    with database.reading() as session:
        return read_data(session) | {TYPED, SOUGHT}


@pytest.fixture
def sign_in(app: Flask, who: People) -> SignIn:
    def as_role(role: str) -> StrictClient:
        client: StrictClient = app.test_client()  # type: ignore[assignment]
        assert client.sign_in(getattr(who, role), PASSPHRASE).status_code == 303
        return client

    return as_role


def unmarked(answer: TestResponse, data: frozenset[str], document: Any = None) -> list[str]:
    assert "⟦" in answer.get_data(as_text=True), f"{answer.request.path} is not in the pseudo-language"
    texts = shown_texts(parse(answer) if document is None else document)
    found = {left_over(text, data) for text in texts} - {""}
    return [f"{answer.request.path}: {text}" for text in sorted(found)]


def crawl(
    client: StrictClient, starts: list[str], data: frozenset[str], most: int | None
) -> tuple[set[str], list[str]]:
    """Every page that links lead to, one for each set of filters, and the unmarked words found on them;
    `most` limits pages of one sort."""
    waiting, seen, pages, faults = list(starts), set(starts), set(), []
    sorts: dict[tuple[str, ...], int] = {}
    while waiting:
        address = waiting.pop(0)
        sort = (REF.sub("*", urlsplit(address).path), *sorted(parse_qs(urlsplit(address).query)))
        sorts[sort] = sorts.get(sort, 0) + 1
        is_filtered = bool(urlsplit(address).query)
        if sorts[sort] > 1 and (is_filtered or (most is not None and sorts[sort] > most)):
            continue
        if PurePath(urlsplit(address).path).suffix in FILES or address.startswith("/evidence/"):
            continue  # `test_translated_files.py` reads ours; those of others are data
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        if answer.mimetype != "text/html":
            continue
        pages.add(address)
        document = parse(answer)
        faults += unmarked(answer, data, document)
        for node in document.iter(f"{HTML}a"):
            target = urldefrag(urljoin(address, node.get("href", ""))).url
            if target.startswith("/") and target not in seen:
                seen.add(target)
                waiting.append(target)
    return pages, faults


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_an_unmarked_word(
    client: StrictClient, sign_in: SignIn, who: People, database: Database, data: frozenset[str], role: str
) -> None:
    with database.reading() as session:
        starts = [each for each, status in list_addresses(session, who, role).items() if status == 200]
    reader, most = (client, None) if role == VISITOR else (sign_in(role), A_SORT_FOR_THE_SIGNED_IN)
    pages, faults = crawl(reader, sorted({"/", *starts}), data, most)
    assert len(pages) > (50 if role == VISITOR else 10)
    assert {"/calendar", "/communications", "/reports"} <= pages
    assert not faults, "\n".join(faults)


def _without_code(client: StrictClient, handle: str) -> TestResponse:
    client.send("/sign-in", handle=handle, passphrase=PASSPHRASE)
    return client.send("/sign-in/code", code="000000")


def test_forms_with_errors_hold_no_unmarked_word(
    client: StrictClient, sign_in: SignIn, who: People, database: Database, data: frozenset[str]
) -> None:
    focal_point, coordinator, lead = sign_in("focal_point"), sign_in("coordinator"), sign_in("lead")
    new_update, new_assessment = (f"/{name}/new/{REVIEW}/{who.point}" for name in ("updates", "assessments"))
    registrar = sign_in("registrar")
    with database.reading() as session:
        validated = find_update(session, UpdateState.VALIDATED)
        successor = f"{find_person(session, who.focal_point)}/hand-over"
        key = find_organisation(session, who.lead)
    link = path_of(lead.send(f"/invitations/new/{key}", role="contributor", note=TYPED))
    answers = [
        client.send("/sign-in"),
        client.send("/sign-in", handle=TYPED, passphrase=TYPED),
        lead.send("/account/passphrase", passphrase=TYPED, new_passphrase=TYPED, new_passphrase_again="x"),
        lead.send(
            "/account/passphrase", passphrase=TYPED, new_passphrase="x" * 20, new_passphrase_again="x" * 20
        ),
        focal_point.send("/account/settings", email=TYPED, wants_mail="perhaps", language="eo"),
        focal_point.send("/account/settings", email=TYPED),
        lead.send("/account/second-factor", passphrase=TYPED, new_code=TYPED),
        lead.send("/account/second-factor", passphrase=PASSPHRASE, new_code=TYPED),
        lead.send("/account/second-factor/remove", passphrase=TYPED),
        coordinator.send("/account/second-factor/recovery-codes", passphrase=""),
        _without_code(client, who.coordinator),
        focal_point.send(new_update, button="submit"),
        focal_point.send(new_update, button="submit", level="fully_implemented", reason=TYPED, done=TYPED),
        focal_point.send(new_update, level="best", as_of_on=TYPED, next_step_on=TYPED, source_link=TYPED),
        focal_point.send(new_update, done=TYPED * 600, source_link=LINK * 100),
        coordinator.send(f"{validated}/return"),
        registrar.send("/organisations/admit"),
        registrar.send("/organisations/admit", kind="party", name_en=TYPED * 20),
        lead.send(f"/invitations/new/{key}", note=TYPED * 20),
        coordinator.send(successor),
        client.send(link),
        client.send(link, handle=who.lead, choice="own", own="short"),
        client.send(link, handle=who.lead, choice="own", own=OWN, again=TYPED),
        client.send(link, handle=who.lead, choice="own", own=OWN, again=OWN),
        lead.send(new_assessment, button="preview"),
        lead.send(new_assessment, button="preview", level="best", narrative=TYPED, source_link=TYPED),
    ]
    assert [answer.status_code for answer in answers] == [422] * len(answers)
    faults = [fault for answer in answers for fault in unmarked(answer, data)]
    assert not faults, "\n".join(faults)


def test_every_step_of_both_voices_speaks_in_marked_words(
    sign_in: SignIn, who: People, database: Database, data: frozenset[str]
) -> None:
    focal_point, colleague, officer = (
        sign_in("focal_point"),
        sign_in("alternate"),
        sign_in("validating_officer"),
    )
    coordinator, lead = sign_in("coordinator"), sign_in("lead")
    new_update = f"/updates/new/{REVIEW}/{who.point}"
    words = {"level": "planned", "reason": TYPED, "done": TYPED, "as_of_on": "2026-11-20"}
    answers = []

    def follow(client: StrictClient, answer: TestResponse) -> str:
        assert answer.status_code == 303, answer.status_code
        where = urldefrag(answer.headers["Location"]).url
        answers.append(client.get(where))
        return where

    draft = follow(focal_point, focal_point.send(new_update, button="keep", **words))
    answers.append(focal_point.get(f"{draft}/discard"))
    follow(focal_point, focal_point.send(f"{draft}/discard"))
    draft = follow(focal_point, focal_point.send(new_update, button="keep", **words))
    late = focal_point.get(f"{draft}/change")
    follow(colleague, colleague.send(f"{draft}/change", button="keep", obstacles=TYPED))
    conflict = focal_point.send_from(late, button="keep", support_needed=TYPED)
    assert conflict.status_code == 409
    answers.append(conflict)
    follow(focal_point, focal_point.send(f"{draft}/change", button="submit"))
    follow(officer, officer.send(f"{draft}/return", comment=TYPED))
    answers.append(focal_point.get(f"{draft}/change"))
    follow(focal_point, focal_point.send(draft, action="/submit"))
    loaded = officer.get(draft)
    answers.append(loaded)
    follow(officer, officer.send_from(loaded, action="/validate"))
    loaded = coordinator.get(f"{draft}/publish")
    answers.append(loaded)
    follow(coordinator, coordinator.send_from(loaded, action="/publish"))
    too_late = coordinator.send_from(loaded, action="/publish")
    assert too_late.status_code == 409
    answers.append(too_late)

    new_assessment = f"/assessments/new/{REVIEW}/{who.point}"
    said = {"level": "planned", "reason": TYPED, "narrative": TYPED, "source_link": LINK}
    preview = lead.send(new_assessment, button="preview", **said)
    answers += [preview, lead.send_from(preview, action=who.point, button="change")]
    follow(lead, lead.send_from(preview, action="/publish", button="publish"))
    with database.reading() as session:
        withdrawal = find_assessment(session, who.lead)
    answers.append(lead.get(withdrawal))
    follow(lead, lead.send(withdrawal))
    faults = [fault for answer in answers for fault in unmarked(answer, data)]
    assert not faults, "\n".join(faults)


def test_every_step_about_people_speaks_in_marked_words(
    client: StrictClient, sign_in: SignIn, who: People, database: Database, data: frozenset[str]
) -> None:
    coordinator, registrar, lead = sign_in("coordinator"), sign_in("registrar"), sign_in("lead")
    with database.reading() as session:
        officer, focal_point = (
            find_person(session, each) for each in (who.validating_officer, who.focal_point)
        )
        contributor, place = (
            find_person(session, who.contributor),
            find_organisation(session, who.focal_point),
        )
    answers = [registrar.send("/organisations/admit", kind="cso", name_en=TYPED)]
    first = path_of(answers[0])
    answers += [client.get(first), lead.get(first), client.get(f"{first}x"), registrar.get("/organisations")]
    answers.append(coordinator.send(f"{focal_point}/hand-over", successor="new", note=TYPED))
    for by, person, kind in (
        (coordinator, officer, "new_passphrase"),
        (lead, contributor, "new_second_factor"),
    ):
        token = token_of(by)
        answers.append(by.post(f"{person}/renew", data={**token, "kind": kind}))
        link = path_of(answers[-1])
        answers.append(by.get(person))
        answers.append(client.get(link))
        passphrase = {"choice": "own", "own": OWN, "again": OWN} if kind == "new_passphrase" else {}
        answers.append(client.send(link, **passphrase))
    answers.append(coordinator.get(f"/organisations/{place}"))
    token = token_of(lead)
    for given in ("0", "1"):
        lead.post(f"{contributor}/publishing", data={**token, "given": given})
        answers.append(lead.get(contributor))
    assert coordinator.send(f"{officer}/end").status_code == 303
    answers.append(coordinator.get(f"/organisations/{place}"))
    with database.reading() as session:
        known = data | read_data(session)
    faults = [fault for answer in answers for fault in unmarked(answer, known)]
    assert not faults, "\n".join(faults)


def test_refusals_speak_in_marked_words(
    app: Flask, client: StrictClient, sign_in: SignIn, data: frozenset[str]
) -> None:
    administrator = sign_in("administrator")
    answers = {
        404: client.get("/no-such-page"),
        403: administrator.get(f"/updates/new/{REVIEW}/A12.1"),
        400: client.get("/recommendations?level=excellent"),
        405: client.get("/sign-out"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
    others = [client.get("/recommendations?voice=nobody"), client.post("/sign-out")]
    assert [answer.status_code for answer in others] == [400, 400]
    faults = [fault for answer in (*answers.values(), *others) for fault in unmarked(answer, data)]
    assert not faults, "\n".join(faults)
    for status in PAGES:
        with app.test_request_context("/"):
            app.preprocess_request()
            page = TestResponse(render_template(f"errors/{status}.html"), "200 OK", {}, None)  # type: ignore[arg-type]
            found = {left_over(text, data) for text in shown_texts(parse(page))} - {""}
        assert not found, f"{status}: {found}"
