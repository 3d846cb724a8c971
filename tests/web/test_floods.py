"""What a flood of sign-ins is told before the application is asked: the same to all, and nothing of the first."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.cast import PASSPHRASE
from tests.statements import watching
from tests.stories.busy import full_queue
from tests.strict_client import SignIn, StrictClient
from tracker.web.floods import SignInFloodGuard
from tracker.web.uploads import MAX_PUBLIC_FORM

TOO_LONG = "a" * MAX_PUBLIC_FORM
FLOODS = {"full": ("guess", 503), "too long": (TOO_LONG, 400)}


@pytest.fixture
def kind() -> str:
    """No database is asked."""
    return "sqlite"


def send(client: FlaskClient, passphrase: str, **more: str):  # type: ignore[no-untyped-def]
    data = {"csrf_token": "x", "handle": "lead", "passphrase": passphrase}
    return client.post("/sign-in", data=data, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("passphrase", "status"), FLOODS.values(), ids=FLOODS)
def test_everybody_is_told_the_same_and_the_database_is_left_alone(
    app: Flask, passphrase: str, status: int
) -> None:
    said, asked = set(), []
    clients = [FlaskClient(app, app.response_class) for _ in range(3)]
    with full_queue(), watching(app.extensions["database"], lambda statement, _: asked.append(statement)):
        send(clients[0], passphrase)
        del asked[:]  # the first answer is cached, and its frame may ask
        for client in clients:
            answer = send(client, passphrase)
            assert answer.status_code == status
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            said.add((answer.get_data(), tuple(answer.headers)))
    assert len(said) == 1
    assert asked == []


@pytest.mark.parametrize(("passphrase", "status"), FLOODS.values(), ids=FLOODS)
def test_what_is_kept_for_all_has_nothing_of_the_first_who_came(
    app: Flask, signed_in: SignIn, passphrase: str, status: int
) -> None:
    """Neither of another host nor of somebody who is signed in, of an independent organisation at that."""
    lead = signed_in("lead")
    with full_queue():
        send(lead, passphrase, headers={"Host": "evil.example", "Accept-Language": "ky"})
        stranger = FlaskClient(app, app.response_class)
        page = send(stranger, passphrase)
    text = page.get_data(as_text=True)
    assert page.status_code == status
    assert "evil" not in text
    assert "lead" not in text
    assert "Leave this site" not in text
    assert "address of this site" not in text


def test_a_fault_is_told_and_not_kept(app: Flask) -> None:
    statuses = iter(("503 SERVICE UNAVAILABLE", "400 BAD REQUEST"))

    def faulty(_environ: Any, start_response: Any) -> list[bytes]:
        start_response(next(statuses), [])
        return [b""]

    client = Client(SignInFloodGuard(faulty, app))
    assert [client.post("/sign-in", data={"passphrase": TOO_LONG}).status_code for _ in range(3)] == [
        503,
        400,
        400,
    ]


def test_somebody_is_heard_again_as_soon_as_there_is_a_place(client: StrictClient) -> None:
    loaded = client.get("/sign-in")
    with full_queue():
        assert client.send_from(loaded, handle="lead", passphrase=PASSPHRASE).status_code == 503
    assert client.send_from(loaded, handle="lead", passphrase=PASSPHRASE).status_code == 303


@pytest.mark.parametrize("length", ["16385", "99999999999999999999999", "9" * 5000])
def test_a_length_is_believed_before_anything_is_read(client: StrictClient, length: str) -> None:
    answer = client.post("/sign-in", environ_overrides={"CONTENT_LENGTH": length})
    assert answer.status_code == 400
    assert "longer than this form can take" in answer.get_data(as_text=True)


@pytest.mark.parametrize("length", ["", "-1", "x", "²"])
def test_what_is_no_length_is_left_to_the_application(client: StrictClient, length: str) -> None:
    answer = client.post("/sign-in", environ_overrides={"CONTENT_LENGTH": length})
    assert answer.status_code == 400
    assert "longer than" not in answer.get_data(as_text=True)
