"""T-H3: PostgreSQL is stopped, killed, or its connections are cut, fifty times while four people write. A plain page
says so within three seconds, the site goes on without a restart, and what was acknowledged is there."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from config import Config
from tests.databases import Templates, open_database
from tests.lanes.faults.conftest import Tell
from tests.lanes.faults.proxy import Proxy, Wire, proxy
from tests.lanes.faults.records import check_whole, list_lost
from tests.lanes.faults.sites import RestartedSite, running_site, wait_until
from tests.lanes.faults.slowness import slowness
from tests.lanes.faults.writers import Writers
from tests.servers import PostgreSQL, postgresql

OUTAGES = int(os.environ.get("OUTAGES", "50"))
KINDS = ("stopped", "killed", "cut", "silent", "dropped")
SHORTEST_SECONDS, LONGEST_SECONDS = 0.5, 4.0
"""Of an outage. Longer ones differ in nothing that was found: each request is answered by itself."""
PAGE_SECONDS, BACK_SECONDS = 3.0, 5.0
CHANCE = Random(3)


@pytest.fixture(params=["postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def own_server() -> Iterator[PostgreSQL]:
    with postgresql(is_hasty=False) as found:
        yield found


@pytest.fixture
def wire(own_server: PostgreSQL) -> Iterator[Proxy]:
    with proxy(own_server.port) as found:
        yield found


@pytest.fixture
def url(own_server: PostgreSQL, wire: Proxy, tmp_path: Path) -> str:
    """Through the proxy."""
    found = Templates(tmp_path, tmp_path, lambda: own_server).copy("postgresql", "cast")
    return found.replace(f":{own_server.port}/", f":{wire.port}/")


def test_an_outage_is_told_at_once_and_leaves_no_trace(
    config: Config, own_server: PostgreSQL, wire: Proxy, url: str, log: Path, tell: Tell
) -> None:
    slow = slowness()
    database = open_database(url.replace(f":{wire.port}/", f":{own_server.port}/"))
    pages: list[float] = []
    back: list[float] = []
    with running_site(config, log) as site, Writers(site, database) as writers:
        for number in range(OUTAGES):
            before = writers.journal.saves
            wait_until(partial(_somebody_saved, writers, before), 60, "nobody could write")
            how = KINDS[number % len(KINDS)]
            restore = _begin(how, own_server, wire)
            if how != "dropped":
                end = time.monotonic() + CHANCE.uniform(SHORTEST_SECONDS, LONGEST_SECONDS)
                while time.monotonic() < end:
                    pages.append(_see_plain_page(site))
            restore()
            back.append(site.wait(60))
            assert writers.journal.wrong == []
    journal, said = writers.journal, log.read_text()
    tell(
        f"T-H3: {OUTAGES} outages, {journal.saves} acknowledged saves, {journal.turned_away} answers 503 to writers, "
        f"503 page after {max(pages):.1f} s at most, back after {max(back):.1f} s at most (slowness {slow:.1f})"
    )
    assert list_lost(database, journal) == []
    check_whole(database)
    database.dispose()
    assert "tracker.web unexpected" not in said
    assert "Traceback" not in said
    assert max(pages) <= PAGE_SECONDS * slow
    assert max(back) <= BACK_SECONDS * slow


def _somebody_saved(writers: Writers, before: int) -> bool:
    return writers.journal.saves > before


def _begin(how: str, server: PostgreSQL, wire: Proxy) -> Callable[[], None]:
    """Starts an outage; gives what ends it."""
    if how == "stopped":
        server.stop()
        return server.start
    if how == "killed":
        os.kill(server.process, signal.SIGKILL)
        return lambda: _start_again(server)
    if how == "dropped":
        wire.set(Wire.CUT)
        return lambda: wire.set(Wire.WHOLE)
    wire.set(Wire.CUT if how == "cut" else Wire.SILENT)
    return lambda: wire.set(Wire.WHOLE)


def _start_again(server: PostgreSQL) -> None:
    """Its other processes notice the death of their parent one after the other."""
    end = time.monotonic() + 30
    while True:
        try:
            server.start()
            return
        except RuntimeError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _see_plain_page(site: RestartedSite) -> float:
    status, page, seconds = site.ask("/recommendations/KGZ-3/A12")
    assert status == 503, page[:300]
    assert "<h1" in page
    assert "psycopg" not in page
    return seconds
