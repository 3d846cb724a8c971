"""A request is read whole before a thread answers it: what slow clients, long bodies and odd headers become."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest
from flask import Flask

from config import Config
from tests.stories.pages import contents
from tests.stories.updates import NEW, TEXT
from tests.strict_client import SignIn, StrictClient, token_of
from tracker.app import create_app
from tracker.database import Database
from tracker.web import gateway
from tracker.web.gateway import LONG_OF_STRANGERS_AT_ONCE, Gateway, environ_of
from tracker.web.site import make_gateway
from tracker.web.uploads import MAX_PUBLIC_FORM, MEGABYTE, MOST_FORMS_READ

FORM = (b"content-type", b"application/x-www-form-urlencoded")
CHUNKED = (b"transfer-encoding", b"chunked")
Headers = Sequence[tuple[bytes, bytes]]
Result = TypeVar("Result")


@pytest.fixture
def kind() -> str:
    """The server in front knows no database."""
    return "sqlite"


@pytest.fixture
def front(app: Flask) -> Iterator[Gateway]:
    found = make_gateway(app)
    yield found
    found.close()


class Exchanged:
    """A request over ASGI: what is sent of its body, and what comes back. `goes_on`: its rest never comes. `is_read`:
    whether the body was asked for."""

    def __init__(
        self,
        path: str,
        method: str = "GET",
        headers: Headers = (),
        body: Sequence[bytes] = (),
        goes_on: bool = False,
    ) -> None:
        path, _, query = path.partition("?")
        self.scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1:8000"), *headers],
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 50_000),
        }
        self._body, self._goes_on = [*body], goes_on
        self.is_read, self.said = False, list[Any]()

    async def receive(self) -> dict[str, Any]:
        self.is_read = True
        if not self._body:
            await asyncio.sleep(3600)  # the rest never comes
        part = self._body.pop(0)
        is_last = not self._body and not self._goes_on
        return {"type": "http.request", "body": part, "more_body": not is_last}

    async def send(self, message: Any) -> None:
        self.said.append(message)

    @property
    def status(self) -> int:
        return int(self.said[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.said[0]["headers"])

    @property
    def content(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.said)


def run(asked: Coroutine[Any, Any, Result]) -> Result:
    """In a thread of its own: in that of the tests a browser's loop may be running."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, asked).result()


def ask(front: Gateway, asked: Exchanged) -> Exchanged:
    run(front(asked.scope, asked.receive, asked.send))
    return asked


def sent(length: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(length).encode())


def cookie_of(client: StrictClient) -> tuple[bytes, bytes]:
    cookies = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
    return (b"cookie", cookies.encode())


def long_form(writer: StrictClient) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """A form with a long text, and the headers with which it is sent."""
    text = {**TEXT, "done": "Курсы прошли. " * 300}
    body = urlencode({**token_of(writer), "keep": "1", **text}).encode()
    return body, [FORM, cookie_of(writer), sent(len(body))]


def cut(body: bytes) -> list[bytes]:
    return [body[at : at + 1000] for at in range(0, len(body), 1000)]


