"""The one file that writes cells: what may stand in one, and text from people is never a formula."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles
from tracker.language import gettext
from tracker.models.levels import ShownLevel

CELL_LIMIT = 32_767
"""UTF-16 units in a cell; Excel calls a workbook with more damaged."""
_ADDRESS_LIMIT = 2_079
# Control characters, non-characters and halves of pairs: Excel and XML refuse them. Marks that turn the direction of
# what follows: they would reorder the words of somebody else in the same cell.
_REFUSED = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff\u061c\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CODED = re.compile("_(?=[xX][0-9A-Fa-f]{4}_)")
_RIGHT_TO_LEFT = ("R", "AL")
# Excel "repairs" a workbook with an address that it cannot parse, so anything unusual stays plain text.
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[\w\-.~:/@!$&'()*+,;=%]*)?(\?[^#]*)?(#[^#]*)?", re.ASCII
)
_UNQUOTED = "%:/?#@!$&'()*+,;=~"


@dataclass(frozen=True)
class WebLink:
    """An address on the web and the words that people see for it."""

    address: str
    words: str


@dataclass(frozen=True)
class SheetLink:
    """A link to another sheet of the same workbook."""

    sheet: str
    words: str


@dataclass(frozen=True)
class Words:
    """Words of one look."""

    text: str
    look: styles.Look = styles.Look.PLAIN


@dataclass(frozen=True)
class MixedWords:
    """Words of several looks in one cell."""

    parts: tuple[Words, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


Content = str | int | float | date | WebLink | SheetLink | ShownLevel | MixedWords | None


def clean(text: str) -> str:
    """`text` without the characters that Excel refuses, its lines ended by a line feed. Word, for one, ends a line
    with a vertical tab."""
    return _REFUSED.sub("", _LINE_BREAK.sub("\n", text))


def written(text: str) -> str:
    """`text` as a workbook holds it. Programs that read one turn `_x000A_` into a line break, so an underscore before
    such a code is written as a code itself, and the text is read as it was typed."""
    return _CODED.sub("_x005F_", clean(text))


def set_apart(text: str) -> str:
    """`text` for a line that it shares with others. Right-to-left letters would take digits and signs beside them
    along, so such a text stands between two left-to-right marks."""
    if not any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return text
    return f"\u200e{text}\u200e"


def shorten(text: str, whole_text_at: str = "") -> str:
    """A text as `written`, where it fits in a cell, else its beginning and a sentence: where the whole stands."""
    if _units(text) <= CELL_LIMIT:
        return text
    if whole_text_at:
        note = gettext("[Shortened to fit in a cell. Read the whole text at %(link)s]", link=whole_text_at)
    else:
        note = gettext("[Shortened to fit in a cell. Read the whole text on its page on this site.]")
    note = f"\n{note}"
    begin = text.encode("utf-16-le")[: 2 * (CELL_LIMIT - _units(note))]
    return begin.decode("utf-16-le", errors="ignore") + note


def put(cell: Cell, content: Content, style: str = "", whole_text_at: str = "") -> None:
    """Writes `content` in the style of its kind, or in `style`; long texts point to `whole_text_at`."""
    styles.set_style(cell, style or _style_of(content))
    if isinstance(content, WebLink):
        _put_link(cell, content)
    elif isinstance(content, SheetLink):
        _put_text(cell, written(content.words))
        cell.hyperlink = Hyperlink(ref="", location=f"'{content.sheet.replace(chr(39), chr(39) * 2)}'!A1")
    elif isinstance(content, ShownLevel):
        _put_text(cell, content.label)
    elif isinstance(content, MixedWords):
        _put_words(cell, content, whole_text_at)
    elif isinstance(content, str):
        _put_text(cell, shorten(written(content), whole_text_at))
    elif content is not None:
        _put_value(cell, content)


def put_at(
    sheet: Worksheet, row: int, column: int, content: Content, style: str = "", whole_text_at: str = ""
) -> None:
    put(sheet.cell(row, column, ""), content, style, whole_text_at)


def words_of(content: Content) -> str:
    """What people see in the cell."""
    if isinstance(content, WebLink | SheetLink):
        return content.words
    if isinstance(content, ShownLevel):
        return content.label
    if isinstance(content, MixedWords):
        return clean(content.text)
    return "" if content is None else clean(str(content))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _style_of(content: Content) -> str:
    if isinstance(content, ShownLevel):
        return styles.of_level(content)
    if isinstance(content, WebLink | SheetLink):
        return styles.LINK
    if isinstance(content, date):
        return styles.DATE
    return styles.NUMBER if isinstance(content, int | float) else styles.TEXT


def _put_text(cell: Cell, text: str) -> None:
    """Sets the type after the value: openpyxl reads `=1+1` as a formula and `#N/A` as an error."""
    cell.value = text or None
    if text:
        cell.data_type = "s"


def _put_words(cell: Cell, content: MixedWords, whole_text_at: str) -> None:
    """A text that is too long for a cell loses its looks."""
    if _units("".join(written(part.text) for part in content.parts)) > CELL_LIMIT:
        _put_text(cell, shorten(written(content.text), whole_text_at))
        return
    blocks = [
        TextBlock(styles.inline_font(part.look), written(part.text))
        for part in content.parts
        if clean(part.text)
    ]
    if blocks:
        cell.value = CellRichText(blocks)
        cell.data_type = "s"


def _put_value(cell: Cell, content: date | float) -> None:
    """Setting a date makes openpyxl choose a format of its own, so the style's stands again afterwards."""
    number_format = cell.number_format
    cell.value = content
    cell.number_format = number_format


def _put_link(cell: Cell, link: WebLink) -> None:
    address = quote(clean(link.address), safe=_UNQUOTED)
    if len(address) > _ADDRESS_LIMIT or not _ADDRESS.fullmatch(address):
        _put_text(cell, shorten(written(link.address)))
        return
    _put_text(cell, shorten(written(link.words)))
    cell.hyperlink = address
