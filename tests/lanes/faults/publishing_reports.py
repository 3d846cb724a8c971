"""Starts `publishing.py` and reads what its processes told."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from config import ROOT
from tests.databases import KEY_FOLDER
from tests.jobs.processes import environment

LONGEST_SECONDS = 600


@dataclass(frozen=True)
class PublishingReport:
    """Updates whose publication was acknowledged, the seconds of each, and why others were refused."""

    done: list[str]
    seconds: list[float]
    failed: list[str]

    def percentile(self, wanted: int) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, len(ordered) * wanted // 100)]

    @property
    def times(self) -> str:
        return f"median {self.percentile(50):.3f} s, p99 {self.percentile(99):.3f} s, longest {max(self.seconds):.3f} s"


def publishing_command(url: str, processes: int, times: int) -> list[str]:
    program = [sys.executable, "-m", "tests.lanes.faults.publishing"]
    return [*program, url, str(KEY_FOLDER), str(processes), str(times)]


def run_publishing(url: str, processes: int, times: int, through: Sequence[str] = ()) -> PublishingReport:
    """`through` is a program that runs them, such as strace with its options."""
    done = subprocess.run(
        [*through, *publishing_command(url, processes, times)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return read_report(done.stdout.splitlines())


def read_report(lines: Sequence[str]) -> PublishingReport:
    told = [line.split(" ", 2) for line in lines if line.startswith("done ")]
    failed = [line.removeprefix("failed ") for line in lines if line.startswith("failed ")]
    return PublishingReport([each[1] for each in told], [float(each[2]) for each in told], failed)
