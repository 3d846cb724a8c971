"""Faults, the copy of the code in which they are planted, and what its tests say then."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import count
from pathlib import Path

from config import ROOT

COPIED = ("tracker", "tests", "seed", "migrations", "templates", "config.py", "pyproject.toml")
NOT_COPIED = ("*.pyc.*", "node_modules", "browser")
"""Of the compiled code those files that another process is just writing."""
NOTICED = "Noticed by: "


@dataclass(frozen=True)
class Fault:
    """A patch of one file. The lines above it say what breaks, and by which tests that must be noticed."""

    name: str
    text: str

    @cached_property
    def sentence(self) -> str:
        return " ".join(line for line in self._head if not line.startswith(NOTICED))

    @cached_property
    def tests(self) -> list[str]:
        return [line.removeprefix(NOTICED) for line in self._head if line.startswith(NOTICED)]

    @cached_property
    def file(self) -> str:
        [found] = re.findall(r"^\+\+\+ b/(\S+)$", self.text, re.MULTILINE)
        return str(found)

    @cached_property
    def _head(self) -> list[str]:
        return self.text.partition("\n--- a/")[0].splitlines()

    def plant(self, before: str) -> str:
        after = before
        for hunk in re.split(r"^@@.*\n", self.text, flags=re.MULTILINE)[1:]:
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            assert after.count(old) == 1, f"{self.name} no longer fits {self.file}: make it anew"
            after = after.replace(old, new)
        return after


@dataclass(frozen=True)
class Outcome:
    """Names of tests that passed; of those whose promise was broken; and whatever else went wrong. `said` is what
    pytest wrote."""

    passed: list[str]
    broken: list[str]
    others: list[str]
    said: str


class House:
    """A copy of the code with a nursery beside it."""

    def __init__(self, folder: Path, databases: Path) -> None:
        """`databases` holds what the code without a fault made: no migration and no seed has one."""
        self.folder, self._databases, self._days = folder, databases, count(1)
        (folder / "tmp").mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
            else:
                shutil.copy2(ROOT / name, folder / name)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))}
        self._nursery = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("nursery.py")],
            cwd=folder,
            env={
                **kept,
                "PYTHONPATH": str(folder),
                "PYTHONDONTWRITEBYTECODE": "",
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "TMPDIR": str(folder / "tmp"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        self._nursery.communicate()

    def run(self, tests: Sequence[str]) -> Outcome:
        seen = self.folder / "seen"
        seen.unlink(missing_ok=True)
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(
            json.dumps({"folder": str(self.folder), "databases": str(self._databases), "tests": tests}) + "\n"
        )
        self._nursery.stdin.flush()
        answer = self._nursery.stdout.readline()
        said = (self.folder / "said").read_text(encoding="utf-8")
        assert answer, "the nursery has ended"
        assert seen.exists(), f"the tests did not come to an end: {said}"
        return Outcome(**json.loads(seen.read_text(encoding="utf-8")), said=said)

    @contextmanager
    def planted(self, fault: Fault) -> Iterator[None]:
        """The file with the fault in it, of a day of its own, so that no compiled copy of another text is taken."""
        path = self.folder / fault.file
        before, day = path.read_bytes(), path.stat().st_mtime
        path.write_text(fault.plant(before.decode()), encoding="utf-8")
        planted = day + timedelta(days=next(self._days)).total_seconds()
        os.utime(path, (planted, planted))
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, (day, day))
