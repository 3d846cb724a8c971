"""Whoever copies the disk of a served instance a minute after a withdrawal, on PostgreSQL after the night, finds
nothing of what was withdrawn, discarded or ended."""

import subprocess
import time

import pytest

from config import ROOT
from tests.cast import read_cast
from tests.jobs.processes import command, environment
from tests.lanes.security.conftest import Note
from tests.lanes.security.served import WARM_PAGES, Served
from tests.upkeep.test_erasing import Deleted

MOST_SECONDS = 60


@pytest.fixture
def deleted(site: Served) -> Deleted:
    with site.database.reading() as session:
        cast = read_cast(session)
    return Deleted(site.database, cast)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_minute_later_no_file_of_sqlite_holds_it(site: Served, deleted: Deleted, note: Note) -> None:
    assert deleted.found() == deleted.words
    deleted.delete()
    begun, browser = time.monotonic(), site.browser()
    while left := deleted.found():
        assert time.monotonic() - begun < MOST_SECONDS, left
        for page in WARM_PAGES:  # people read on meanwhile
            assert browser.get(page).status == 200
    note(f"gone after {time.monotonic() - begun:.1f} s")


@pytest.mark.parametrize("kind", ["postgresql"])
def test_after_the_night_no_table_of_postgresql_holds_it(site: Served, deleted: Deleted, note: Note) -> None:
    assert deleted.found() == deleted.words
    deleted.delete()
    by_day = len(deleted.found())
    night = command("job", "rewrite_tables")
    subprocess.run(night, cwd=ROOT, env=environment(**site.settings), check=True)
    note(f"{by_day} of {len(deleted.words)} are found by day, {len(deleted.found())} after the night's job")
    assert deleted.found() == []
