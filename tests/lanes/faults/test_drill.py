"""T-H13: an instance is backed up while people write, burns down and comes back; also when its keys burn along."""

import subprocess
import sys

import pytest

from config import ROOT
from tests.jobs.processes import environment
from tests.lanes.faults.conftest import Tell


@pytest.mark.parametrize(
    "ways", [[], ["--postgresql"], ["--without-keys"]], ids=["sqlite", "postgresql", "no keys"]
)
def test_an_instance_comes_back_from_its_backup(ways: list[str], tell: Tell) -> None:
    program = [sys.executable, "-m", "bench.drill", *ways]
    done = subprocess.run(program, cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    is_other = "The key folder here is another one" in done.stdout
    assert is_other == ("--without-keys" in ways)
    for line in done.stdout.splitlines():
        if line.startswith("Recovery") and "limit" in line:
            tell(f"T-H13 {' '.join(ways)}: {line}")
