"""Nothing is left over: what no page, command or job uses is removed, however well it is tested."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from config import ROOT
from tracker.models.levels import ShownLevel

CODE = sorted((ROOT / "tracker").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "tracker" / "web" / "theme").glob("_*.scss"))
OF_A_LEVEL = re.compile(f"--({'|'.join(ShownLevel)})$")
"""Made for every level at once, by a loop and by the code in the template."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def read(paths: list[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def words_said() -> Counter[str]:
    return Counter(re.findall(r"\w+", read([*CODE, *TEMPLATES])))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_every_function_is_named_somewhere_else_in_the_application(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    # What is decorated is reached through its decorator: a view, a command.
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef) and not node.decorator_list]
    assert not [name for name in functions if words_said()[name] == 1]


def test_every_macro_is_called() -> None:
    said, code = read(TEMPLATES), read(CODE)
    macros = re.findall(r"\bmacro (\w+)\(", said)
    assert len(macros) > 20
    calls = {name: len(re.findall(rf"\b{name}\(", said)) - 1 + code.count(f'"{name}"') for name in macros}
    assert not [name for name, number in calls.items() if number < 1]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_imports_only_what_it_calls(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    imported = re.findall(r'from "[^"]+" import ([\w, ]+?) -?%', text)
    names = [name.strip() for line in imported for name in line.split(",")]
    assert not [name for name in names if not re.search(rf"\b{name}\(", text)]


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_every_class_of_our_styles_stands_on_a_page(path: Path) -> None:
    styles = re.sub(r"//.*|#\{[^}]*\}", "", path.read_text(encoding="utf-8"))
    styles = re.sub(r'@use "[^"]*"', "", styles)
    classes = {
        found for found in re.findall(r"(?<!\w)\.([a-z][\w-]+)", styles) if not found.startswith("govuk-")
    }
    said = read(TEMPLATES)
    words = {OF_A_LEVEL.sub("--", found) for found in classes}
    assert not [word for word in sorted(words) if not re.search(rf"(?<![\w-]){word}(?![\w-])", said)]
