"""Numbers of recommendations in tables: programs take 28.10 for a number and keep 28.1. What was lost cannot be found
again, so it is told."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from tracker.exchange.imports.rows import FileRow, Problem
from tracker.exchange.imports.texts import fold_text
from tracker.language import gettext

_REF = re.compile(r"([A-ZА-Я]{0,3}\d{1,3}(?:\.\d{1,3}){0,3}(?:\.?\(?[a-zа-я]\)?)?)\.?", re.IGNORECASE)
_DECIMAL = re.compile(r"(\d{1,3})[.,](\d{1,3})")
_MOST_DIGITS, _LEAST = 3, 10
"""The number behind the dot from which a missing zero is noticed."""


def read_ref(cell: str) -> str | None:
    """As printed, without the full stop at its end; None where the cell holds no number of a recommendation."""
    found = _REF.fullmatch(cell.strip())
    return found[1] if found else None


def may_have_lost_zero(ref: str) -> bool:
    """Of a cell that held a number: 28.1 may have been 28.10 or 28.100."""
    found = _DECIMAL.fullmatch(ref)
    return bool(found and len(found[2]) < _MOST_DIGITS)


def find_lost_zeros(rows: Sequence[FileRow]) -> list[Problem]:
    """A problem for each number and text, where the number stands before another text, too, or where all numbers of
    the paragraph that end in a zero are missing: 28.9, 28.11 and no 28.10."""
    once: dict[tuple[str, str], FileRow] = {}
    for row in rows:
        if row.ref:
            once.setdefault((row.ref, fold_text(row.text)), row)
    texts = Counter(ref for ref, _ in once)
    behind: dict[str, set[int]] = defaultdict(set)
    for ref in texts:
        if found := _DECIMAL.fullmatch(ref):
            behind[found[1]].add(int(found[2]))
    largest = {paragraph: max(numbers) for paragraph, numbers in behind.items() if _lack_zeros(numbers)}
    sentences = ((row, _sentence(ref, texts[ref], largest)) for (ref, _), row in once.items())
    return [Problem(row.place, sentence, is_about_which=True) for row, sentence in sentences if sentence]


def _lack_zeros(numbers: set[int]) -> bool:
    return max(numbers) > _LEAST and not any(number % 10 == 0 for number in numbers)


def _sentence(ref: str, texts: int, largest: dict[str, int]) -> str | None:
    """`largest`: the largest number of each paragraph that lost its zeros."""
    if texts > 1:
        return gettext(
            "%(ref)s stands before %(number)s different texts. If the program took the numbers for decimals, %(ref)s"
            " may be %(ref)s0 or %(ref)s00: compare it with the report.",
            ref=ref,
            number=texts,
        )
    found = _DECIMAL.fullmatch(ref)
    if found and 0 < int(found[2]) * 10 <= largest.get(found[1], 0):
        return gettext(
            "No number of this paragraph ends in a zero, so the program took them for decimals: %(ref)s may be"
            " %(ref)s0. Compare it with the report.",
            ref=ref,
        )
    return None
