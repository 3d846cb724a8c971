"""How many lines a text takes in a cell, estimated from the widths of letters: nobody opens a font here. Rows of pages
that are printed get their heights from it."""

from collections.abc import Iterable, Iterator

LINE_POINTS, SPACE_POINTS, TALLEST_POINTS = 13.7, 3.0, 409.0
"""Of a line of ten points, of the space above and below, and of the tallest row that programs show."""
_NARROW, _SLIM, _WIDE, _WIDEST = 0.5, 0.72, 1.36, 1.65
_WIDTHS = {
    **dict.fromkeys("ijlI.,;:'|!ʼ’·()[]-", _NARROW + 0.04),
    **dict.fromkeys(" ", 0.46),
    **dict.fromkeys('frtJ/"“”', _SLIM),
    **dict.fromkeys("wGHNOQDжмфыФНМОИДПЖ…%&", _WIDE),
    **dict.fromkeys("mMWшщюШЩЮЫ@", _WIDEST),
    **dict.fromkeys("cszгзэ", 0.86),
}
"""Of letters in digits, about the same in Calibri and Noto Sans; a letter that is not here is `_USUAL` wide."""
_USUAL, _CAPITAL = 1.06, 1.18
BOLD = 1.06
"""How much wider a bold text is."""
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
    for each in _words(paragraph):
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


def _words(paragraph: str) -> Iterator[str]:
    """Each with the spaces after it."""
    start = 0
    for place in range(1, len(paragraph)):
        if paragraph[place - 1].isspace() and not paragraph[place].isspace():
            yield paragraph[start:place]
            start = place
    yield paragraph[start:]


def _width(word: str) -> float:
    return sum(_WIDTHS.get(letter) or (_CAPITAL if letter.isupper() else _USUAL) for letter in word)
