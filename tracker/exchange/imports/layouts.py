"""The same review from two layouts: which of their rows are the same recommendation."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz

from tracker.exchange.imports.likeness import (
    LIKE_PART,
    LIKE_TEXT,
    SHORTEST_PART,
    is_same_number_same_text,
    part_ratio,
)
from tracker.exchange.imports.rows import FileRow, Problem
from tracker.exchange.imports.state_names import States, find_states
from tracker.exchange.imports.texts import fold_text
from tracker.exchange.rare_words import RareWords
from tracker.language import gettext

MOST_PLACES, MOST_COMPARED, MOST_PARTS = 1_000, 40, 5
"""The candidates of a text: so many places of its rarest words are looked up; so many that share most, and a State, are
compared sign by sign, and so many in parts, which takes longer."""


def numbered(rows: Iterable[FileRow]) -> int:
    """How many have a number."""
    return sum(row.ref is not None for row in rows)


def part_of(row: FileRow, whole: FileRow) -> Problem:
    """Tells that only a part of a text was alike."""
    sentence = gettext(
        "This row was taken for %(ref)s (%(place)s), though it has another text, or only a part of it. Look at both.",
        ref=whole.ref or "",
        place=whole.place,
    )
    return Problem(row.place, sentence, is_about_which=True)


@dataclass(frozen=True)
class Found:
    """`is_part`: the row's text is only a part of the item's. `is_other`: nothing but the number is the same, so it is
    another recommendation, or a text that was corrected."""

    at: int
    is_part: bool = False
    is_other: bool = False


Wordings = Sequence[FileRow]
"""A recommendation as it stands in a file or here; behind it, as earlier files had it."""


class Ratio(Protocol):
    """How like each other two texts are, of 100; 0 below the cutoff."""

    def __call__(self, one: str, other: str, /, *, score_cutoff: float) -> float: ...


@dataclass(frozen=True)
class _Text:
    """Of an item, or of a clause of it that has States of its own. `key`: without blanks."""

    at: int
    folded: str
    codes: frozenset[str]

    @property
    def key(self) -> str:
        return self.folded.replace(" ", "")


class ItemIndex:
    """Finds the items of rows.

    A number alone never decides: numbers are lost, shifted and given anew. A row belongs to the item of its number
    where their texts are alike. Else it goes by its text and a State in common: the whole text or a clause of it, exact
    but for case, signs and blanks; as like as `LIKE_TEXT`; or a part of it. An item that a row with another number
    belongs to is left out then: two numbers are two recommendations, also with the same text.
    """

    def __init__(self, items: Sequence[Wordings], states: States) -> None:
        self._items = items
        self._refs: dict[str, int] = {}
        self._texts: list[_Text] = []
        for at, wordings in enumerate(items):
            if wordings[0].ref:
                self._refs.setdefault(wordings[0].ref, at)
            self._texts += [_Text(at, *each) for each in dict.fromkeys(_texts(wordings, states))]
        self._of_text: dict[str, list[int]] = defaultdict(list)
        self._of_text_and_state: dict[tuple[str, str], list[int]] = defaultdict(list)
        for text in self._texts:
            self._of_text[text.key].append(text.at)
            for code in text.codes:
                self._of_text_and_state[text.key, code].append(text.at)
        self._words = RareWords([set(text.folded.split()) for text in self._texts])
        self._taken_by: dict[int, str] = {}

    def find_all(self, rows: Sequence[Wordings]) -> list[Found | None]:
        """Of each row. The surest come first, so that no other one takes their item."""
        found: list[Found | None] = [None] * len(rows)
        for find in (self._by_number_and_exact_text, self._by_number, self._by_text):
            for place, wordings in enumerate(rows):
                if found[place] is not None:
                    continue
                found[place] = each = next(filter(None, map(find, wordings)), None)
                if each is not None and wordings[0].ref:
                    self._taken_by.setdefault(each.at, wordings[0].ref)
        return [each or self._other_of_number(rows[place][0]) for place, each in enumerate(found)]

    def _by_number_and_exact_text(self, row: FileRow) -> Found | None:
        return self._of_number(row, lambda one, other: one == other)

    def _by_number(self, row: FileRow) -> Found | None:
        """Not where another item has just this text: of neighbours, one often differs from the other in a word."""
        found = self._of_number(row, is_same_number_same_text)
        exact = self._find_exact(fold_text(row.text), row) if found and row.text else None
        return found if exact is None or (found and exact == found.at) else None

    def _of_number(self, row: FileRow, is_same: Callable[[str, str], bool]) -> Found | None:
        """A row or an item without a text has nothing but its number."""
        at = self._refs.get(row.ref) if row.ref else None
        if at is None or not self._is_free(at, row):
            return None
        text = fold_text(row.text)
        texts = [fold_text(each.text) for each in self._items[at]]
        is_found = not text or not texts[0] or any(is_same(text, each) for each in texts)
        return Found(at) if is_found else None

    def _by_text(self, row: FileRow) -> Found | None:
        folded = fold_text(row.text)
        if not folded:
            return None
        at = self._find_exact(folded, row)
        if at is not None:
            return Found(at)
        near = self._find_near(folded, row)
        at = _find_like(folded, near, fuzz.ratio, LIKE_TEXT)
        if at is not None:
            return Found(at)
        if len(folded) >= SHORTEST_PART:
            at = _find_like(folded, near[:MOST_PARTS], part_ratio, LIKE_PART)
        return None if at is None else Found(at, is_part=True)

    def _other_of_number(self, row: FileRow) -> Found | None:
        at = self._refs.get(row.ref) if row.ref else None
        return None if at is None else Found(at, is_other=True)

    def _is_free(self, at: int, row: FileRow) -> bool:
        return row.ref is None or self._taken_by.get(at, row.ref) == row.ref

    def _find_exact(self, folded: str, row: FileRow) -> int | None:
        """Of the same text more than once, the one that shares a State; without that, the only one there is."""
        key = folded.replace(" ", "")
        sharing = []
        for code in row.state_codes:
            places = self._of_text_and_state.get((key, code), ())
            sharing += [at for at in places if self._is_free(at, row)][:1]
        if sharing:
            return min(sharing)
        only = set(self._of_text.get(key, ()))
        return only.pop() if len(only) == 1 and self._is_free(min(only), row) else None

    def _find_near(self, folded: str, row: FileRow) -> list[_Text]:
        """Those that share a State and rare words, nearest first."""
        codes = set(row.state_codes)
        shared = self._words.find_sharing(self._words.weigh(set(folded.split())), MOST_PLACES)
        places = [
            place
            for place in shared
            if not codes.isdisjoint(self._texts[place].codes) and self._is_free(self._texts[place].at, row)
        ]
        nearest = heapq.nsmallest(MOST_COMPARED, places, key=lambda place: (-shared[place], place))
        return [self._texts[place] for place in nearest]


def _find_like(folded: str, near: Iterable[_Text], ratio: Ratio, least: float) -> int | None:
    best, found = least, None
    for text in near:
        score = ratio(folded, text.folded, score_cutoff=best)
        if score and (score > best or found is None):
            best, found = score, text.at
    return found


def _texts(wordings: Wordings, states: States) -> Iterable[tuple[str, frozenset[str]]]:
    """The whole text, and each clause that has States of its own."""
    for row in wordings:
        if row.text:
            yield fold_text(row.text), frozenset(row.state_codes)
            for clause in find_states(row.text, states).clauses:
                yield fold_text(clause.text), frozenset(clause.codes)
