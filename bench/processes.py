"""Servers as children of this run: how they are started, what their process trees cost in CPU and memory."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.servers import free_port

NANOSECONDS = 1e9
LONGEST_START_SECONDS = 60.0
STOP_SECONDS = 20
GUNICORN = (sys.executable, "-m", "gunicorn", "--log-level", "error")


class Server:
    """A command that listens on `port`; `first_answer_seconds` from its start to the first 200 of `/`."""

    def __init__(self, command: tuple[str, ...], port: int, environment: Mapping[str, str]) -> None:
        self.port = port
        begun = time.perf_counter()
        # What `flask serve` says of first accounts would stand between the tables.
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
        )
        try:
            while not self._answers():
                if self.process.poll() is not None or time.perf_counter() - begun > LONGEST_START_SECONDS:
                    raise RuntimeError(f"{' '.join(command)} does not answer")
                time.sleep(0.005)
        except BaseException:
            self.stop()
            raise
        self.first_answer_seconds = time.perf_counter() - begun

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_START_SECONDS)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """One sync worker of gunicorn: requests come one at a time, so a second would only halve the warmth."""
    port = free_port()
    options = ("--worker-class", "sync", "--workers", "1", "--bind", f"127.0.0.1:{port}")
    server = Server((*GUNICORN, *options, application), port, environment)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def serving_as_users_do(environment: Mapping[str, str]) -> Iterator[Server]:
    """`flask serve`: the web server and the scheduler under one parent."""
    port = free_port()
    command = (sys.executable, "-m", "flask", "--app", "tracker.app", "serve", "--port", str(port))
    server = Server(command, port, environment)
    try:
        yield server
    finally:
        server.stop()


def tree(root: int) -> set[int]:
    """The process and everything it started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(_after_name(path)[1])
        except OSError:  # it has ended meanwhile
            continue
    processes, size = {root}, 0
    while len(processes) > size:  # until a generation has no children
        size = len(processes)
        processes |= {child for child, parent in parents.items() if parent in processes}
    return processes


def cpu_seconds(roots: list[int]) -> float:
    """The time on a CPU of all threads of the trees so far. It is exact, to the nanosecond, of threads that sleep, as a
    server does between two requests; the ticks in `stat` are ten milliseconds, which is many requests."""
    nanoseconds = 0
    for process in {process for root in roots for process in tree(root)}:
        for path in Path(f"/proc/{process}/task").glob("*/schedstat"):
            try:
                nanoseconds += int(path.read_text().split()[0])
            except OSError:  # it has ended meanwhile
                continue
    return nanoseconds / NANOSECONDS


def memory_megabytes(root: int) -> float:
    """The proportional set size of the tree: what is shared counts once."""
    kilobytes = 0
    for process in tree(root):
        try:
            sizes = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:  # it has ended meanwhile
            continue
        size = re.search(r"^Pss:\s+(\d+)", sizes, re.MULTILINE)
        kilobytes += int(size[1]) if size else 0
    return kilobytes / 1024


def _after_name(path: Path) -> list[str]:
    """The fields of /proc/…/stat behind the name, which may hold blanks and brackets."""
    return path.read_text().rpartition(")")[2].split()
