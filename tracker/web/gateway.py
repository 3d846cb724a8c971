"""What stands between the web server and Flask. The server speaks ASGI, Flask speaks WSGI (PEP 3333).

A request is read whole before a thread answers it (but for one of more than 32 MB), and the answer is made whole before
it is sent, so a slow client holds no thread. Everything is in memory: nothing that people send lies on a disk before a
service stores it. That memory is bounded: short bodies by the number of connections, long ones are read few at a time.
Each body has a deadline.
"""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    LengthRequired,
    RequestEntityTooLarge,
    RequestTimeout,
)
from werkzeug.test import run_wsgi_app

from tracker.web.access import is_signed_in
from tracker.web.cache import ReviewCache
from tracker.web.uploads import MAX_PUBLIC_FORM

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

THREADS = 48
"""Of each process. Sign-ins, downloads and long bodies that wait for their turn hold up to 28 of them
(`identity/passphrases.py`, `web/downloads.py`, below)."""
PAGES_AT_ONCE, PAGE_SECONDS = 2, 0.5
"""Of pages, and of files. Python runs one thread at a time: with more of them everybody waits longer, and fewer are
answered. What has waited for half a second is made all the same: what holds up those before it may be a database that
does not answer. Forms that are sent wait for no turn."""
LONG_AT_ONCE, LONG_OF_STRANGERS_AT_ONCE = 6, 2
"""So many bodies of more than MAX_PUBLIC_FORM are read and answered at once; others wait within their deadline. Who is
not signed in takes no place of those who are."""
BODY_SECONDS, SLOWEST_BYTES_A_SECOND = 20, 32 * 1024
"""A body has 20 seconds, and one more for each 32 KiB: ten megabytes have five and a half minutes."""
SILENT_SECONDS = 25
"""The longest pause within a body. The server itself would give up after 30, without a word."""
MOST_IN_MEMORY = 32 * 1024 * 1024
"""A longer body of somebody who is signed in holds files that are not taken, and words that come back: a thread reads
it while it comes, and forgets the files. `LONG_AT_ONCE` bounds how many threads do."""
PART = 64 * 1024
"""Bytes of an answer that are sent at once."""
SWEEP_SECONDS = 60
"""So often what nobody asks for any more leaves the cache, and what nothing refers to leaves the memory: within two
minutes no process holds what was withdrawn."""
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""
Wrap = Callable[["WSGIApplication"], "WSGIApplication"]


class Gateway:
    """An ASGI 3 application for HTTP/1.1. `wrap`: what Flask's application is wrapped in (`web/site.py`)."""

    def __init__(self, app: Flask, wrap: Wrap) -> None:
        self._app = app
        self._wrap = wrap
        self._threads = ThreadPoolExecutor(THREADS, "request")
        self._page_turns = asyncio.Semaphore(PAGES_AT_ONCE)
        self._file_turns = asyncio.Semaphore(PAGES_AT_ONCE)
        self._in_hand = 0
        self._sweeper: asyncio.Task[None] | None = None
        self._places = asyncio.Semaphore(LONG_AT_ONCE)
        self._places_of_strangers = asyncio.Semaphore(LONG_OF_STRANGERS_AT_ONCE)

    def close(self) -> None:
        """Ends the threads, when what is in hand is finished."""
        self._threads.shutdown()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # a WebSocket, which the server refuses
            return
        if self._sweeper is None:
            self._sweeper = asyncio.create_task(self._sweep(self._app.extensions["cache"]))
        environ = environ_of(scope)
        async with AsyncExitStack() as place:
            body = await self._read(environ, receive, place)
            if body is None:  # the client has gone
                return
            answer = await self._answer(environ, body)
        await _send(send, answer)

    async def _read(
        self, environ: "WSGIEnvironment", receive: Receive, place: AsyncExitStack
    ) -> IO[bytes] | None:
        """The body; None when the client has gone before its end. Of a long one, `place` holds its place until it is
        answered."""
        if "HTTP_TRANSFER_ENCODING" in environ:  # no browser sends one: thousands of chunks are dear to read
            return _unread(LengthRequired())
        length, most = int(environ.get("CONTENT_LENGTH") or 0), MAX_PUBLIC_FORM
        places = None
        if length > most:
            most, is_known = await self._in_thread(self._judge, environ)
            if length > most or (length > MOST_IN_MEMORY and not is_known):
                return _unread(RequestEntityTooLarge())
            places = self._places if is_known else self._places_of_strangers
        seconds = BODY_SECONDS + length / SLOWEST_BYTES_A_SECOND
        try:
            async with asyncio.timeout(seconds) as deadline:
                if places:
                    await place.enter_async_context(places)
                if length > MOST_IN_MEMORY:
                    return cast(IO[bytes], _StreamedBody(receive, deadline.when() or 0))
                return await _read_whole(receive)
        except TimeoutError:
            return _unread(RequestTimeout())

    def _judge(self, environ: "WSGIEnvironment") -> tuple[int, bool]:
        """How many bytes the view of this address reads (`web/uploads.py`), and whether somebody is signed in."""
        found: list[tuple[int, bool]] = []

        def look(environ: "WSGIEnvironment", _start_response: object) -> list[bytes]:
            with self._app.request_context(environ):
                found.append((request.max_content_length or 0, is_signed_in()))
            return []

        self._wrap(look)({**environ, "wsgi.input": BytesIO()}, cast(Any, None))
        return found[0]

    async def _answer(self, environ: "WSGIEnvironment", body: IO[bytes]) -> Answer:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return cast(Answer, await self._in_thread(self._ask_flask, environ, body))
        turns = self._file_turns if _is_file(environ) else self._page_turns
        self._in_hand += 1
        has_turn = await _wait_for(turns)
        try:
            status, headers, content = await self._in_thread(self._ask_flask, environ, body)
        finally:
            self._in_hand -= 1
            if has_turn:
                turns.release()
        if self._in_hand > PAGES_AT_ONCE:
            # Asks the client to open another connection: it may come to a process that has less to do.
            headers.append((b"connection", b"close"))
        return status, headers, content

    def _ask_flask(self, environ: "WSGIEnvironment", body: IO[bytes]) -> Answer:
        """What Flask answers, whole."""
        parts, status, headers = run_wsgi_app(
            self._app.wsgi_app, {**environ, "wsgi.input": body}, buffered=True
        )
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return int(status.split()[0]), encoded, b"".join(parts)

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    async def _sweep(self, cache: ReviewCache) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            cache.forget_unasked()
            gc.collect()


