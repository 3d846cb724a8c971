"""T-H1: the web server dies at random instants while four people write. What was acknowledged is there."""

import os
import time
from pathlib import Path
from random import Random
from statistics import median

from config import Config
from tests.lanes.faults.conftest import Tell
from tests.lanes.faults.records import check_whole, list_lost
from tests.lanes.faults.sites import RestartedSite, running_site, wait_until
from tests.lanes.faults.slowness import slowness
from tests.lanes.faults.writers import Writers
from tracker.database import Database

KILLS = int(os.environ.get("KILLS", "500"))
"""On SQLite; a tenth of it on PostgreSQL."""
AS_PEOPLE_RUN_IT, EVERYTHING = 10, 50
"""One kill in ten hits a server that starts as it does for people, one in fifty the scheduler and gunicorn as well. The
others hit workers that are forked off a loaded one (`--preload`), which are back at once: the actions are the same, and
more of them are under way."""
LONGEST_PAUSE_SECONDS, LOOK_EVERY = 0.5, 50
BACK_SECONDS = 5.0
CHANCE = Random(1)


def test_a_server_that_is_killed_loses_nothing_that_it_acknowledged(
    config: Config, kind: str, database: Database, log: Path, tell: Tell
) -> None:
    kills = KILLS if kind == "sqlite" else KILLS // 10
    slow = max(kills // AS_PEOPLE_RUN_IT, 1)
    limit = BACK_SECONDS * slowness()
    with running_site(config, log) as site, Writers(site, database) as writers:
        back = [
            _kill(site, writers, everything=number * AS_PEOPLE_RUN_IT % EVERYTHING == 0)
            for number in range(1, slow + 1)
        ]
    journals = [writers.journal]
    with running_site(config, log, GUNICORN_CMD_ARGS="--preload") as site, Writers(site, database) as writers:
        for number in range(1, kills - slow + 1):
            _wait_for_a_save(writers)
            site.kill_worker()
            if number % LOOK_EVERY == 0:  # also while people write
                assert list_lost(database, writers.journal) == []
    journals.append(writers.journal)
    saves, broken_off = (sum(getattr(each, name) for each in journals) for name in ("saves", "broken_off"))
    tell(
        f"T-H1 {kind}: {kills} kills, {saves} acknowledged saves, {broken_off} requests cut off, 0 lost; "
        f"back after {median(back):.1f} s (longest {max(back):.1f} s, limit {limit:.1f} s)"
    )
    for journal in journals:
        assert journal.wrong == []
        assert list_lost(database, journal) == []
    check_whole(database)
    assert min(saves, broken_off) >= kills  # people were writing when it was killed
    assert median(back) <= limit


def _kill(site: RestartedSite, writers: Writers, *, everything: bool) -> float:
    """The seconds until a page is answered again."""
    _wait_for_a_save(writers)
    begun = time.monotonic()
    if everything:
        site.kill_all()
        site.start()
    else:
        site.kill_worker()
    site.wait()
    return time.monotonic() - begun


def _wait_for_a_save(writers: Writers) -> None:
    """And for a moment that nobody knows before."""
    before = writers.journal.saves
    wait_until(lambda: writers.journal.saves > before, 60, "nobody could write")
    time.sleep(CHANCE.uniform(0, LONGEST_PAUSE_SECONDS))
    assert writers.journal.wrong == []
