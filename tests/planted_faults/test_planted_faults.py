"""The tests notice faults: each file beside this one plants one in a copy of the code, and a test that it names must
fail there, because a promise does not hold."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Templates
from tests.planted_faults.planting import House, PlantedFault

pytestmark = pytest.mark.nightly

FAULTS = [PlantedFault.read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]
ROOMS = {
    "database",
    "exchange",
    "history",
    "identity",
    "models",
    "policy",
    "queries",
    "templates",
    "upkeep",
    "web",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[House]:
    """Each test leaves it as it was."""
    folder, databases = tmp_path_factory.mktemp("house"), tmp_path_factory.mktemp("made")
    shutil.move(templates.copy("sqlite", "cast").removeprefix("sqlite:///"), databases / "cast.sqlite3")
    copy = House(folder, databases)
    yield copy
    copy.close()


def test_every_room_that_protects_somebody_has_a_fault_and_each_says_what_breaks_and_who_must_notice() -> (
    None
):
    assert {name for fault in FAULTS for name in Path(fault.file).with_suffix("").parts[:2]} >= ROOMS
    assert not [fault.name for fault in FAULTS if not fault.breaks.endswith(".") or not fault.noticed_by]


def test_without_a_fault_every_named_test_passes(house: House) -> None:
    named = sorted({test for fault in FAULTS for test in fault.noticed_by})
    outcome = house.run(named)
    assert outcome.broken + outcome.others == [], outcome.said[-2000:]
    assert sorted(outcome.passed) == named


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_noticed(house: House, fault: PlantedFault) -> None:
    with house.planted(fault):
        outcome = house.run(fault.noticed_by)
    assert outcome.others == [], f"something else than a promise failed: {outcome.others}"
    assert outcome.broken, f"nobody noticed: {fault.breaks} {outcome.said[-2000:]}"


@pytest.mark.parametrize("slip", ["raise RuntimeError", "def", "from nowhere import nothing"])
def test_code_that_does_not_even_run_counts_as_no_fault(house: House, slip: str) -> None:
    fault = FAULTS[0]
    file = house.folder / fault.file
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{slip}\n{before}", encoding="utf-8")
    try:
        outcome = house.run(fault.noticed_by)
    finally:
        file.write_text(before, encoding="utf-8")
    assert outcome.broken == []
    assert outcome.others


CODE = """
MOST = 5

@refused
def see(actor):
    return actor.is_here or knows(
        actor, MOST
    )


class Door:
    def opens(self):
        return False


def other():
    return knows(actor, MOST)
"""


@pytest.mark.parametrize("file", ["tracker/doors.py", "tracker/moved/elsewhere.py"])
@pytest.mark.parametrize(
    ("inside", "old", "new", "line"),
    [
        ("see", "or knows(actor, MOST)", "", "    return actor.is_here \n"),
        ("see", "@refused", "@open", "@open\n"),
        ("Door.opens", "False", "True", "        return True\n"),
        ("MOST", "5", "6", "MOST = 6\n"),
    ],
)
def test_a_fault_is_planted_inside_what_it_names_wherever_that_has_moved(
    tmp_path: Path, file: str, inside: str, old: str, new: str, line: str
) -> None:
    code = tmp_path / file
    code.parent.mkdir(parents=True)
    code.write_text(CODE, encoding="utf-8")
    path, text = PlantedFault("f", "It breaks.", (), "tracker/doors.py", old, new, inside).plant(tmp_path)
    assert path == code
    assert set(text.splitlines(keepends=True)) - set(CODE.splitlines(keepends=True)) == {line}


@pytest.mark.parametrize(("inside", "old"), [("see", "not there"), ("nowhere", "5"), ("see", "actor")])
def test_a_fault_that_does_not_fit_any_more_says_so(tmp_path: Path, inside: str, old: str) -> None:
    """What it names is gone, or stands there more than once."""
    (tmp_path / "tracker").mkdir()
    (tmp_path / "tracker" / "doors.py").write_text(CODE, encoding="utf-8")
    with pytest.raises(AssertionError, match="f no longer fits"):
        PlantedFault("f", "It breaks.", (), "tracker/doors.py", old, "", inside).plant(tmp_path)
