"""The cell of OHCHR's matrix that lists themes, groups of persons and goals under headings of its own."""

import re
from dataclasses import dataclass
from functools import lru_cache

from tracker.exchange.imports.texts import clean_lines

_SECTION = re.compile(
    r"(Affected persons|Groups? of persons|SDGs?|Sustainable Development Goals)\s*:\s*", re.IGNORECASE
)
_CODE = re.compile(r"(?:[A-Z]\d{1,3}|\d{1,2}(?:\.\d{1,2})*\.)\s+(?=\S)")
"""A12, 2.1. and 16. before a theme; the 2030 of “2030 Agenda” is none."""
_KIND = re.compile(r"(?:Theme|Right or area)\s*:\s*", re.IGNORECASE)
_GOAL = re.compile(r"(?:SDG\s*|Goal\s*)?(\d{1,2}(?:\.[0-9a-d]{1,2})?)(?!\d)\b[\s.:–-]*", re.IGNORECASE)
_GOAL_AS_THEME = re.compile(r"SDG\s*\d", re.IGNORECASE)
GOALS = 17


@dataclass(frozen=True)
class ThemeLists:
    """`odd`: what was found among the goals and names none of them."""

    themes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sdgs: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()


def read_theme_lists(cell: str) -> ThemeLists:
    """Parts without a heading are themes; “S16 SDG 16 - …” among them is a goal."""
    found: dict[str, list[str]] = {"themes": [], "groups": [], "sdgs": []}
    section = "themes"
    text = _SECTION.sub(r"\n\1:\n", clean_lines(cell))
    for line in text.split("\n"):
        if heading := _SECTION.fullmatch(line):
            section = "sdgs" if heading[1][:1].lower() == "s" else "groups"
        elif label := without_code(line):
            found["sdgs" if _GOAL_AS_THEME.match(label) else section].append(label)
    goals, odd = read_goals("\n".join(found["sdgs"]))
    return ThemeLists(_once(found["themes"]), _once(found["groups"]), goals, odd)


@lru_cache(4096)
def read_goals(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of goals (16) and targets (16.3), and lines that name none."""
    goals, odd = list[str](), list[str]()
    for line in clean_lines(cell).split("\n"):
        label = line.lstrip("-–• ").strip()
        found = _GOAL.match(label)
        if found and 1 <= int(found[1].split(".")[0]) <= GOALS:
            goals.append(found[1].lower())
        elif label and not _SECTION.fullmatch(label):
            odd.append(label)
    return _once(goals), _once(odd)


def without_code(line: str) -> str:
    """A theme without its bullet and code, and without “Theme:” or “Right or area:”."""
    label = _KIND.sub("", line.strip(), count=1).lstrip("-–• ")
    return _CODE.sub("", label, count=1).strip() if _CODE.match(label) else label.strip()


def is_heading(text: str) -> bool:
    return bool(_KIND.match(text.strip()))


def _once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
