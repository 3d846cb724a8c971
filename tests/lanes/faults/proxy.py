"""A wire between the site and its database that can be cut: an asyncio proxy in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum

from tests.servers import free_port


class Wire(Enum):
    WHOLE = "whole"
    CUT = "connections are reset, and new ones as well"
    SILENT = "new connections are taken and never answered, old ones are reset"


class Proxy:
    """Listens on `port` and passes on to `target`; `set` changes the wire for everybody at once."""

    def __init__(self, target: int) -> None:
        self.port, self._target, self._wire = free_port(), target, Wire.WHOLE
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()

    def set(self, wire: Wire) -> None:
        asyncio.run_coroutine_threadsafe(self._set(wire), self._loop).result(10)

    async def _set(self, wire: Wire) -> None:
        self._wire = wire
        for each in list(self._open):
            each.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self._wire is Wire.SILENT:
                await reader.read()
            elif self._wire is Wire.WHOLE:
                there, back = await asyncio.open_connection("127.0.0.1", self._target)
                self._open.add(back)
                await asyncio.gather(_pass(reader, back), _pass(there, writer))
        except (
            OSError
        ):  # the wire was cut, or the server is not there: whoever is connected learns it by the end
            return
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def run(self, ready: threading.Event, end: asyncio.Event) -> None:
        async with await asyncio.start_server(self._serve, "127.0.0.1", self.port):
            ready.set()
            await end.wait()
            await self._set(Wire.CUT)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while block := await reader.read(64 * 1024):
            writer.write(block)
            await writer.drain()
    finally:
        writer.transport.abort()


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    found, ready, end = Proxy(target), threading.Event(), asyncio.Event()
    loop = found._loop
    thread = threading.Thread(target=loop.run_until_complete, args=(found.run(ready, end),))
    thread.start()
    assert ready.wait(10)
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()
        with suppress(RuntimeError):
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
