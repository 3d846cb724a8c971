"""Over https, and on every answer: cookies, headers and what they promise to a browser."""

from dataclasses import replace

import pytest
from flask import Flask

from config import Config
from tests.cast import PASSPHRASE
from tests.second_factor import next_code
from tests.strict_client import HEADERS, StrictClient, text_of
from tracker.app import create_app

EVERYWHERE = ["/", "/static/app.css", "/static/nothing.css", "/nowhere", "/recommendations?level=x", "/work"]


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, BASE_URL="https://follow-up.example")


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config["PREFERRED_URL_SCHEME"] = "https"
    app.config["SERVER_NAME"] = "follow-up.example"
    return app


def test_over_https_every_cookie_is_bound_to_this_host(client: StrictClient) -> None:
    loaded = client.get("/sign-in")
    assert "only over https" not in text_of(loaded)
    asked = client.send_from(loaded, handle="focal_point", passphrase=PASSPHRASE)
    assert asked.headers["Location"] == "/sign-in/code"
    answer = client.send(
        "/sign-in/code", code=next_code(client.application.extensions["database"], "focal_point")
    )
    assert answer.headers["Location"] == "/work"
    left = client.send("/work", action="/sign-out")
    given = [line for each in (loaded, asked, answer, left) for line in each.headers.getlist("Set-Cookie")]
    assert {line.partition("=")[0] for line in given} == {"__Host-sign-in", "__Host-device", "__Host-form"}
    for line in given:
        assert len(line) < 4096
        assert line.startswith("__Host-"), line
        for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert flag in line, line
        assert "Domain" not in line


@pytest.mark.parametrize("page", EVERYWHERE)
def test_every_answer_over_https_tells_the_browser_to_stay_there(client: StrictClient, page: str) -> None:
    with client.get(page) as answer:
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_every_answer_carries_the_headers_whatever_its_status(client: StrictClient, app: Flask) -> None:
    app.add_url_rule("/broken", view_func=lambda: str(1 / 0))
    answers = [client.get(page) for page in EVERYWHERE]
    answers += [client.post("/sign-in"), client.post("/calendar"), client.get("/broken")]
    client.sign_in("lead", PASSPHRASE)
    answers.append(client.get("/reminders"))
    assert {answer.status_code for answer in answers} == {200, 302, 400, 403, 404, 405, 500}
    for answer in answers:
        for name, beginning in HEADERS.items():
            assert answer.headers.get(name, "").startswith(beginning), (answer.request.path, name)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        answer.close()


@pytest.mark.parametrize(
    ("base_url", "asked_at", "is_said"),
    [
        ("https://follow-up.example", "http://follow-up.example", True),
        ("http://follow-up.example", "http://follow-up.example", True),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", False),
        ("http://localhost:8000", "http://localhost:8000", False),
        ("http://localhost:8000", "http://[::1]:8000", False),
    ],
)
def test_off_this_machine_the_page_says_that_signing_in_needs_https(
    config: Config, base_url: str, asked_at: str, is_said: bool
) -> None:
    app = create_app(replace(config, BASE_URL=base_url))
    answer = app.test_client().get("/sign-in", base_url=asked_at)
    assert answer.status_code == 200
    assert ("works only over https" in text_of(answer)) == is_said
    app.extensions["database"].dispose()
