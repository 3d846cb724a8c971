"""T-H11: many processes write one SQLite file at once. Nobody is refused, and nobody waits long."""

import time

import pytest

from tests.lanes.faults.conftest import Tell
from tests.lanes.faults.publishing_reports import run_publishing
from tests.lanes.faults.records import check_whole, list_unpublished
from tests.lanes.faults.slowness import slowness
from tracker.database import Database

TIMES = 50
FEW, LONGEST_SECONDS = 8, 1.0
"""What ninety-nine of a hundred actions take at most when so many processes write."""


@pytest.fixture(params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("processes", [FEW, 32, 64])
def test_whoever_writes_at_once_is_served(url: str, database: Database, processes: int, tell: Tell) -> None:
    limit, begun = LONGEST_SECONDS * slowness(), time.monotonic()
    found = run_publishing(url, processes, TIMES)
    told = f"{len(found.failed)} errors, {found.times}, all in {time.monotonic() - begun:.0f} s"
    tell(f"T-H11: {processes} processes x {TIMES}: {told} (limit of the p99 of {FEW}: {limit:.1f} s)")
    assert found.failed == []
    assert len(found.done) == processes * TIMES
    assert list_unpublished(database, found.done) == []
    check_whole(database)
    if processes == FEW:
        assert found.percentile(99) <= limit
