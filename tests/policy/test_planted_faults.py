"""The policy tables notice faults: each patch of `faults/` plants one in a copy, where they must fail."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT

FAULTS = sorted((Path(__file__).parent / "faults").glob("*.patch"))
COPIED = ("tracker", "tests", "seed", "migrations", "templates", "config.py", "pyproject.toml")
TABLES = "tests/policy/test_see_equals_do.py"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code; each test leaves it as it was."""
    folder = tmp_path_factory.mktemp("house")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "node_modules", "static")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    return folder


def run_tables(house: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))}
    command = [sys.executable, "-B", "-m", "pytest", TABLES, "-k", "not postgresql", "-x"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", f"--basetemp={house / 'var'}"],
        cwd=house,
        env={**kept, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
    )


def apply(patch: str, house: Path) -> tuple[Path, str]:
    """Writes the patched file; gives its path and what it was before."""
    path = house / re.findall(r"^\+\+\+ b/(\S+)$", patch, re.MULTILINE)[0]
    before = after = path.read_text(encoding="utf-8")
    for hunk in re.split(r"^@@ .*\n", patch, flags=re.MULTILINE)[1:]:
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert after.count(old) == 1, f"the patch no longer fits {path.name}: make it anew"
        after = after.replace(old, new)
    path.write_text(after, encoding="utf-8")
    return path, before


def test_there_are_at_least_five_faults() -> None:
    assert len(FAULTS) >= 5


def test_without_a_fault_the_tables_pass(house: Path) -> None:
    done = run_tables(house)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    [passed] = re.findall(r"(\d+) passed", done.stdout)
    assert int(passed) > 10


@pytest.mark.parametrize("fault", FAULTS, ids=lambda path: path.stem)
def test_a_planted_fault_makes_the_tables_fail(house: Path, fault: Path) -> None:
    path, before = apply(fault.read_text(encoding="utf-8"), house)
    try:
        done = run_tables(house)
    finally:
        path.write_text(before, encoding="utf-8")
    assert done.returncode == 1, f"nobody noticed {fault.stem}: {done.stdout[-2000:]}"
    assert "AssertionError" in done.stdout, done.stdout[-2000:]
    assert not re.search(r"^ERROR ", done.stdout, re.MULTILINE), done.stdout[-2000:]
