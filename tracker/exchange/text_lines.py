"""How many lines a text takes in a cell, estimated from the widths of letters: nobody opens a font here. Rows of pages
that are printed get their heights from it."""

import re
from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

LINE_POINTS, SPACE_POINTS, TALLEST_POINTS = 13.7, 3.0, 409.0
"""Of a line of ten points, of the space above and below, and of the tallest row that programs show."""


class _Widths(dict[str, float]):
    """Of letters in digits; a letter that is not there is a usual one, or a capital."""

    def __missing__(self, letter: str) -> float:
        is_square = east_asian_width(letter) in "WF"
        self[letter] = _SQUARE if is_square else _CAPITAL if letter.isupper() else _USUAL
        return self[letter]


_USUAL, _CAPITAL, _SQUARE = 1.06, 1.18, 1.9
_NARROW, _SLIM, _WIDE, _WIDEST = 0.5, 0.72, 1.36, 1.65
_WIDTHS = _Widths(
    {
        **dict.fromkeys("ijlI.,;:'|!ʼ’·()[]-", _NARROW + 0.04),
        **dict.fromkeys(" ", 0.46),
        **dict.fromkeys('frtJ/"“”', _SLIM),
        **dict.fromkeys("wGHNOQDжмфыФНМОИДПЖ…%&", _WIDE),
        **dict.fromkeys("mMWшщюШЩЮЫ@", _WIDEST),
        **dict.fromkeys("cszгзэ", 0.86),
    }
)
"""About the same in Calibri and Noto Sans."""
BOLD = 1.06
"""How much wider a bold text is."""
_WORD = re.compile(r"\S+\s*|\s+")
"""With the spaces after it."""
_FONT_OF_COLUMNS_POINTS = 11
"""The width of a column is measured in digits of this size."""
_PADDING_DIGITS = 0.9
_LESS_CAREFUL = 1.02
"""The widths above are three to five parts in a hundred too wide."""


def count_lines(text: str, width: float, points: float = 10, *, is_bold: bool = False) -> int:
    """Lines of `text` in a column `width` digits wide: words stay whole, a longer one is broken."""
    if not text:
        return 1
    return sum(1 for _ in _lines(text, width, points, is_bold=is_bold))


def height_of_row(texts: Iterable[str], widths: Iterable[float]) -> float:
    """Points that a row needs for its longest cell, in letters of ten points."""
    lines = max(count_lines(text, width) for text, width in zip(texts, widths, strict=True))
    return min(lines * LINE_POINTS + SPACE_POINTS, TALLEST_POINTS)


def split_text(text: str, width: float, most_lines: int, points: float = 10) -> list[str]:
    """The text in parts of `most_lines` lines at most, which begin at a line's beginning."""
    lines = list(_lines(text, width, points, is_bold=False))
    starts = range(0, len(lines), most_lines)
    return ["".join(lines[start : start + most_lines]).strip() for start in starts]


def _lines(text: str, width: float, points: float, *, is_bold: bool) -> Iterator[str]:
    room = (
        (width - _PADDING_DIGITS)
        * _LESS_CAREFUL
        * _FONT_OF_COLUMNS_POINTS
        / points
        / (BOLD if is_bold else 1)
    )
    for paragraph in text.split("\n"):
        yield from _wrap(paragraph + "\n", room)


def _wrap(paragraph: str, room: float) -> Iterator[str]:
    line, taken = "", 0.0
    for each in _WORD.findall(paragraph):
        word, width = each, _width(each.rstrip())
        if line and taken + width > room:
            yield line
            line, taken = "", 0.0
        while width > room:  # an address, or a language that writes without spaces
            fits = max(1, int(len(word) * room / width))
            yield word[:fits]
            word = word[fits:]
            width = _width(word.rstrip())
        line, taken = line + word, taken + _width(word)
    yield line


def _width(word: str) -> float:
    return sum(map(_WIDTHS.__getitem__, word))
