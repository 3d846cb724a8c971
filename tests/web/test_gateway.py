"""A request is read whole before a thread answers it: what slow clients, long bodies and odd headers become."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.stories.pages import contents
from tests.stories.updates import NEW, TEXT
from tests.strict_client import SignIn, StrictClient, token_of
from tracker.database import Database
from tracker.web import gateway
from tracker.web.gateway import LONG_OF_STRANGERS_AT_ONCE, Gateway, environ_of
from tracker.web.uploads import MAX_PUBLIC_FORM

FORM = (b"content-type", b"application/x-www-form-urlencoded")
CHUNKED = (b"transfer-encoding", b"chunked")
Headers = Sequence[tuple[bytes, bytes]]


@pytest.fixture
def kind() -> str:
    """The server in front knows no database."""
    return "sqlite"


@pytest.fixture
def front(app: Flask) -> Iterator[Gateway]:
    found = Gateway(app)
    yield found
    found.close()


class Asked:
    """A request over ASGI: what is sent of its body, and what comes back. `is_read`: whether the body was asked for."""

    def __init__(
        self, path: str, method: str = "GET", headers: Headers = (), body: Sequence[bytes] = ()
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
        self._body, self.is_read, self.said = [*body], False, list[Any]()

    async def receive(self) -> dict[str, Any]:
        self.is_read = True
        if not self._body:
            await asyncio.sleep(3600)  # the rest never comes
        part = self._body.pop(0)
        return {"type": "http.request", "body": part, "more_body": part != b""}

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


def ask(front: Gateway, asked: Asked) -> Asked:
    asyncio.run(front(asked.scope, asked.receive, asked.send))
    return asked


def sent(length: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(length).encode())


def cookie_of(client: StrictClient) -> tuple[bytes, bytes]:
    cookies = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
    return (b"cookie", cookies.encode())


def form_of(writer: StrictClient, **more: str) -> bytes:
    return urlencode({**token_of(writer), "keep": "1", **TEXT, **more}).encode()


@pytest.mark.parametrize("path", ["/", "/recommendations?q=torture", "/static/app.css", "/no-such-page"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_answer_is_that_of_flask(app: Flask, front: Gateway, path: str, method: str) -> None:
    with app.test_client().open(path, method=method) as there:
        here = ask(front, Asked(path, method, body=[b""]))
        assert (here.status, here.content) == (there.status_code, there.get_data())
        differing = {b"date"}
        theirs = {name.lower().encode(): value.encode() for name, value in there.headers}
        assert {k: v for k, v in here.headers.items() if k not in differing} == {
            k: v for k, v in theirs.items() if k not in differing
        }


@pytest.mark.parametrize("has_length", [True, False], ids=["with its length", "in chunks"])
def test_a_form_arrives_however_it_is_cut(
    signed_in: SignIn, front: Gateway, database: Database, has_length: bool
) -> None:
    writer = signed_in("focal_point")
    body = form_of(writer, done="Курсы прошли. " * 300)
    assert len(body) > MAX_PUBLIC_FORM
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    headers = [FORM, cookie_of(writer), sent(len(body)) if has_length else CHUNKED]
    saved = ask(front, Asked(NEW, "POST", headers, [*parts, b""]))
    assert saved.status == 303
    [row] = contents(database)["progress_updates"]
    assert "Курсы прошли. Курсы" in str(row)


def test_a_very_long_body_is_read_by_its_thread_while_it_comes(
    signed_in: SignIn, front: Gateway, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MOST_IN_MEMORY", MAX_PUBLIC_FORM)
    writer = signed_in("focal_point")
    body = form_of(writer, done="Курсы прошли. " * 300)
    headers = [FORM, cookie_of(writer), sent(len(body))]
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    assert ask(front, Asked(NEW, "POST", headers, [*parts, b""])).status == 303
    assert "Курсы прошли. Курсы" in str(contents(database)["progress_updates"])
    # And one that does not come to its end is left
    monkeypatch.setattr(gateway, "BODY_SECONDS", -len(body) / gateway.SLOWEST_BYTES_A_SECOND + 0.2)
    late = ask(front, Asked(NEW, "POST", headers, parts[:-1]))
    assert late.status == 400
    assert b"did not arrive in time" in late.content
    assert len(contents(database)["progress_updates"]) == 1


def test_who_does_not_send_the_rest_in_time_is_told_so_and_flask_is_not_asked(
    front: Gateway, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(app, "wsgi_app", None)
    late = ask(front, Asked("/sign-in", "POST", [FORM, sent(400)], [b"handle=a"]))
    assert late.status == 408
    assert late.headers[b"connection"] == b"close"
    assert b"Please send it again" in late.content


def test_who_goes_in_the_middle_is_not_answered(
    front: Gateway, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "wsgi_app", None)
    asked = Asked("/sign-in", "POST", [FORM, sent(400)])

    async def leave() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    asyncio.run(front(asked.scope, leave, asked.send))
    assert asked.said == []


@pytest.mark.parametrize("person", [None, "focal_point"], ids=["a stranger", "somebody"])
def test_a_body_that_no_view_reads_is_refused_unread(
    front: Gateway, signed_in: SignIn, person: str | None
) -> None:
    cookie = [cookie_of(signed_in(person))] if person else []
    for path, length in (("/sign-in", MAX_PUBLIC_FORM + 1), ("/account", 2_000_000), (NEW, 200_000_000)):
        asked = ask(front, Asked(path, "POST", [FORM, *cookie, sent(length)]))
        assert asked.status in {400, 405, 413}, path
        assert not asked.is_read, path
    endless = ask(front, Asked("/sign-in", "POST", [FORM, CHUNKED], [b"a" * 1000] * 20))
    assert endless.status == 400


def test_long_bodies_of_strangers_take_no_place_of_those_who_are_signed_in(
    signed_in: SignIn, front: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = signed_in("focal_point")
    body = form_of(writer, done="Курсы прошли. " * 300)

    async def meanwhile() -> tuple[list[Asked], Asked, Asked]:
        # Given strangers who hold every place of strangers, and one more
        stuck = [Asked(NEW, "POST", [FORM, sent(900_000)]) for _ in range(LONG_OF_STRANGERS_AT_ONCE + 1)]
        waiting = [asyncio.ensure_future(front(each.scope, each.receive, each.send)) for each in stuck]
        while sum(each.is_read for each in stuck) < LONG_OF_STRANGERS_AT_ONCE:
            await asyncio.sleep(0.01)
        # When somebody sends a long form, and somebody else reads a page
        mine = Asked(NEW, "POST", [FORM, cookie_of(writer), sent(len(body))], [body, b""])
        page = Asked("/", body=[b""])
        for each in (mine, page):
            await asyncio.wait_for(front(each.scope, each.receive, each.send), 20)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return stuck, mine, page

    # Then they are answered, and the last stranger still waits
    stuck, mine, page = asyncio.run(meanwhile())
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

    async def read() -> list[Asked]:
        pages = [Asked("/protection", body=[b""]) for _ in range(many)]
        reading = [asyncio.ensure_future(front(each.scope, each.receive, each.send)) for each in pages]
        await asyncio.sleep(0.01)
        assert most <= gateway.PAGES_AT_ONCE
        while most < many:  # then nobody waits behind them for ever
            await asyncio.sleep(0.01)
        answered.set()
        await asyncio.gather(*reading)
        return pages

    pages = asyncio.run(asyncio.wait_for(read(), 20))
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
        asked = Asked("/", body=[b""])
        await front(asked.scope, asked.receive, asked.send)
        while any(map(len, cache._entries.values())):
            await asyncio.sleep(0.01)
        return asked.status

    assert asyncio.run(asyncio.wait_for(read_and_go(), 20)) == 200


def test_the_environment_holds_what_was_sent_and_no_name_passes_for_another() -> None:
    asked = Asked("/a%2Fb%D0%98%FF", headers=[(b"x_forwarded_host", b"evil"), (b"cookie", b"a=1")])
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
    asked = Asked("/")
    asked.scope["raw_path"] = target
    environ = environ_of(asked.scope)
    assert (environ["PATH_INFO"], environ["RAW_URI"]) == (path, target.decode())
