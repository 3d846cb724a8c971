"""Many requests at once, sent from a process of their own: whoever measures beside it shares no lock with it."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from urllib.parse import urlencode

LONGEST_SECONDS = 60
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Shot:
    """One POST of a form. `source`: the address that it comes from."""

    port: int
    path: str
    fields: dict[str, str]
    cookie: str
    source: str = "127.0.0.1"

    def said(self) -> bytes:
        """The whole request."""
        body = urlencode(self.fields).encode()
        host = "[::1]" if ":" in self.source else "127.0.0.1"
        lines = (
            f"POST {self.path} HTTP/1.1",
            f"Host: {host}:{self.port}",
            f"Cookie: {self.cookie}",
            f"Content-Type: {FORM}",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        return "\r\n".join((*lines, "", "")).encode() + body


@dataclass(frozen=True)
class Hit:
    """What came back; status 0 where nothing did."""

    status: int
    seconds: float


def fire(shots: Sequence[Shot], at_once: int, seconds: float = 0) -> list[Hit]:
    """Each shot once or, with `seconds`, over and over for so long."""
    return asyncio.run(_fire(shots, at_once, seconds))


@contextmanager
def firing(shots: Sequence[Shot], at_once: int, seconds: float = 0) -> Iterator[Future[list[Hit]]]:
    """The same beside what the block does; the block may end before it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool.submit(fire, shots, at_once, seconds)


async def _fire(shots: Sequence[Shot], at_once: int, seconds: float) -> list[Hit]:
    hits: list[Hit] = []
    ready = [(shot, shot.said()) for shot in shots]  # before the clock runs: a megabyte takes its time
    end = time.monotonic() + seconds
    waiting = iter(ready)

    async def shoot() -> None:
        nonlocal waiting
        while True:
            shot = next(waiting, None)
            if shot is None:
                if time.monotonic() >= end:
                    return
                waiting = iter(ready)
                continue
            if seconds and time.monotonic() >= end:
                return
            hits.append(await _send(*shot))

    await asyncio.gather(*(shoot() for _ in range(at_once)))
    return hits


async def _send(shot: Shot, said: bytes) -> Hit:
    begun = time.monotonic()
    host = "::1" if ":" in shot.source else "127.0.0.1"
    status = 0
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            reader, writer = await asyncio.open_connection(host, shot.port, local_addr=(shot.source, 0))
            try:
                writer.write(said)
                line = await reader.readline()
                status = int(line.split()[1]) if line else 0
                await reader.read()
            finally:
                writer.close()
    except OSError:  # refused, reset or, as TimeoutError, too late: that is what status 0 says
        status = status or 0
    return Hit(status, time.monotonic() - begun)
