"""The files that the rules of the house are read off, each read once; and where in them a fault stands."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config import ROOT

CODE = sorted((ROOT / "tracker").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
BENCH = sorted((ROOT / "bench").rglob("*.py"))
PAGES = sorted((ROOT / "templates").rglob("*.html"))
TEMPLATES = [*PAGES, *sorted((ROOT / "templates").rglob("*.txt"))]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree_of(path)))


def place(path: Path, line: int) -> str:
    return f"{name_of(path)}:{line}"


def matches(path: Path, pattern: str) -> Iterator[str]:
    """Each match of the pattern, after its file and line."""
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        for match in re.finditer(pattern, line):
            yield f"{place(path, number)}: {match.group()}"


def check(faults: list[str]) -> None:
    """Fails with a line for each fault."""
    assert not faults, "\n" + "\n".join(faults)