@pytest.mark.parametrize("path", ["/", "/recommendations?q=torture", "/static/app.css", "/no-such-page"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_answer_is_that_of_flask(app: Flask, front: Gateway, path: str, method: str) -> None:
    with app.test_client().open(path, method=method) as there:
        here = ask(front, Exchanged(path, method, body=[b""]))
        assert (here.status, here.content) == (there.status_code, there.get_data())
        differing = {b"date"}
        theirs = {name.lower().encode(): value.encode() for name, value in there.headers}
        assert {k: v for k, v in here.headers.items() if k not in differing} == {
            k: v for k, v in theirs.items() if k not in differing
        }


def test_a_form_arrives_however_it_is_cut(signed_in: SignIn, front: Gateway, database: Database) -> None:
    body, headers = long_form(signed_in("focal_point"))
    assert len(body) > MAX_PUBLIC_FORM
    assert ask(front, Exchanged(NEW, "POST", headers, cut(body))).status == 303
    assert "Курсы прошли. Курсы" in str(contents(database)["progress_updates"])


def test_a_body_in_chunks_is_asked_for_its_length(front: Gateway) -> None:
    asked = ask(front, Exchanged("/sign-in", "POST", [FORM, CHUNKED], [b"a" * 1000] * 20))
    assert (asked.status, asked.is_read) == (400, False)


def test_a_very_long_body_is_read_by_its_thread_while_it_comes(
    signed_in: SignIn, front: Gateway, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MOST_IN_MEMORY", MAX_PUBLIC_FORM)
    body, headers = long_form(signed_in("focal_point"))
    assert ask(front, Exchanged(NEW, "POST", headers, cut(body))).status == 303
    assert "Курсы прошли. Курсы" in str(contents(database)["progress_updates"])
    # And one that does not come to its end is left
    monkeypatch.setattr(gateway, "SILENT_SECONDS", 0.2)
    late = ask(front, Exchanged(NEW, "POST", headers, cut(body)[:-1], goes_on=True))
    assert late.status == 400
    assert b"did not arrive in time" in late.content
    assert len(contents(database)["progress_updates"]) == 1
    # And nobody but people who are signed in may send one
    stranger = Exchanged(NEW, "POST", [FORM, sent(len(body))], cut(body))
    assert (ask(front, stranger).status, stranger.is_read) == (400, False)


@pytest.mark.parametrize("name", ["BODY_SECONDS", "SILENT_SECONDS"])
def test_who_does_not_send_the_rest_in_time_is_told_so_and_nothing_is_done(
    signed_in: SignIn, front: Gateway, database: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    body, headers = long_form(signed_in("focal_point"))
    seconds = 0.2 - len(body) / gateway.SLOWEST_BYTES_A_SECOND if name == "BODY_SECONDS" else 0.2
    monkeypatch.setattr(gateway, name, seconds)
    late = ask(front, Exchanged(NEW, "POST", headers, cut(body)[:-1], goes_on=True))
    assert late.status == 400
    assert b"did not arrive in time" in late.content
    assert late.headers[b"x-content-type-options"] == b"nosniff"
    assert contents(database)["progress_updates"] == []


def test_a_deadline_holds_also_where_parts_come_at_the_same_moment(
    front: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As gunicorn waits for them on Python 3.11: with `asyncio.wait_for`, which swallows a cancellation."""
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.2)
    asked = Exchanged("/sign-in", "POST", [FORM, sent(400)])
    received = 0

    async def receive() -> dict[str, Any]:
        nonlocal received
        received += 1
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0.05)
        assert received < 50, "the deadline is lost"
        return {"type": "http.request", "body": b"a", "more_body": True}

    run(front(asked.scope, receive, asked.send))
    assert asked.status == 400
    assert b"did not arrive in time" in asked.content


def test_who_goes_in_the_middle_is_not_answered(
    front: Gateway, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "wsgi_app", None)
    asked = Exchanged("/sign-in", "POST", [FORM, sent(400)])

    async def leave() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    run(front(asked.scope, leave, asked.send))
    assert asked.said == []


@pytest.mark.parametrize("person", [None, "focal_point"], ids=["a stranger", "somebody"])
def test_a_body_that_no_view_reads_is_refused_unread(
    front: Gateway, signed_in: SignIn, person: str | None
) -> None:
    cookie = [cookie_of(signed_in(person))] if person else []
    for path, length in (("/sign-in", MAX_PUBLIC_FORM + 1), (NEW, 200_000_000), (NEW, 10**320)):
        asked = ask(front, Exchanged(path, "POST", [FORM, *cookie, sent(length)]))
        assert (asked.status, asked.is_read) == (400, False), (path, length)
        assert b"longer than this form can take" in asked.content


@pytest.mark.parametrize("host", ["UPR.example.org", "127.0.0.1:8000"])
def test_behind_a_proxy_a_long_form_is_read_as_the_view_says(
    config: Config, signed_in: SignIn, host: str
) -> None:
    """Whatever host the proxy itself asks for."""
    site = {"BASE_URL": "https://upr.example.org", "TRACKER_ENV": "production", "TRUSTED_PROXIES": 1}
    app = create_app(replace(config, SECRET_KEY="fq0Zr3tUe8Wc1vXn5Lk7Jh2Gd9Sa4Pob", **site))  # type: ignore[arg-type]
    front = make_gateway(app)
    files = (b"content-type", b"multipart/form-data; boundary=x")
    asked = Exchanged(NEW, "POST", [files, sent(2_000_000), (b"x-forwarded-proto", b"https")])
    asked.scope["headers"][0] = (b"host", host.encode())
    asked.scope["headers"].append((b"x-forwarded-host", b"upr.example.org"))
    most, is_known = front._judge(environ_of(asked.scope))
    front.close()
    app.extensions["database"].dispose()
    of_files = MOST_FORMS_READ * config.UPLOAD_MAX_MEGABYTES * MEGABYTE
    assert (most, is_known) == (config.FORM_MAX_KILOBYTES * 1024 + of_files, False)


def test_long_bodies_of_strangers_take_no_place_of_those_who_are_signed_in(
    signed_in: SignIn, front: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, headers = long_form(signed_in("focal_point"))

    async def meanwhile() -> tuple[list[Exchanged], Exchanged, Exchanged]:
        # Given strangers who hold every place of strangers, and one more
        stuck = [
            Exchanged(NEW, "POST", [FORM, sent(900_000)], goes_on=True)
            for _ in range(LONG_OF_STRANGERS_AT_ONCE + 1)
        ]
        waiting = [asyncio.ensure_future(front(each.scope, each.receive, each.send)) for each in stuck]
        while sum(each.is_read for each in stuck) < LONG_OF_STRANGERS_AT_ONCE:
            await asyncio.sleep(0.01)
        # When somebody sends a long form, and somebody else reads a page
        mine = Exchanged(NEW, "POST", headers, [body])
        page = Exchanged("/", body=[b""])
        for each in (mine, page):
            await asyncio.wait_for(front(each.scope, each.receive, each.send), 20)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return stuck, mine, page

    # Then they are answered, and the last stranger still waits
    stuck, mine, page = run(meanwhile())
    assert (mine.status, page.status) == (303, 200)
    assert [each.is_read for each in stuck].count(True) == LONG_OF_STRANGERS_AT_ONCE


def test_pages_take_turns_and_one_that_waits_too_long_is_made_all_the_same(
    front: Gateway, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given pages that wait for something which does not come
    monkeypatch.setattr(gateway, "PAGE_SECONDS", 0.05)
    answered, at_once, most = threading.Event(), 0, 0
    flask = app.wsgi_app

    def wait(environ: Any, start_response: Any) -> Any:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        answered.wait(20)
        at_once -= 1
        return flask(environ, start_response)

    monkeypatch.setattr(app, "wsgi_app", wait)
    many = gateway.PAGES_AT_ONCE + 3

    async def read() -> list[Exchanged]:
        pages = [Exchanged("/protection", body=[b""]) for _ in range(many)]
        reading = [asyncio.ensure_future(front(each.scope, each.receive, each.send)) for each in pages]
        await asyncio.sleep(0.01)
        assert most <= gateway.PAGES_AT_ONCE
        while most < many:  # then nobody waits behind them for ever
            await asyncio.sleep(0.01)
        answered.set()
        await asyncio.gather(*reading)
        return pages

    pages = run(asyncio.wait_for(read(), 20))
    assert [each.status for each in pages] == [200] * many
    # And while others wait, connections are closed, so that they may come to another process; the last one is kept
    closed = [each.headers.get(b"connection") for each in pages]
    assert closed.count(b"close") == many - gateway.PAGES_AT_ONCE - 1


def test_a_process_that_is_not_asked_any_more_forgets_what_it_cached(
    front: Gateway, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "SWEEP_SECONDS", 0.01)
    cache = app.extensions["cache"]

    async def read_and_go() -> int:
        asked = Exchanged("/", body=[b""])
        await front(asked.scope, asked.receive, asked.send)
        while any(map(len, cache._entries.values())):
            await asyncio.sleep(0.01)
        return asked.status

    assert run(asyncio.wait_for(read_and_go(), 20)) == 200


def test_the_environment_holds_what_was_sent_and_no_name_passes_for_another() -> None:
    asked = Exchanged("/a%2Fb%D0%98%FF", headers=[(b"x_forwarded_host", b"evil"), (b"cookie", b"a=1")])
    asked.scope["headers"] += [(b"cookie", b"b=2"), (b"x-a", b"1"), (b"x-a", b"2"), (b"script_name", b"/x")]
    environ = environ_of(asked.scope)
    assert environ["PATH_INFO"].encode("latin-1") == b"/a/b\xd0\x98\xff"
    assert environ["RAW_URI"] == "/a%2Fb%D0%98%FF"
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_A"], environ["SCRIPT_NAME"]) == ("a=1; b=2", "1,2", "")
    assert not [name for name in environ if "FORWARDED" in name]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"http://evil.example/work", "/work"),
        (b"http://evil.example", "/"),
        (b"evil.example:443", "evil.example:443"),
    ],
)
def test_a_whole_address_in_the_line_of_the_request_keeps_its_host_for_the_check(
    target: bytes, path: str
) -> None:
    asked = Exchanged("/")
    asked.scope["raw_path"] = target
    environ = environ_of(asked.scope)
    assert (environ["PATH_INFO"], environ["RAW_URI"]) == (path, target.decode())
