"""How like each other two recommendations are, by their words. `bench/similarity.py` measures it, docs/imports.md has
the figures. Texts in, numbers out: it knows no table."""

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from tracker.exchange.imports.texts import fold_text, split_ref
from tracker.exchange.rare_words import RareWords, Weights

_STATES_BEHIND = re.compile(r"(?<!\s)(?:\s*+\((?:[^()]|\([^()]*+\))*+\)[\s;,.:]*+)+$")
"""Brackets at the end of a text: the recommending States, or an abbreviation. Nothing is tried twice, so that a text
made for it does not take long."""
_MOST_SIGNS = 4_000
"""Of a text; the rest is not compared. Recommendations have a few hundred."""
_ENDINGS = ("ations", "ation", "ments", "ment", "ities", "ity", "ings", "ing", "ies", "ed", "es", "s", "e")
_SHORTEST_STEM = 4
MOST_PLACES, MOST_COMPARED = 4_000, 40
"""The candidates of a text: so many places of its rarest words are looked up, and so many that share most are compared
sign by sign. 20,000 texts cost no more than 4,000."""
LEAST, LIKE_ENOUGH_TO_REPEAT = 45.0, 75.0
"""Of 100. Below the first nothing is suggested; from the second on the texts ask for the same in nearly the same
words."""


@dataclass(frozen=True)
class Likeness:
    """`at`: the candidate's place in the list; `score`: 0 to 100."""

    at: int
    score: float


class Candidates:
    """Texts among which similar ones are looked for: `bench/similarity.py` says what 20,000 cost.

    The score is the mean of two. How many words both share, each weighed by how rare it is among all texts, so that
    “continue its efforts” says little and “stateless” much; and how like the words are, sign by sign, in the order of
    the alphabet (`fuzz.token_sort_ratio`), because words alone do not tell long texts from short ones.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [plain_text(text) for text in texts]
        self._words = RareWords([_stems(text) for text in self._texts])

    def find(self, text: str, most: int, least: float = LEAST) -> list[Likeness]:
        """The most similar ones, best first."""
        plain = plain_text(text)
        asked = self._words.weigh(_stems(plain))
        shared = self._words.find_sharing(asked, MOST_PLACES)
        nearest = heapq.nsmallest(MOST_COMPARED, shared, key=lambda at: (-shared[at], at))
        found = [Likeness(at, self._score(plain, asked, at)) for at in nearest]
        found = [each for each in found if each.score >= least]
        return sorted(found, key=lambda each: (-each.score, each.at))[:most]

    def _score(self, plain: str, asked: Weights, at: int) -> float:
        other = self._words.weights[at]
        shared = sum(weight * other.get(stem, 0.0) for stem, weight in asked.items())
        return (100 * shared + fuzz.token_sort_ratio(plain, self._texts[at])) / 2


def plain_text(text: str) -> str:
    """Without the number before it and the States behind it, in small letters and digits."""
    whole = split_ref(text[:_MOST_SIGNS])[1]
    return fold_text(_STATES_BEHIND.sub("", whole)) or fold_text(whole)


def _stems(plain: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in plain.split())


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """One for “right” and “rights”. Rough, and for English alone: words of other languages mostly stay as they are."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
