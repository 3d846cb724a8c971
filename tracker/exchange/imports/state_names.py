"""Recommending States as they are spelled in texts and cells, found with a mapping from folded names to codes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, normalize

from tracker.exchange.imports.texts import clean_lines, trim_end

States = dict[str, str]
"""Folded name (`fold_name`) to code."""


class ExplainedStates(States):
    """Also notes which of the names that a person `explained` stand in a file: `get` is asked for names in their place,
    `in` while a text is still being divided."""

    def __init__(self, states: States, explained: Collection[str]) -> None:
        super().__init__(states)
        self._explained = frozenset(explained)
        self.found: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        if name in self._explained:
            self.found.add(name)
        return super().get(name, default)


_OF_BEHIND = re.compile(r"^(.*\S)\s*\(([^()]*\bof(?: the)?)\s*\)?\s*$", re.IGNORECASE)
_ARTICLE = re.compile(r"\bthe\b|^the(?=\s)|\(the\)", re.IGNORECASE)
_SAINT = re.compile(r"\bst\b\.?", re.IGNORECASE)
_ENDS = " \n;,.:·"
_ACRONYM = re.compile(r"[A-Z]{2,}|\d|^[a-z]")
_INSTRUMENT = re.compile(
    r"\b(?:protocol|convention|covenant|treaty|act|law|statute|rules|principles|agenda|programme|program|plan|strategy|"
    r"committee|council|commission|article|arts?|para|paragraph|resolution|guidelines|optional|code|fund|bill)\b",
    re.IGNORECASE,
)
_LONGEST_NAME, _MOST_ANDS = 70, 20
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[^\W\d_a-z])(?<![\s-])|(?<=\))(?=\w)")
MOST_TEXT = 20_000
"""Signs of a text in which States are looked for."""


@dataclass(frozen=True)
class Clause:
    """A part of a recommendation with States of its own."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class FoundStates:
    """`text` is without the States at its end; where clauses have States of their own, it stays as printed."""

    text: str
    codes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()


def fold_name(spelling: str) -> str:
    """The same for spellings that differ in case, accents, signs, blanks (“S tate”), “the” and “&”, in what stands in
    brackets behind (“Iran (Islamic Republic of)”), or in a lost bracket."""
    behind = _OF_BEHIND.match(spelling.strip())
    text = f"{behind[2]} {behind[1]}" if behind else _turned(spelling)
    text = _SAINT.sub("saint", _ARTICLE.sub(" ", text.replace("&", " and ")))
    plain = "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))
    return "".join(sign for sign in plain if sign.isalpha()).replace("ofthe", "of")


def find_states(text: str, states: States) -> FoundStates:
    """The recommending States in brackets at the end of a text, and at the end of each clause."""
    text = trim_end(text)
    groups = _groups(text)
    if not groups or len(text) > MOST_TEXT:
        return FoundStates(text.rstrip(" ;"))
    runs = _runs(text, groups, states)
    if not runs:
        return FoundStates(text.rstrip(" ;"))
    codes, unknown, clauses, start = list[str](), list[str](), list[Clause](), 0
    for first, last, names in runs:
        known, others = _codes(names, states)
        codes += known
        unknown += others
        clauses.append(Clause(text[start:first].strip(_ENDS), tuple(known)))
        start = last
    rest = text[start:].strip(_ENDS + ")")
    whole = text.rstrip(" ;") if len(runs) > 1 or rest else clauses[0].text
    return FoundStates(whole, _once(codes), _once(unknown), tuple(clauses))


