"""Faults, the copy of the code in which they are planted, and what its tests say then."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

from config import ROOT

COPIED = ("tracker", "tests", "seed", "migrations", "templates", "config.py", "pyproject.toml")
NOT_COPIED = ("*.pyc.*", "node_modules", "browser")
"""Of the compiled code those files that another process is just writing."""


@dataclass(frozen=True)
class PlantedFault:
    """One piece of code that stands for another one, and breaks a promise."""

    name: str
    breaks: str
    """What does not hold any more, as a sentence."""
    noticed_by: tuple[str, ...]
    """The tests that must fail."""
    file: str
    old: str
    """What is there once, however it is broken into lines."""
    new: str
    inside: str = ""
    """The function, method (`Class.method`) or name of the module that holds it. Should it move to another file of
    `tracker/`, it is found there. Of a template, the whole."""

    @classmethod
    def read(cls, path: Path) -> "PlantedFault":
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(path.stem, noticed_by=tuple(fields.pop("noticed_by")), **fields)

    def plant(self, folder: Path) -> tuple[Path, str]:
        """The file of the code in `folder` that holds it, and the text of that file with the fault."""
        path, lines = self._find(folder)
        text = path.read_text(encoding="utf-8").splitlines(keepends=True)
        before, inside, after = (
            text[: lines.start],
            "".join(text[lines.start : lines.stop]),
            text[lines.stop :],
        )
        pattern = r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", self.old)))
        places = list(re.finditer(pattern, inside))
        assert len(places) == 1, f"{self.name} no longer fits {path}: {len(places)} times {self.old!r}"
        start, stop = places[0].span()
        return path, "".join([*before, inside[:start], self.new, inside[stop:], *after])

    def _find(self, folder: Path) -> tuple[Path, range]:
        """The file and the lines in it: where the fault says, or else wherever the code has moved to."""
        path = folder / self.file
        every = sorted((folder / path.relative_to(folder).parts[0]).rglob(f"*{path.suffix}"))
        places = self._lines_in([path] if path.exists() else []) or self._lines_in(every)
        assert len(places) == 1, f"{self.name} no longer fits: {len(places)} times {self.inside or self.file}"
        return places[0]

    def _lines_in(self, paths: list[Path]) -> list[tuple[Path, range]]:
        if not self.inside:
            named = [path for path in paths if path.name == Path(self.file).name]
            return [(path, range(len(path.read_text(encoding="utf-8").splitlines()))) for path in named]
        return [
            (path, lines)
            for path in paths
            for name, lines in _definitions(ast.parse(path.read_text(encoding="utf-8")))
            if name == self.inside
        ]


def _definitions(node: ast.Module | ast.ClassDef, within: str = "") -> Iterator[tuple[str, range]]:
    """Names of functions, methods and constants, with the lines that make them, counted from 0."""
    for each in node.body:
        names: list[str] = []
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            names = [within + each.name]
        elif isinstance(each, ast.Assign):
            names = [within + target.id for target in each.targets if isinstance(target, ast.Name)]
        elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            names = [within + each.target.id]
        decorators = each.decorator_list if isinstance(each, ast.FunctionDef | ast.ClassDef) else []
        first = min([each.lineno, *(decorator.lineno for decorator in decorators)])
        for name in names:
            yield name, range(first - 1, each.end_lineno or first)
        if isinstance(each, ast.ClassDef):
            yield from _definitions(each, f"{within}{each.name}.")


@dataclass(frozen=True)
class TestRun:
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
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))
        }
        self._nursery = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("nursery.py")],
            cwd=folder,
            env={
                **inherited,
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

    def run(self, tests: Sequence[str]) -> TestRun:
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
        return TestRun(**json.loads(seen.read_text(encoding="utf-8")), said=said)

    @contextmanager
    def planted(self, fault: PlantedFault) -> Iterator[None]:
        """The file with the fault in it, of a day of its own, so that no compiled copy of another text is taken."""
        path, text = fault.plant(self.folder)
        before, day = path.read_bytes(), path.stat().st_mtime
        path.write_text(text, encoding="utf-8")
        planted = day + timedelta(days=next(self._days)).total_seconds()
        os.utime(path, (planted, planted))
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, (day, day))
