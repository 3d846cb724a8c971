"""The site as people run it, `flask serve`, which is killed, cut off or filled up while people use it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.client import Client
from config import ROOT, Config
from tests import cast as people
from tests.cli.test_serve import children_of, is_alive
from tests.jobs.processes import command, environment
from tests.programs import LONGEST
from tests.servers import free_port
from tracker import clock
from tracker.database import Database
from tracker.identity.sign_ins import begin_sign_in

LONGEST_SECONDS = 120.0
CUT_OFF = (OSError, HTTPException)
"""What a browser meets when the server dies over its request: nobody knows whether the action was done."""


class RestartedSite:
    """`flask serve` on a port that stays the same; `log` is what it and its parts say."""

    def __init__(self, config: Config, log: Path, **more: object) -> None:
        self.port, self.log = free_port(), log
        given = {**config.__dict__, "TRACKER_ENV": "development", "PORT": self.port}
        self._environment = environment(**{**given, "BASE_URL": f"http://127.0.0.1:{self.port}", **more})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command("serve"), cwd=ROOT, env=self._environment, stdout=output, stderr=subprocess.STDOUT
            )

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            self.kill_all()

    @property
    def process(self) -> int:
        assert self._process is not None
        return self._process.pid

    def workers(self) -> list[int]:
        """The processes that answer requests: children of gunicorn, which watches over them."""
        web, *_ = children_of(self.process)
        return children_of(web)

    def kill_worker(self) -> None:
        """SIGKILL for who answers; gunicorn starts another."""
        for worker in self.workers():
            os.kill(worker, signal.SIGKILL)

    def kill_all(self) -> None:
        """SIGKILL for everything, as when the machine's memory has run out, and no supervisor but the caller."""
        parts = children_of(self.process)
        everybody = [self.process, *(pid for part in parts for pid in (*_children(part), part))]
        for pid in everybody:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def wait(self, seconds: float = LONGEST_SECONDS) -> float:
        """Until a page is answered; how long that took."""
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            try:
                if self.ask("/")[0] == 200:
                    return time.monotonic() - begun
            except CUT_OFF:
                time.sleep(0.01)
        raise AssertionError(f"no answer within {seconds} s. The log ends:\n{self.log.read_text()[-3000:]}")

    def ask(self, path: str, seconds: float = LONGEST_SECONDS) -> tuple[int, str, float]:
        """As a visitor: the status, the page and the seconds that it took."""
        begun = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), time.monotonic() - begun
        finally:
            connection.close()


@contextmanager
def running_site(config: Config, log: Path, **more: object) -> Iterator[RestartedSite]:
    site = RestartedSite(config, log, **more)
    site.start()
    try:
        site.wait()
        yield site
    finally:
        site.stop()


def cookies_of(database: Database, handle: str) -> dict[str, str]:
    """Those of somebody who signed in before the fault."""
    with database.transaction() as session:
        token = begin_sign_in(session, people.read_account(session, handle).id, clock.now())
    return {"sign-in": token}


def browser(site: RestartedSite, cookies: Mapping[str, str]) -> Client:
    found = Client(site.port)
    found.cookies |= cookies
    return found


def wait_until(is_so: Callable[[], bool], seconds: float, failure: str) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"{failure} within {seconds} s"
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    return children_of(pid) if is_alive(pid) else []
