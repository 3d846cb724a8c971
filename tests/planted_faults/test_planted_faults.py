"""The tests notice faults: each patch beside this file plants one in a copy of the code, and a test that it names
must fail there, because a promise does not hold."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import Templates
from tests.planted_faults.planting import Fault, House

pytestmark = pytest.mark.nightly

FAULTS = [
    Fault(path.stem, path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.patch"))
]
ROOMS = {"database", "exchange", "models", "policy", "queries", "services", "templates", "web"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[House]:
    """Each test leaves it as it was."""
    folder, databases = tmp_path_factory.mktemp("house"), tmp_path_factory.mktemp("made")
    shutil.move(templates.copy("sqlite", "cast").removeprefix("sqlite:///"), databases / "cast.sqlite3")
    found = House(folder, databases)
    yield found
    found.close()


def test_there_are_more_than_twenty_faults_in_every_room_that_protects_somebody() -> None:
    assert len(FAULTS) > 20
    assert {name for fault in FAULTS for name in Path(fault.file).with_suffix("").parts[:2]} >= ROOMS
    for fault in FAULTS:
        assert fault.sentence.endswith("."), f"{fault.name} does not say what breaks"
        assert fault.tests, f"{fault.name} does not say which test must notice it"


def test_without_a_fault_every_named_test_passes(house: House) -> None:
    named = sorted({test for fault in FAULTS for test in fault.tests})
    found = house.run(named)
    assert found.broken + found.others == [], found.said[-2000:]
    assert sorted(found.passed) == named


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_noticed(house: House, fault: Fault) -> None:
    with house.planted(fault):
        found = house.run(fault.tests)
    assert found.others == [], f"something else than a promise failed: {found.others}"
    assert found.broken, f"nobody noticed: {fault.sentence} {found.said[-2000:]}"


@pytest.mark.parametrize("slip", ["raise RuntimeError", "def", "from nowhere import nothing"])
def test_code_that_does_not_even_run_counts_as_no_fault(house: House, slip: str) -> None:
    fault = FAULTS[0]
    file = house.folder / fault.file
    [first] = file.read_text(encoding="utf-8").splitlines()[:1]
    text = f"{fault.sentence}\n--- a/{fault.file}\n+++ b/{fault.file}\n@@\n-{first}\n+{slip}\n"
    with house.planted(Fault("a slip", text)):
        found = house.run(fault.tests)
    assert found.broken == []
    assert found.others


def test_a_patch_that_does_not_fit_any_more_says_so(house: House) -> None:
    fault = replace(FAULTS[0], text=FAULTS[0].text.replace("\n ", "\n not there ", 1))
    with pytest.raises(AssertionError, match="no longer fits"), house.planted(fault):
        pass
