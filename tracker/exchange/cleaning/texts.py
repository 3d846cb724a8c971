"""CSV and TXT: kept to the byte. In which alphabet they are written is found out, and whether a program for tables
would compute something of them."""

import re

from tracker.exchange.cleaning.formulas import has_formula_cell

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_ASCII = re.compile("[\x00-\x7f]+")
_NOT_CYRILLIC = re.compile("[^А-яЁёІіЇїЄєЎўҐґ№«»–—“”„‘’…°§·•\u00a0±µ€©®™\u00ad]")
_MIXED = re.compile("[A-Za-z][А-яЁё]|[А-яЁё][A-Za-z]")
_LEAST_CYRILLIC = 0.9
"""The part of the letters beyond ASCII that must be Russian ones or signs, or the bytes are another alphabet's."""


def find_charset(content: bytes) -> str | None:
    """`utf-8`, `utf-16` or `windows-1251`; None where it is no plain text, or begins like HTML, SVG or XML."""
    charset = next((said for mark, said in _MARKS if content.startswith(mark)), None)
    for each in (charset,) if charset else ("utf-8", "windows-1251"):
        text = decode(content, each)
        if text is not None:
            return each if _is_plain(text) and (each != "windows-1251" or _is_cyrillic(text)) else None
    return None


def decode(content: bytes, charset: str) -> str | None:
    try:
        return content.decode("utf-8-sig" if charset == "utf-8" else charset)
    except UnicodeDecodeError:
        return None


def computes(content: bytes, charset: str) -> bool:
    """Whether a cell begins like a formula."""
    return has_formula_cell(decode(content, charset) or "")


def _is_plain(text: str) -> bool:
    return not _CONTROL.search(text) and not text.lstrip().startswith("<")


def _is_cyrillic(text: str) -> bool:
    """Almost all beyond ASCII is Russian, and hardly a word mixes both: the ü of another alphabet would be a ь."""
    beyond = _ASCII.sub("", text)
    most = (1 - _LEAST_CYRILLIC) * len(beyond)
    return len(_NOT_CYRILLIC.findall(beyond)) <= most and len(_MIXED.findall(text)) <= most
