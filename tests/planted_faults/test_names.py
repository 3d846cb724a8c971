"""What the files beside this one name is still there: the nightly run that plants them is too slow for each day."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.planted_faults.planting import PlantedFault

ROOT = Path(__file__).parents[2]
FAULTS = [PlantedFault.read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_fits_the_code(fault: PlantedFault) -> None:
    path, text = fault.plant(ROOT)
    assert text != path.read_text(encoding="utf-8")


def test_every_test_that_must_notice_a_fault_exists() -> None:
    named = sorted({test for fault in FAULTS for test in fault.noticed_by})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *named]
    collected = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert collected.returncode == 0, collected.stdout[-2000:] + collected.stderr[-2000:]
