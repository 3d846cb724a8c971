"""Nothing is left over: what no page, command or job uses is removed, however well it is tested."""

import ast
import re
from collections import Counter

from config import ROOT
from tests.architecture.sources import CODE, PAGES, check, name_of, place, text_of, tree_of
from tracker.models.levels import ShownLevel

STYLES = sorted((ROOT / "tracker" / "web" / "theme").glob("_*.scss"))
OF_A_LEVEL = re.compile(f"--({'|'.join(ShownLevel)})$")
"""Made for every level at once, by a loop and by the code in the template."""
OF_A_KIND = re.compile("--(contradicts|differs|agrees|silent|sum|wide|middle|narrow)$")
"""Put together by a macro of the pictures."""
IN_PAGES = "\n".join(map(text_of, PAGES))
IN_CODE = "\n".join(map(text_of, CODE))


def test_every_function_is_named_somewhere_else_in_the_application() -> None:
    words = Counter(re.findall(r"\w+", IN_CODE + "\n" + IN_PAGES))
    check(
        [
            f"{place(path, node.lineno)}: {node.name}"
            for path in CODE
            for node in tree_of(path).body
            # What is decorated is reached through its decorator: a view, a command.
            if isinstance(node, ast.FunctionDef) and not node.decorator_list and words[node.name] == 1
        ]
    )


def test_every_macro_is_called() -> None:
    macros = re.findall(r"\bmacro (\w+)\(", IN_PAGES)
    assert macros
    calls = {
        name: len(re.findall(rf"\b{name}\(", IN_PAGES)) - 1 + IN_CODE.count(f'"{name}"') for name in macros
    }
    check([name for name, number in calls.items() if number < 1])


def test_a_template_imports_only_what_it_calls() -> None:
    check(
        [
            f"{name_of(path)}: {name}"
            for path in PAGES
            for names in re.findall(r'from "[^"]+" import ([\w, ]+?) -?%', text_of(path))
            for name in re.split(r",\s*", names.strip())
            if not re.search(rf"\b{name.rpartition(' as ')[2]}\(", text_of(path))
        ]
    )


def test_every_class_of_our_styles_stands_on_a_page() -> None:
    words = set(re.findall(r"[\w-]+", IN_PAGES))
    unused = []
    for path in STYLES:
        styles = re.sub(r'//.*|#\{[^}]*\}|@use "[^"]*"', "", text_of(path))
        classes = set(re.findall(r"(?<!\w)\.([a-z][\w-]+)", styles))
        ours = {
            OF_A_KIND.sub("--", OF_A_LEVEL.sub("--", name))
            for name in classes
            if not name.startswith("govuk-")
        }
        unused += [f"{name_of(path)}: .{name}" for name in sorted(ours - words)]
    check(unused)
