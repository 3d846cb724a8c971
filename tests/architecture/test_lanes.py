"""`make test` and `make nightly` are all tests together, and so is what `make check` runs in two parts."""

import re
import subprocess
from itertools import product

import pytest

from config import ROOT
from tests.programs import needs

pytestmark = needs("make")


def chosen_by(target: str) -> list[str]:
    """What each run of pytest of a target chooses by markers. Nothing is run."""
    command = ["make", "-s", "-n", "-o", ".venv/.dev", target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [each.strip('"') for each in re.findall(r'pytest .*-m ("[^"]+"|\w+)', done.stdout)]


@pytest.mark.parametrize("targets", [("test", "nightly"), ("check", "nightly")], ids="+".join)
def test_every_test_runs_in_one_of_the_lanes_and_in_no_two(targets: tuple[str, str]) -> None:
    choices = [choice for target in targets for choice in chosen_by(target)]
    for nightly, uncounted in product((True, False), repeat=2):
        markers = {"nightly": nightly, "uncounted": uncounted}
        runs = [choice for choice in choices if eval(choice, {}, markers)]
        assert len(runs) == 1, f"{markers} is run by {runs}"


def test_a_test_with_any_other_marker_is_run_every_day() -> None:
    words = set(re.findall(r"\w+", " ".join(chosen_by("test") + chosen_by("check") + chosen_by("nightly"))))
    assert words <= {"nightly", "uncounted", "not", "and"}
