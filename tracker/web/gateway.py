"""What stands between the web server and Flask. The server speaks ASGI, Flask speaks WSGI (PEP 3333).

A request is read whole before a thread answers it (but for one of more than 32 MB), and the answer is made whole before
it is sent, so a slow client holds no thread. Everything is in memory: nothing that people send lies on a disk before a
service stores it. That memory is bounded: short bodies by the number of connections, long ones are read few at a time.
Each body has a deadline.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from io import SEEK_END, BytesIO
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import ClientDisconnected, RequestTimeout
from werkzeug.test import run_wsgi_app

from tracker.web.access import is_signed_in
from tracker.web.cache import ReviewCache
from tracker.web.uploads import MAX_PUBLIC_FORM

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

THREADS = 48
"""Of each process. Sign-ins, downloads and long bodies that wait for their turn hold up to 28 of them
(`identity/passphrases.py`, `web/downloads.py`, below)."""
PAGES_AT_ONCE, PAGE_SECONDS = 2, 0.5
"""Python runs one thread at a time: with more of them pages take longer, and fewer are answered. A page that has waited
for half a second is made all the same: what holds up those before it may be a database that does not answer."""
LONG_AT_ONCE, LONG_OF_STRANGERS_AT_ONCE = 6, 2
"""So many long bodies are read and answered at once; others wait, unread, within their deadline. Who is not signed in
takes no place of those who are."""
BODY_SECONDS, SLOWEST_BYTES_A_SECOND = 20, 32 * 1024
"""A body has 20 seconds, and one more for each 32 KiB: ten megabytes have five and a half minutes."""
_NO_PLACE: AbstractAsyncContextManager[None] = nullcontext()
SWEEP_SECONDS = 60
"""So often what nobody asks for any more leaves the cache: within two minutes no process holds what was withdrawn."""
MOST_IN_MEMORY = 32 * 1024 * 1024
"""A longer body holds files that are not taken, and words that come back: a thread reads it while it comes, and forgets
the files. `LONG_AT_ONCE` bounds how many threads do."""
TOO_SLOW = b"The rest of this request did not come in time. Nothing was done. Please send it again.\n"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""


class Gateway:
    """An ASGI 3 application for HTTP/1.1."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, "request")
        self._page_turns = asyncio.Semaphore(PAGES_AT_ONCE)
        self._pages_in_hand = 0
        self._sweeper: asyncio.Task[None] | None = None
        self._places = asyncio.Semaphore(LONG_AT_ONCE)
        self._places_of_strangers = asyncio.Semaphore(LONG_OF_STRANGERS_AT_ONCE)

    def close(self) -> None:
        """Ends the threads, when what is in hand is finished."""
        self._threads.shutdown()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # a WebSocket, which is closed unanswered
            return
        if self._sweeper is None:
            self._sweeper = asyncio.create_task(self._sweep(self._app.extensions["cache"]))
        environ = environ_of(scope)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        most, place = MAX_PUBLIC_FORM, _NO_PLACE
        if length > most or "HTTP_TRANSFER_ENCODING" in environ:
            most, is_known = await self._in_thread(self._judge, environ)
            place = self._places if is_known else self._places_of_strangers
        try:
            async with asyncio.timeout(BODY_SECONDS + length / SLOWEST_BYTES_A_SECOND) as deadline, place:
                if length > most:  # Flask refuses it by its length, and reads nothing of it
                    body: IO[bytes] | None = BytesIO()
                elif length > MOST_IN_MEMORY:
                    body = cast(IO[bytes], _StreamedBody(receive, deadline.when()))
                else:
                    body = await _read_body(receive, min(most, MOST_IN_MEMORY))
                if body is None:
                    return
                deadline.reschedule(None)
                answer = await self._answer(environ, body)
        except TimeoutError:
            if not deadline.expired():
                raise
            answer = (408, [(b"content-type", b"text/plain"), (b"connection", b"close")], TOO_SLOW)
        status, headers, content = answer
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _sweep(self, cache: ReviewCache) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            cache.forget_unasked()

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _judge(self, environ: "WSGIEnvironment") -> tuple[int, bool]:
        """How many bytes the view of this address reads (`web/uploads.py`), and whether somebody is signed in."""
        with self._app.request_context({**environ, "wsgi.input": BytesIO()}):
            return request.max_content_length or 0, is_signed_in()

    async def _answer(self, environ: "WSGIEnvironment", body: IO[bytes]) -> Answer:
        work = (self._ask_flask, environ, body)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "." in environ["PATH_INFO"]:
            return cast(Answer, await self._in_thread(*work))
        self._pages_in_hand += 1
        try:
            async with _turn(self._page_turns):
                status, headers, content = await self._in_thread(*work)
        finally:
            self._pages_in_hand -= 1
        if self._pages_in_hand > PAGES_AT_ONCE:  # a new connection may come to a process that has less to do
            headers.append((b"connection", b"close"))
        return status, headers, content

    def _ask_flask(self, environ: "WSGIEnvironment", body: IO[bytes]) -> Answer:
        """What Flask answers, whole."""
        environ = {**environ, "wsgi.input": body}
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ["CONTENT_LENGTH"] = str(body.seek(0, SEEK_END))
            body.seek(0)
        parts, status, headers = run_wsgi_app(self._app.wsgi_app, environ, buffered=True)
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return int(status.split()[0]), encoded, b"".join(parts)


@asynccontextmanager
async def _turn(turns: asyncio.Semaphore) -> AsyncIterator[None]:
    """Waits for a turn, at most PAGE_SECONDS."""
    try:
        await asyncio.wait_for(turns.acquire(), PAGE_SECONDS)
    except TimeoutError:
        yield
        return
    try:
        yield
    finally:
        turns.release()


class _StreamedBody:
    """A body that a thread reads while it comes. Raises RequestTimeout after `deadline`, in seconds of the event loop,
    and ClientDisconnected where the client has gone."""

    def __init__(self, receive: Receive, deadline: float | None) -> None:
        self._receive, self._deadline = receive, deadline or 0.0
        self._loop = asyncio.get_running_loop()
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        part, self._rest = (self._rest[:size], self._rest[size:]) if size >= 0 else (self._rest, b"")
        return part

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise RequestTimeout from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        return cast(bytes, message.get("body", b""))


async def _read_body(receive: Receive, most: int) -> BytesIO | None:
    """The whole body; None when the client has gone before its end. What is longer than `most` is read no further: one
    byte more than that is enough for Flask to refuse it."""
    body = bytearray()
    while len(body) <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return BytesIO(body[: most + 1])


def environ_of(scope: Message) -> "WSGIEnvironment":
    """The WSGI environment of a request without its body (PEP 3333). A header whose name holds an underscore is left
    out, because it would pass for the one with hyphens."""
    target = scope["raw_path"].decode("latin-1")
    host, port = scope["server"] or ("", 0)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(_path_of(target)).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "RAW_URI": target,
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope["client"] or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        separator = "; " if name == "HTTP_COOKIE" else ","
        environ[name] = f"{environ[name]}{separator}{value}" if name in environ else value
    return environ


def _path_of(target: str) -> str:
    """The path of a request's target, which may be a whole address (RFC 9112, section 3.2.2): `web/hosts.py` refuses
    one of another host."""
    if target.startswith("/") or "://" not in target:
        return target
    return "/" + target.partition("://")[2].partition("/")[2]
