"""In which alphabet a text was saved. A table may name one accented letter in ten megabytes, so the whole file is
looked at, never its beginning."""

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ONE_BYTE = ("cp1252", "mac_roman", "cp1251")
"""What Excel writes where nobody chooses UTF-8, without a mark: Windows in the West, Mac, Windows in Cyrillic."""
_BEYOND = re.compile(rb"[\x80-\xff]+")
_BESIDE = 2
_HIGH_BYTES, _LEAST_HIGH = b"\x00\x04", 0.3
"""Every second byte of a Latin or Cyrillic text in UTF-16 is one of these, and none of another text."""
_MOST_BROKEN = 0.1
"""A text in UTF-8 may have been cut in the middle of a letter, or mended by hand: up to a tenth of its letters beyond
ASCII may be broken."""
_REPLACED = "\ufffd"
_USUAL = frozenset("éèêëàâáäãåçñóòôöõúùûüíìîïßøæœ" + "ÉÈÀÁÄÅÇÑÓÖÜØ")
_SIGNS = frozenset("’‘“”–—…•«»„‚°§©®™€£ \u00a0№")
_CYRILLIC = re.compile("[Ѐ-ӿ]")


@dataclass(frozen=True)
class Decoded:
    """`charset`: a name of Python. `is_guess`: the file does not say it, and others are possible. `broken`: the first
    place in `text` where a letter could not be read."""

    text: str
    charset: str
    is_guess: bool = False
    broken: int | None = None


def decode(content: bytes) -> Decoded:
    """Never fails: what stands for no letter becomes U+FFFD, and `broken` says where."""
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return _with_replacements(content[len(mark) :], charset)
    utf16 = _utf16_without_mark(content)
    if utf16:
        return _with_replacements(content, utf16)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    mended = _with_replacements(content, "utf-8")
    beyond = len(mended.text) - len(mended.text.encode("ascii", errors="ignore"))
    if mended.text.count(_REPLACED) <= _MOST_BROKEN * beyond:
        return mended
    return _one_byte(content)


def _with_replacements(content: bytes, charset: str) -> Decoded:
    text = content.decode(charset, errors="replace")
    broken = text.find(_REPLACED)
    return Decoded(text, charset, broken=None if broken < 0 else broken)


def _utf16_without_mark(content: bytes) -> str | None:
    even, odd = (sum(content[start::2].count(each) for each in _HIGH_BYTES) for start in (0, 1))
    if max(even, odd) <= _LEAST_HIGH * (len(content) // 2):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _one_byte(content: bytes) -> Decoded:
    """The alphabet in which the letters beyond ASCII fit their neighbours best. Of equals the one that belongs to the
    ends of lines: only old Macs end a line with a carriage return alone."""
    found = ((each.start(), each.end()) for each in _BEYOND.finditer(content))
    pieces = b"\n".join(content[max(0, start - _BESIDE) : end + _BESIDE] for start, end in found)
    is_mac = b"\r" in content and b"\n" not in content
    order = ("mac_roman", "cp1252", "cp1251") if is_mac else _ONE_BYTE
    best = max(order, key=lambda charset: _fitness(pieces, charset))
    return Decoded(content.decode(best, errors="replace"), best, is_guess=True)


def _fitness(pieces: bytes, charset: str) -> float:
    text = pieces.decode(charset, errors="replace")
    places = re.finditer(r"[^\x00-\x7f]", text)
    return sum(_fits(text, place.start()) for place in places)


def _fits(text: str, at: int) -> float:
    """From -2 to 2: how well a letter stands beside its neighbours."""
    letter = text[at]
    before = text[at - 1] if at else " "
    behind = text[at + 1] if at + 1 < len(text) else " "
    if letter == _REPLACED or letter in "\x81\x8d\x8f\x90\x9d":
        return -2
    if not letter.isalpha():
        is_between = before.isalpha() and behind.isalpha()
        return (1 if letter in "’‘" or not is_between else -2) if letter in _SIGNS else -1
    is_cyrillic = bool(_CYRILLIC.match(letter))
    beside = [each for each in (before, behind) if each.isalpha()]
    if any(bool(_CYRILLIC.match(each)) != is_cyrillic for each in beside):
        return -2
    if not beside:
        return 0 if is_cyrillic else -1
    if letter.isupper() and before.isalpha() and before.islower():
        return -2
    if is_cyrillic:
        return 1.5
    return 1 if letter in _USUAL else 0
