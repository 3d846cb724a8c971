"""`gunicorn --worker-class tracker.web.worker.Worker`: gunicorn's ASGI worker, with a deadline for the headers of a
connection's first request. (gunicorn has one for every later request: `--keep-alive`.)"""

import asyncio
import resource

from gunicorn.workers import gasgi

HEADER_SECONDS = 10


class Protocol(gasgi.ASGIProtocol):  # type: ignore[misc]
    """Closes a connection that has sent no whole header in time."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._deadline = self.worker.loop.call_later(HEADER_SECONDS, self._close_unless_asked)

    def connection_lost(self, error: Exception | None) -> None:
        """Lets go of what was received and not read. It would stay until Python looks for objects that hold each other,
        and of a flood of long bodies that is a gigabyte."""
        self._deadline.cancel()
        super().connection_lost(error)
        self._callback_parser = None
        if self._body_receiver is not None:
            self._body_receiver._chunks.clear()

    def _close_unless_asked(self) -> None:
        if self._current_request is None:
            self._keepalive_timeout()


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]
    """One process that answers requests."""

    def init_process(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a slow connection costs one of them
        gasgi.ASGIProtocol = Protocol
        super().init_process()
