"""Every page of every role in Russian and in Kyrgyz: Latin words that no text of the database holds are a
text that nobody translated, or one that code puts together. That texts are marked is proven in
`test_translations.py`."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.cast import PASSPHRASE
from tests.demonstration import ROLES, SOUGHT, VISITOR, People, list_addresses, read_people
from tests.strict_client import StrictClient, parse
from tests.web.pseudo import read_data, shown_texts
from tracker.database import Database
from tracker.identity.passphrases import CHEAP, hash_passphrase
from tracker.language import LANGUAGES
from tracker.models.accounts import Account

LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[ -][A-Za-z][A-Za-z'’]*)*")
NAMES = re.compile(
    r"(?:English|Excel|Word|OpenDocument|UPR Info|UHRI|OHCHR|PostgreSQL|SQLite|JSON|CSV|KeePassXC"
    r"|Creative Commons(?: Attribution)?|CC BY|MIT|GitHub|Unicode|Tor|Tor Browser|Wikipedia|Shift|Argon"
    r"|https?|www|[A-Z]{2,6}s?"
    r"|[a-z]+(?:\.[a-z]+)+|xlsx?|docx?|ods|csv|json|pdf|age|flask|[a-z]\d?)"
)
"""Of products, formats and institutions that keep their Latin letters in every language; codes; single letters."""
CODED = re.compile(r"\S*[@/_\d]\S*|\S+\.\w{2,4}\b")
"""Addresses, file names, refs, numbers."""


@pytest.fixture
def kind() -> str:
    """Words come from templates: a database of the other kind has the same."""
    return "sqlite"


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def who(database: Database) -> People:
    with database.transaction() as session:
        session.execute(
            update(Account).values(passphrase_hash=hash_passphrase(PASSPHRASE, CHEAP), language="en")
        )
    with database.reading() as session:
        return read_people(session)


@pytest.fixture
def is_data(database: Database, who: People) -> Callable[[str], bool]:
    with database.reading() as session:
        held = "\n".join(sorted(read_data(session))).casefold()

    @lru_cache(maxsize=50_000)
    def is_held(words: str) -> bool:
        return words.casefold() in held

    return is_held


def latin_runs(document: Any) -> Iterator[str]:
    for text in shown_texts(document):
        for run in LATIN_RUN.findall(CODED.sub(" · ", " ".join(text.split()))):
            if not NAMES.fullmatch(run):
                yield run


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
@pytest.mark.parametrize("role", ROLES)
def test_no_page_holds_an_english_word_that_is_not_data(
    app: Flask,
    client: StrictClient,
    who: People,
    database: Database,
    is_data: Callable[[str], bool],
    role: str,
    language: str,
) -> None:
    with database.reading() as session:
        starts = [each for each, status in list_addresses(session, who, role).items() if status == 200]
    if role != VISITOR:
        assert client.sign_in(getattr(who, role), PASSPHRASE).status_code == 303
    faults, read = [], 0
    for address in sorted({"/", "/recommendations", "/calendar", *starts}):
        answer = client.get(f"/{language}{address}", follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        assert answer.status_code == 200, address
        read += 1
        runs = set(latin_runs(parse(answer))) - {SOUGHT}
        faults += [f"{address}: {run}" for run in runs if not is_data(run)]
    assert read > 5
    assert not faults, "\n".join(sorted(faults))
