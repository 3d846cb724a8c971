"""T-B5: whoever sends a flood of sign-ins takes neither the pages nor the memory from everybody else."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle

import pytest

from bench.processes import memory_megabytes
from tests.cast import PASSPHRASE
from tests.lanes.security.conftest import Note
from tests.lanes.security.crowd import add_crowd
from tests.lanes.security.flood import Shot, firing
from tests.lanes.security.served import WARM_PAGES, Served, p95

AT_ONCE = 200
FLOOD_SECONDS = 15
BETWEEN_SECONDS, READERS = 0.1, 40
MOST_SECONDS = 0.5
MOST_MEGABYTES = 600
MEGABYTE = "a" * 1_000_000
NOT_READ = {400, 0}
"""The answer to a megabyte, or none: the server closes the connection on whoever still sends."""
REFUSED_SECONDS = 0.25
"""With the page, a database and a busy machine: Argon2 alone takes a tenth and waits for a turn."""

pytestmark = pytest.mark.alone


def shots(site: Served, handles: list[str], passphrase: str) -> list[Shot]:
    browser = site.browser()
    form = browser.form("/sign-in")
    return [
        Shot(site.port, "/sign-in", {**form, "handle": handle, "passphrase": passphrase}, browser.cookie)
        for handle in handles
    ]


@contextmanager
def reading(site: Served) -> Iterator[list[float]]:
    """Somebody opens a page every tenth of a second, however long the one before takes; the seconds of each. An
    error of a page is one of the block."""
    seconds: list[float] = []

    def read(page: str) -> None:
        answer = site.browser().get(page)
        assert answer.status == 200
        seconds.append(answer.seconds)

    with ThreadPoolExecutor(READERS) as pool:
        over, pages, begun = threading.Event(), cycle(WARM_PAGES), []

        def begin() -> None:
            while not over.wait(BETWEEN_SECONDS):
                begun.append(pool.submit(read, next(pages)))

        starter = threading.Thread(target=begin)
        starter.start()
        try:
            yield seconds
        finally:
            over.set()
            starter.join()
    for each in begun:
        each.result()


@pytest.mark.parametrize("passphrase", [PASSPHRASE, MEGABYTE], ids=["right ones", "a megabyte"])
def test_200_sign_ins_at_once_leave_the_other_pages_and_the_memory_alone(
    site: Served, note: Note, passphrase: str
) -> None:
    # Given 200 people, and pages that were read before
    people = add_crowd(site.database, AT_ONCE)
    for page in WARM_PAGES:
        assert site.browser().get(page).status == 200
    volley = shots(site, people, passphrase)
    # When all of them sign in again and again
    with firing(volley, AT_ONCE, FLOOD_SECONDS) as flood, reading(site) as seconds:
        memory = []
        while not flood.done():
            memory.append(memory_megabytes(site.process.pid))
            time.sleep(0.2)
        hits = flood.result()
    # Then who reads meanwhile hardly notices
    statuses = {status: sum(hit.status == status for hit in hits) for status in {hit.status for hit in hits}}
    note(f"{len(hits)} sign-ins {statuses}, {len(seconds)} pages with p95 {p95(seconds):.3f} s")
    note(f"memory {max(memory):.0f} MB")
    assert set(statuses) <= ({303, 503} if passphrase == PASSPHRASE else NOT_READ)
    assert len(seconds) >= 40
    assert p95(seconds) <= MOST_SECONDS
    assert max(memory) <= MOST_MEGABYTES


def test_longer_than_any_passphrase_is_refused_at_once_also_where_nobody_else_gets_a_turn(
    site: Served, note: Note
) -> None:
    add_crowd(site.database, 1)
    browser = site.browser()
    browser.try_passphrase("crowd-00000", "a" * 129)
    lengths = (129, 1_000, 100_000)
    seconds = [
        browser.try_passphrase("crowd-00000", "a" * length).seconds for length in lengths for _ in range(3)
    ]
    note(f"refused within {max(seconds):.3f} s")
    assert max(seconds) <= REFUSED_SECONDS
