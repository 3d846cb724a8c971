"""Why a passphrase that somebody chose is too easy to guess. Pure: knows no account and hashes nothing."""

from functools import lru_cache
from itertools import pairwise

from tracker.identity.words import read_words
from tracker.language import gettext

FEWEST_CHARACTERS, MOST_CHARACTERS = 15, 128
"""Longer ones are refused without being hashed."""
FEWEST_DIFFERENT = 6
SHORTEST_HANDLE = 4
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
_SIGNS, _NUMBERS = str.maketrans("@$", "as"), str.maketrans("013457", "oieast")
"""What many people write instead of letters."""


def weakness_of(passphrase: str, handle: str) -> str | None:
    """A sentence that says what to change, or None."""
    if len(passphrase) < FEWEST_CHARACTERS:
        return gettext(
            "Use 15 characters or more. Four or five words that do not belong together are easy to keep."
        )
    if len(passphrase) > MOST_CHARACTERS:
        return gettext("Use 128 characters or fewer.")
    plain = _letters(passphrase.casefold().translate(_SIGNS))
    if len(set(plain)) < FEWEST_DIFFERENT or _repeats(plain):
        return gettext("This repeats the same characters. Use words that do not repeat.")
    if _is_in_a_row(plain):
        return gettext("This follows the alphabet, the numbers or the keyboard. Use words instead.")
    holder = _letters(handle.casefold())
    if len(holder) >= SHORTEST_HANDLE and holder in plain:
        return gettext("This holds your username, which others know. Leave it out.")
    if _is_common(plain):
        return gettext(
            "Many people think of this first, so it is tried first. Add words that nobody expects here."
        )
    return None


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _repeats(plain: str) -> bool:
    """`abcabcabc`, also where the last one is cut off."""
    return any(
        plain == (plain[:length] * len(plain))[: len(plain)] for length in range(1, len(plain) // 2 + 1)
    )


def _is_in_a_row(plain: str) -> bool:
    pairs = [first + second for first, second in pairwise(plain)]
    known = sum(any(pair in row or pair in row[::-1] for row in _ROWS) for pair in pairs)
    return bool(pairs) and known >= 0.7 * len(pairs)


def _is_common(plain: str) -> bool:
    """Whether it consists of common words and digits alone. Visits each position once."""
    words, with_letters = _common(), plain.translate(_NUMBERS)
    longest = max(map(len, words))
    ends = {0}
    for start in range(len(plain)):
        if start in ends:
            next_ends = range(start + 1, min(start + longest, len(plain)) + 1)
            ends |= {
                end for end in next_ends if plain[start:end] in words or with_letters[start:end] in words
            }
            ends |= {start + 1} if plain[start].isdecimal() else set()
    return len(plain) in ends


@lru_cache
def _common() -> frozenset[str]:
    return frozenset(read_words("common"))