def split_states(cell: str, states: States) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes and unknown names of a cell that holds only States: one a line, joined by “ - ”, commas or semicolons, run
    together, or in brackets."""
    codes, unknown = list[str](), list[str]()
    for line in clean_lines(cell).split("\n"):
        known, others = _split_line(line.strip("- •*;,"), states)
        codes += known
        unknown += others
    return _once(codes), _once(unknown)


def _split_line(line: str, states: States) -> tuple[list[str], list[str]]:
    if not line:
        return [], []
    if code := states.get(fold_name(line)):
        return [code], []
    if line.startswith("(") and (groups := _groups(line)):
        names = [name for first, last in groups for name in _names(line[first + 1 : last - 1], states)]
        return _codes(names, states)
    return _codes(_names(line, states), states)


def _names(text: str, states: States) -> list[str]:
    """The names in a list. A part that is none by itself may belong to its neighbour: “Iran, Islamic Republic of”."""
    if fold_name(text) in states:
        return [text.strip()]
    parts = [part.strip() for part in re.split(_separator(text), text) if part.strip(_ENDS + "-")]
    names: list[str] = []
    for part in parts:
        before = names[-1] if names else ""
        if before and fold_name(part) not in states and (joined := _joined(before, part, states)):
            names[-1] = joined
        else:
            names += _split_and(part.strip(_ENDS + "-"), states)
    return names


def _separator(text: str) -> str:
    """Commas and semicolons outside of brackets; also “ - ”, which is none in Timor-Leste."""
    return r"[,;\n](?![^()]*\))|\s[-–]\s" if text.count("(") == text.count(")") else r"[,;\n]|\s[-–]\s"


def _joined(before: str, part: str, states: States) -> str | None:
    for name in (f"{part} {before}", f"{before} {part}"):
        if fold_name(name) in states:
            return name
    return None


def _split_and(part: str, states: States) -> list[str]:
    part = re.sub(r"^and\s+", "", part)
    if fold_name(part) in states:
        return [part]
    halves = re.split(r"(?<!\s)\s++(?:and|&)\s+", part)
    if len(halves) > _MOST_ANDS:
        return [part]
    for at in range(1, len(halves)):
        first, second = " and ".join(halves[:at]), " and ".join(halves[at:])
        if fold_name(first) in states and (rest := _split_and(second, states)):
            return [first, *rest]
    return _run_together(part, states) or [part]


def _run_together(part: str, states: States) -> list[str]:
    """`ChileEstonia` in the fewest known names, each of which begins with a capital; nothing where one is unknown."""
    pieces = _CAMEL.split(part)
    if len(pieces) < 2 or len(pieces) > 400:
        return []
    best: list[list[str] | None] = [[], *([None] * len(pieces))]
    for end in range(1, len(pieces) + 1):
        for start in range(max(0, end - 6), end):
            so_far, name = best[start], "".join(pieces[start:end])
            current = best[end]
            is_better = so_far is not None and (current is None or len(so_far) + 1 < len(current))
            if is_better and fold_name(name) in states:
                best[end] = [*(so_far or []), name]
    return best[-1] or []


def _groups(text: str) -> list[tuple[int, int]]:
    """Start and end of each outer pair of brackets."""
    groups, depth, start = list[tuple[int, int]](), 0, 0
    for at, sign in enumerate(text):
        if sign == "(":
            start = at if not depth else start
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
            if not depth:
                groups.append((start, at + 1))
    if depth and re.search(r"\bof(?: the)?\s*$", text[start:].rstrip(_ENDS)):
        groups.append((start, len(text) + 1))  # its last bracket was lost
    return groups


def _runs(text: str, groups: list[tuple[int, int]], states: States) -> list[tuple[int, int, list[str]]]:
    """Neighbouring brackets that hold States, where a clause or the text ends behind them."""
    runs: list[tuple[int, int, list[str]]] = []
    for first, last in groups:
        names = _names(text[first + 1 : last - 1], states)
        ends = not text[last:].strip(_ENDS + ")") or text[last:].lstrip().startswith(";")
        if not _are_states(names, states, may_be_unknown=ends):
            continue
        if runs and not text[runs[-1][1] : first].strip(_ENDS):
            runs[-1] = (runs[-1][0], last, [*runs[-1][2], *names])
        else:
            runs.append((first, last, names))
    return [run for run in runs if not text[run[1] :].strip() or text[run[1] :].lstrip()[0] in ";.:,)"]


def _are_states(names: list[str], states: States, *, may_be_unknown: bool) -> bool:
    known = sum(fold_name(name) in states for name in names)
    if known or not may_be_unknown:
        return known > 0
    return bool(names) and all(_may_be_state(name) for name in names)


def _may_be_state(name: str) -> bool:
    """A name that nobody knows, but no acronym and no name of a treaty."""
    is_name = bool(name) and len(name) <= _LONGEST_NAME and name[0].isupper()
    return is_name and not _ACRONYM.search(name) and not _INSTRUMENT.search(name)


def _codes(names: list[str], states: States) -> tuple[list[str], list[str]]:
    known = [states.get(fold_name(name)) for name in names]
    unknown = [name for name, code in zip(names, known, strict=True) if code is None]
    return [code for code in known if code], unknown


def _once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _turned(text: str) -> str:
    """“Islamic Republic of Iran” and the like stay; “Iran, Islamic Republic of” is turned."""
    before, comma, behind = text.partition(",")
    is_turned = comma and re.search(r"\bof(?: the)?\s*$", behind, re.IGNORECASE)
    return f"{behind} {before}" if is_turned else text
