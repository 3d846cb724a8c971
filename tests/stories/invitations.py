"""What the stories about people do: make a link through the pages, read it off, use it."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import give_second_factor, read_account
from tests.stories.pages import ask, by_id, sentences
from tests.strict_client import StrictClient, text_of
from tracker.database import Database

OWN = "six-words-that-nobody-guesses"


def path_of(answer: TestResponse) -> str:
    """Where the link of the page that shows it leads."""
    assert answer.status_code == 200, text_of(answer)
    return urlsplit(str(by_id(answer, "link").text).strip()).path


def invite(client: StrictClient, key: str, role: str, **more: str) -> str:
    return path_of(client.send(f"/invitations/new/{key}", role=role, **more))


def accept(app: Flask, link: str, handle: str, **more: str) -> StrictClient:
    """Somebody opens the link, chooses a handle and an own passphrase, and is signed in."""
    client: StrictClient = app.test_client()  # type: ignore[assignment]
    answer = client.send(link, handle=handle, choice="own", own=OWN, again=OWN, **more)
    assert answer.status_code == 303, text_of(answer)
    assert answer.headers["Location"] == "/work"
    with app.extensions["database"].transaction() as session:
        give_second_factor(read_account(session, handle))  # what tests/stories/test_second_factor.py tells
    return client


def id_of_account(database: Database, handle: str) -> str:
    [row] = ask(database, "SELECT id FROM accounts WHERE handle = :handle", handle=handle)
    return with_hyphens(row.id)


def with_hyphens(identity: object) -> str:
    """As addresses write it: SQLite keeps an identifier without its hyphens."""
    return str(UUID(str(identity)))


def lines(database: Database) -> list[str]:
    return sentences(database)
