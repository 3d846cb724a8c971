"""`python -m bench.servers`: the web server as it is shipped beside one process with 32 threads, in rounds that take
turns: readers, sign-ins, publications, memory, and what slow clients do to everybody else. Exits 1 beyond a limit.

`--postgresql` measures on PostgreSQL too. A slow client sends half of its headers, or of its body, then a byte each
second."""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import cycle
from socket import create_connection
from statistics import median, quantiles
from threading import Event, Thread

from bench.client import Client
from bench.corpus import TOTP_SECRET
from bench.filled import Filled, run
from bench.processes import GUNICORN, Server, memory_megabytes, serving_as_users_do
from bench.sign_ins import PASSPHRASE, add_people
from bench.sites import MeasuredSite
from bench.table import Measure
from tests.servers import free_port
from tracker.cli.jobs import default_processes
from tracker.serve import web

ROUNDS, READERS, READING_SECONDS = 3, 8, 4.0
SIGN_INS, PUBLICATIONS = 5, 30
SLOW = ((40, "headers"), (40, "bodies"), (200, "headers"), (200, "bodies"))
SLOW_PARTS = {
    "headers": "X-A: ",
    "bodies": "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\nhandle=",
}
GIVEN_UP_SECONDS = 10.0
"""Who waits so long for a page gives up; it counts as so long."""
THREADS, SHIPPED = "one process, 32 threads", "as shipped"
TIMES_ANSWERS, SLOW_SECONDS, MEGABYTES = 2.0, 0.5, 260.0
Values = dict[tuple[str, str], list[float]]


def main() -> int:
    return run("Compares the web server with one process of 32 threads.", measure_servers, THREADS)


def measure_servers(database: Filled) -> list[Measure]:
    values: Values = defaultdict(list)
    people = add_people(database.environment, 2 * ROUNDS * SIGN_INS)
    cookies: dict[str, str] = {}
    for _ in range(ROUNDS):
        for name in (THREADS, SHIPPED):
            for what, value in _measure(name, database, people, cookies).items():
                values[what, name].append(value)
    with serving_as_users_do(database.environment) as server:
        time.sleep(1)
        memory = memory_megabytes(server.process.pid)
    measures = [
        _row(what, values[what, THREADS], values[what, SHIPPED])
        for what, _ in list(values)[: len(values) // 2]
    ]
    return [*measures, Measure("idle memory of `flask serve`, with the scheduler", memory, "MB", MEGABYTES)]


def _row(what: str, before: list[float], now: list[float]) -> Measure:
    """The best round of each counts."""
    is_least = what.startswith("answers")
    best = max if is_least else min
    ratio = best(now) / best(before)
    limit = TIMES_ANSWERS * best(before) if is_least else SLOW_SECONDS if what.startswith("40 slow") else None
    unit = "/s" if what.endswith("a second") else "MB" if "memory" in what else "s"
    return Measure(what, median(now), unit, limit, ratio, best(now), is_least=is_least)


def _measure(name: str, database: Filled, people: list[str], cookies: dict[str, str]) -> dict[str, float]:
    """`people`: who has not signed in yet. `cookies`: the coordinator's, from the first server to the last, because no
    code opens twice."""
    with _serving(name, database.environment) as server:
        site = MeasuredSite(server, database)
        site.coordinator.cookies = cookies
        site.warm_up(5)
        pages = ("/", site.list, site.filtered, site.full, "/protection")
        for _ in range(20):  # each process has a cache of its own
            for page in pages:
                Client(server.port).get(page)
        found = {"idle memory of the web server": memory_megabytes(server.process.pid)}
        answers = asyncio.run(_read(server.port, pages, READERS, READING_SECONDS))
        found[f"answers to {READERS} readers, a second"] = len(answers) / READING_SECONDS
        found["p95 of their pages"] = _p95(answers)
        found["a sign-in, passphrase and code"] = median(
            _sign_in(server.port, people.pop()) for _ in range(SIGN_INS)
        )
        site.coordinator.close()  # the server has closed it meanwhile
        forms = site.forms(site.corpus.to_publish, PUBLICATIONS)
        begun = time.perf_counter()
        while forms:
            site.publish(forms)
        found["publishing an update"] = (time.perf_counter() - begun) / PUBLICATIONS
        for many, what in SLOW:
            said = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{SLOW_PARTS[what]}"
            with slow_clients(server.port, many, said):
                answers = asyncio.run(_read(server.port, pages, 2, READING_SECONDS))
            found[f"{many} slow {what}: p95 of other pages"] = _p95(answers)
    return found


@contextmanager
def _serving(name: str, environment: Mapping[str, str]) -> Iterator[Server]:
    port = free_port()
    address = f"127.0.0.1:{port}"
    if name == SHIPPED:
        command = (*GUNICORN, *web(address, default_processes()))
    else:
        options = ("--worker-class", "gthread", "--workers", "1", "--threads", "32", "--bind", address)
        command = (*GUNICORN, *options, "tracker.app:create_server()")
    server = Server(command, port, environment)
    try:
        yield server
    finally:
        server.stop()


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def _sign_in(port: int, handle: str) -> float:
    client, begun = Client(port), time.perf_counter()
    client.sign_in(handle, PASSPHRASE, TOTP_SECRET)
    return time.perf_counter() - begun


async def _read(port: int, pages: tuple[str, ...], readers: int, seconds: float) -> list[float]:
    """The seconds that each page took readers who open one after the other, over connections that they keep."""
    found: list[float] = []
    end = time.perf_counter() + seconds

    async def read_on(turn: int) -> None:
        writer, addresses = None, cycle(pages[turn % len(pages) :] + pages[: turn % len(pages)])
        while time.perf_counter() < end:
            begun = time.perf_counter()
            try:
                async with asyncio.timeout(GIVEN_UP_SECONDS):
                    if writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(f"GET {next(addresses)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                    head = (await reader.readuntil(b"\r\n\r\n")).lower()
                    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
                    await reader.readexactly(length)
                if b"\r\nconnection: close" in head:
                    writer.close()
                    writer = None
                if not head.startswith(b"http/1.1 200"):
                    raise RuntimeError(f"a page was answered with {head[:30]!r}")
            except (TimeoutError, OSError, asyncio.IncompleteReadError):
                if writer is not None:
                    writer.close()
                writer = None
            found.append(time.perf_counter() - begun)
        if writer is not None:
            writer.close()

    await asyncio.gather(*(read_on(turn) for turn in range(readers)))
    return found


@contextmanager
def slow_clients(port: int, many: int, said: str) -> Iterator[None]:
    """`said`: what each of them says at once, before it sends a byte each second."""
    over = Event()
    with ExitStack() as stack:
        connections = [stack.enter_context(create_connection(("127.0.0.1", port))) for _ in range(many)]
        for each in connections:
            each.sendall(said.encode())

        def go_on() -> None:
            open_ones = list(connections)
            while not over.wait(1):
                for each in list(open_ones):
                    try:
                        each.send(b"a")
                    except OSError:  # the server has given this one up
                        open_ones.remove(each)

        thread = Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


if __name__ == "__main__":
    sys.exit(main())
