"""T-H17 and T-H5: the power fails at two hundred instants, and the disk refuses to synchronise. What was acknowledged
is there each time, and nothing was acknowledged that the disk refused."""

import os
from pathlib import Path
from random import Random

import pytest

from tests.databases import open_database
from tests.lanes.faults.conftest import Tell
from tests.lanes.faults.disk_model import CALLS, STRACE, Disk, Printed, read_recording
from tests.lanes.faults.publishing_reports import read_report, run_publishing
from tests.lanes.faults.records import check_whole, list_unpublished
from tests.programs import needs
from tracker.database import Database

CUTS = int(os.environ.get("CUTS", "200"))
PROCESSES, TIMES = 3, 60
FAILING = "inject=fdatasync,fsync:error=EIO:when=15+9"
"""Of the calls of each process the fifteenth, and then every ninth."""
pytestmark = needs("strace")


@pytest.fixture(params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_after_a_power_cut_the_database_opens_with_all_that_was_acknowledged(
    url: str, tmp_path: Path, tell: Tell
) -> None:
    file, recording = Path(url.removeprefix("sqlite:///")), tmp_path / "recording"
    before = {file: file.read_bytes()}
    run_publishing(url, PROCESSES, TIMES, (*STRACE, "-e", CALLS, "-o", str(recording)))
    events = list(read_recording(recording))
    chance, disk, seen = Random(17), Disk(before), 0
    acknowledged: list[str] = []
    counts = []
    for number, instant in enumerate(sorted(chance.sample(range(len(events)), CUTS))):
        for event in events[seen:instant]:
            disk.see(event)
            if isinstance(event, Printed):
                acknowledged += read_report(event.text.splitlines()).done
        seen = instant
        counts.append(len(acknowledged))
        _check(disk.after_a_cut(chance), file, tmp_path / f"cut-{number}", acknowledged)
    assert len(set(counts)) > CUTS / 4  # the instants lie all over the recording
    tell(f"T-H17: {CUTS} power cuts among {len(events)} writes and syncs, 0 of up to {counts[-1]} saves lost")


def _check(files: dict[Path, bytes], file: Path, place: Path, acknowledged: list[str]) -> None:
    place.mkdir()
    for path, content in files.items():
        if path.name in (file.name, f"{file.name}-wal"):
            (place / path.name).write_bytes(content)
    database = open_database(f"sqlite:///{place / file.name}")
    try:
        assert list_unpublished(database, acknowledged) == []
        check_whole(database)
    finally:
        database.dispose()
    for left in place.iterdir():
        left.unlink()


def test_what_the_disk_refused_to_keep_is_never_acknowledged(
    url: str, database: Database, tell: Tell
) -> None:
    found = run_publishing(
        url,
        PROCESSES,
        TIMES,
        ("strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", FAILING),
    )
    tell(
        f"T-H5: {len(found.failed)} actions refused by a failing disk, {len(found.done)} acknowledged, 0 of them lost"
    )
    assert found.failed
    assert found.done
    assert {line.partition(":")[0] for line in found.failed} == {"DatabaseUnavailable"}
    assert list_unpublished(database, found.done) == []
    check_whole(database)