def _is_file(environ: "WSGIEnvironment") -> bool:
    """Files take turns of their own, because some take as long as a hundred pages. Static files and downloads have a
    dot in their address."""
    return "." in environ["PATH_INFO"] or "/evidence/" in environ["PATH_INFO"]


async def _wait_for(turns: asyncio.Semaphore) -> bool:
    """Whether there was a turn within PAGE_SECONDS."""
    try:
        async with asyncio.timeout(PAGE_SECONDS):
            return await turns.acquire()
    except TimeoutError:
        return False


def _unread(error: HTTPException) -> IO[bytes]:
    """A body of which nothing is read: who reads it gets the error, so that Flask makes its page."""
    return cast(IO[bytes], _UnreadBody(error))


class _UnreadBody:
    def __init__(self, error: HTTPException) -> None:
        self._error = error

    def read(self, _size: int = -1) -> bytes:
        raise self._error


class _StreamedBody:
    """A body that a thread reads while it comes. Raises RequestTimeout after `deadline`, in seconds of the event loop,
    and ClientDisconnected where the client has gone."""

    def __init__(self, receive: Receive, deadline: float) -> None:
        self._receive, self._deadline = receive, deadline
        self._loop = asyncio.get_running_loop()
        self._rest, self._is_over = b"", False

    def read(self, size: int = -1) -> bytes:
        """What has come next, not all of it, where no size is named."""
        while not self._rest and not self._is_over:
            self._rest = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        part, self._rest = (self._rest[:size], self._rest[size:]) if size >= 0 else (self._rest, b"")
        return part

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout_at(min(self._deadline, self._loop.time() + SILENT_SECONDS)):
                message = await self._receive()
        except TimeoutError:
            raise RequestTimeout from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        self._is_over = not message.get("more_body", False)
        return cast(bytes, message.get("body", b""))


async def _read_whole(receive: Receive) -> IO[bytes] | None:
    """The whole body; None when the client has gone before its end. The server cuts off what is longer than the
    request said."""
    parts = []
    while True:
        async with asyncio.timeout(SILENT_SECONDS):
            message = await receive()
        _let_be_cancelled()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return BytesIO(b"".join(parts))


def _let_be_cancelled() -> None:
    """Python 3.11 loses a cancellation, and with it the deadline, that comes at the same moment as what the server
    waits for with `asyncio.wait_for` (fixed in 3.12)."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


async def _send(send: Send, answer: Answer) -> None:
    """In parts, so that no second copy of the whole waits for the client. The server leaves who takes nothing."""
    status, headers, content = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for at in range(0, max(len(content), 1), PART):
        part, is_last = content[at : at + PART], at + PART >= len(content)
        await send({"type": "http.response.body", "body": part, "more_body": not is_last})


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
        "RAW_URI": target,  # without the query: `web/hosts.py` reads its host
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
