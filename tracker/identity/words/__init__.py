"""The lists of words beside this file (LICENCES.md says where they come from), read once. No rule lives here."""

from functools import lru_cache
from pathlib import Path

WORDS_OF = frozenset({"en", "ru", "ky"})
"""Languages with a list."""


@lru_cache
def read_words(name: str) -> tuple[str, ...]:
    """`en`, `ru`, `ky`, or `common`: what people think of first."""
    return tuple((Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").split())
