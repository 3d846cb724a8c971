"""Finds texts that share rare words with another one, without comparing it with all of them."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

Weights = dict[str, float]
"""Of the words of a text, by how rare they are among all texts; of length 1 together."""


class RareWords:
    """`weights`: of each text that was given."""

    def __init__(self, texts: Sequence[Collection[str]]) -> None:
        self._number = len(texts)
        self._occurs = Counter(word for words in texts for word in words)
        self.weights = [self.weigh(words) for words in texts]
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, weights in enumerate(self.weights):
            for word in weights:
                self._places[word].append(at)

    def weigh(self, words: Collection[str]) -> Weights:
        raw = {word: math.log(1 + self._number / max(self._occurs[word], 1)) for word in sorted(words)}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {word: weight / length for word, weight in raw.items()}

    def find_sharing(self, asked: Weights, most_places: int) -> dict[int, float]:
        """The places of texts that share the rarest words, and how much: at most so many places are looked up."""
        shared: dict[int, float] = defaultdict(float)
        left = most_places
        for word in sorted(asked, key=lambda word: (self._occurs[word], word)):
            places = self._places.get(word, ())
            if len(places) > left and left < most_places:
                break
            for at in places[:left]:
                shared[at] += asked[word] * self.weights[at][word]
            left -= len(places)
        return shared
