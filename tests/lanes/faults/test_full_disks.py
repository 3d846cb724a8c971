"""T-H4: the disk is full, of the data, of the log, of temporary files. People are told, go on reading and lose nothing;
once there is room again, everything goes on by itself."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bench.client import Unexpected
from config import ROOT, Config
from tests.cast import PASSPHRASE
from tests.databases import open_database
from tests.jobs.processes import command, environment
from tests.lanes.faults.conftest import Tell
from tests.lanes.faults.records import check_whole, list_lost
from tests.lanes.faults.sites import RestartedSite, browser, running_site, wait_until
from tests.lanes.faults.small_disks import fill, needs_mounts, small_disk
from tests.lanes.faults.writers import Writers
from tracker.database import Database

DATA_MEGABYTES, OTHER_MEGABYTES, RESERVE_MEGABYTES = 32, 8, 4
READ = ("/", "/recommendations", "/recommendations/KGZ-3/A12", "/sign-in")
pytestmark = needs_mounts


@pytest.fixture(params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", DATA_MEGABYTES) as found:
        yield found


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """Where nothing more can be written."""
    with small_disk(tmp_path / "full", OTHER_MEGABYTES) as found:
        fill(found)
        yield found


@pytest.fixture
def on_disk(config: Config, url: str, disk: Path) -> Config:
    """The instance with its data on the small disk, and the reserve that docs/operating.md advises."""
    shutil.copy(url.removeprefix("sqlite:///"), disk / "tracker.sqlite3")
    (disk / "reserve").write_bytes(bytes(RESERVE_MEGABYTES * 2**20))
    return replace(
        config, DATABASE_URL=f"sqlite:///{disk / 'tracker.sqlite3'}", STORAGE_DIR=str(disk / "storage")
    )


class TestDataDisk:
    def test_a_full_disk_stops_writing_alone_and_loses_nothing(
        self, on_disk: Config, disk: Path, log: Path, tell: Tell
    ) -> None:
        database = open_database(on_disk.DATABASE_URL)
        with running_site(on_disk, log) as site, Writers(site, database) as writers:
            journal = writers.journal
            wait_until(lambda: journal.saves > 20, 60, "nobody could write")
            # When the disk fills up under people who write
            filler = fill(disk)
            wait_until(lambda: journal.turned_away > 20, 60, "nobody was told")
            # Then reading goes on, whoever writes is told, and the operator's look says what is wrong
            assert [site.ask(page)[0] for page in READ] == [200] * len(READ)
            saves, told = journal.saves, journal.turned_away
            assert _sign_in(site) == 503
            assert "make room before writing stops" in _doctor(on_disk)
            # When the reserve is given up, people sign in and what must go can go
            (disk / "reserve").unlink()
            wait_until(lambda: _sign_in(site) == 303, 30, "the reserve was of no use")
            withdrawn = len(journal.withdrawn)
            wait_until(lambda: len(journal.withdrawn) > withdrawn, 30, "nobody could withdraw")
            # When there is room again, all goes on without a restart
            filler.unlink()
            wait_until(lambda: journal.saves > saves + 20, 60, "nobody could write again")
        tell(
            f"T-H4: {journal.saves} acknowledged saves on a disk that was full, {told} forms were told so, 0 lost"
        )
        assert journal.wrong == []
        assert journal.broken_off == 0
        assert list_lost(database, journal) == []
        check_whole(database)
        database.dispose()
        assert "database or disk is full" in log.read_text()


class TestOtherDisks:
    def test_a_full_disk_of_the_log_is_not_noticed_by_people(
        self, config: Config, database: Database, full_disk: Path
    ) -> None:
        self._works(config, database, full_disk / "log")

    def test_a_full_disk_of_temporary_files_is_not_noticed_by_people(
        self, config: Config, database: Database, full_disk: Path, log: Path
    ) -> None:
        self._works(config, database, log, TMPDIR=full_disk)

    def _works(self, config: Config, database: Database, log: Path, **more: object) -> None:
        with running_site(config, log, **more) as site, Writers(site, database) as writers:
            wait_until(lambda: writers.journal.saves > 40, 60, "nobody could write")
            assert [site.ask(page)[0] for page in READ] == [200] * len(READ)
            assert _sign_in(site) == 303
        assert writers.journal.wrong == []
        assert writers.journal.turned_away == 0
        assert list_lost(database, writers.journal) == []


def _sign_in(site: RestartedSite) -> int:
    """How the passphrase of a contributor is answered, who needs no code."""
    with closing(browser(site, {})) as client:
        try:
            client.sign_in("contributor", PASSPHRASE)
        except Unexpected as error:
            return error.status
    return 303


def _doctor(config: Config) -> str:
    given = environment(**{**config.__dict__, "TRACKER_ENV": "development"})
    done = subprocess.run(command("doctor"), cwd=ROOT, env=given, capture_output=True, text=True)
    return done.stdout
