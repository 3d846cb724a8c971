"""`gunicorn --worker-class tracker.web.worker.Worker`: gunicorn's ASGI worker, with deadlines and bounds that it lacks.
It uses gunicorn's internals, so its release is pinned."""

import asyncio
import resource
from contextlib import suppress
from http import HTTPStatus

from gunicorn.workers import gasgi

HEADER_SECONDS = 10
"""For the headers of a connection's first request. gunicorn has a deadline for every later one: `--keep-alive`."""
UNREAD_SECONDS = 15
"""So long an answer waits for a client that takes nothing of it, or less than 50 kB."""
READ_AT_ONCE = 16 * 1024
"""Bytes of a request that wait until somebody reads them: two hundred clients that wait for a place hold 3 MB."""
MOST_CONNECTIONS = 1000
MOST_FILES = 10_000


class Protocol(gasgi.ASGIProtocol):  # type: ignore[misc]
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._deadline = self.worker.loop.call_later(HEADER_SECONDS, self._close_unless_asked)
        self._answer_deadline: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        transport.max_size = self._max_buffer_size = READ_AT_ONCE  # type: ignore[attr-defined]
        if self.worker.nr_conns > MOST_CONNECTIONS:
            transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """Lets go of what was received and not read. It would stay until Python looks for objects that hold each other,
        and of a flood of long bodies that is a gigabyte."""
        self._deadline.cancel()
        self._forget_answer_deadline()
        super().connection_lost(error)
        self._callback_parser = None
        if self._body_receiver is not None:
            self._body_receiver._chunks.clear()

    def eof_received(self) -> bool:
        """A client that has sent a whole request and ends its side still gets the answer."""
        return self._body_receiver is not None and self._body_receiver._complete

    def pause_writing(self) -> None:
        super().pause_writing()
        self._answer_deadline = self.worker.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._forget_answer_deadline()
        super().resume_writing()

    def _forget_answer_deadline(self) -> None:
        if self._answer_deadline:
            self._answer_deadline.cancel()

    def _on_headers_complete(self) -> bool:
        self._deadline.cancel()
        return bool(super()._on_headers_complete())

    def _feed_callback_parser(self, data: bytes) -> bool:
        """A Content-Length of thousands of digits is no number to Python."""
        try:
            return bool(super()._feed_callback_parser(data))
        except ValueError:
            self._send_error_response(400, "")
            self._close_transport()
            return False

    def _send_error_response(self, status: int, _message: str) -> None:
        """Repeats nothing of what was sent."""
        super()._send_error_response(status, HTTPStatus(status).phrase)

    def _close_unless_asked(self) -> None:
        if self._current_request is None:
            self._keepalive_timeout()


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]
    """One process that answers requests."""

    def init_process(self) -> None:
        present, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)
        with suppress(ValueError, OSError):  # a system may refuse it: fewer slow connections are borne then
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(present, wanted), most))
        gasgi.ASGIProtocol = Protocol
        super().init_process()
