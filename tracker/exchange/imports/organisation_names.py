"""Which organisation a name in a table means. Only the same name, however a keyboard wrote it, is a match; similar
ones are suggestions, from which a person chooses. Knows no table: it is given the names."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from tracker.language import fold

_SIGNS = re.compile(r"[\s.,;:()\"'«»/–&-]+")
_GENERIC = (
    *("ministry", "of", "the", "for", "and", "on", "state", "agency", "committee", "service"),
    *("министерство", "государственный", "государственная", "государственное", "агентство", "комитет"),
    *("министрлиги", "мамлекеттик", "агенттиги", "комитети"),
)
"""What many names share says nothing about which one is meant."""
_LEAST_LIKE = 72.0
"""Of 100, without the generic words."""
_MOST = 3
_NHRI = re.compile(
    r"ombuds|akyikatchy|акыйкатчы|омбудс|people's defender|human rights (commission|institution|commissioner)|\bnhri\b",
    re.IGNORECASE,
)


def fold_organisation(name: str) -> str:
    return _SIGNS.sub(" ", fold(name)).strip()


def is_nhri(name: str) -> bool:
    """A national human rights institution: independent, so it leads and supports nothing."""
    return _NHRI.search(name) is not None


class OrganisationNames:
    """`names`: by key, all the names that it has or had. The key is one of its names, too."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._keys: dict[str, set[str]] = {}
        for key, spellings in names.items():
            for spelling in (key, *spellings):
                self._keys.setdefault(fold_organisation(spelling), set()).add(key)
        self._keys.pop("", None)

    def find(self, spelling: str) -> str | None:
        """The key of the one organisation with this name; None where there is none, or more than one."""
        keys = self._keys.get(fold_organisation(spelling), set())
        return next(iter(keys)) if len(keys) == 1 else None

    def near(self, spelling: str) -> Sequence[str]:
        """The keys of those with a similar name, the most similar first."""
        telling = {name: _telling(name) for name in self._keys}
        matches = process.extract(
            _telling(fold_organisation(spelling)),
            telling,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=_LEAST_LIKE,
            limit=_MOST * 3,
        )
        ranked = [key for _, _, name in matches for key in sorted(self._keys[name])]
        return list(dict.fromkeys(ranked))[:_MOST]


def _telling(folded: str) -> str:
    """Without generic words; all of it where nothing else is left."""
    return " ".join(word for word in folded.split() if word not in _FOLDED_GENERIC) or folded


_FOLDED_GENERIC = frozenset(map(fold, _GENERIC))
