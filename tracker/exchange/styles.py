"""The looks of cells and the colours of levels, from the tokens of the product. No content, no layout."""

from copy import copy
from enum import StrEnum
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Color, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.workbook import Workbook

from tracker.look import COLOURS
from tracker.models.levels import ShownLevel


def _token(name: str) -> str:
    return COLOURS[name].light.removeprefix("#").upper()


DEEP, ACCENT, AMBER = _token("header"), _token("button"), _token("focus")
INK, MUTED, WARN, LINK_INK = _token("ink"), _token("muted"), _token("warn"), _token("link")
LINE, SOFT = _token("hairline"), _token("soft")
SERIF = "Cambria"
"""Of official texts: nobody's opinion."""

TITLE, SECTION, SENTENCE, BANNER = "Tracker title", "Tracker section", "Tracker sentence", "Tracker banner"
HEADER, INPUT_HEADER, LABEL = "Tracker header", "Tracker input header", "Tracker label"
TEXT, DATE, LINK, NUMBER = "Tracker text", "Tracker date", "Tracker link", "Tracker number"
INPUT = "Tracker input"
COUNT, TOTAL, TOTAL_LABEL = "Tracker count", "Tracker total", "Tracker total label"
COUNT_HEADER, CORNER, SUBSECTION = "Tracker count header", "Tracker corner", "Tracker subsection"
BLOCK_REF, BLOCK_TITLE, QUOTE, FACTS = "Tracker ref", "Tracker block title", "Tracker quote", "Tracker facts"
POINT_REF, POINT, WHO, SAID = "Tracker point ref", "Tracker point", "Tracker who", "Tracker said"
ASIDE, COMPARED, WARNING = "Tracker aside", "Tracker compared", "Tracker warning"


class LevelColours(NamedTuple):
    """`fill` and `edge` are for charts, `soft` and `soft_edge` for cells (ink on `soft` stays above 4.5:1)."""

    fill: str
    edge: str
    soft: str
    soft_edge: str = LINE


# Planned is light with a dark edge, no entry is light without one: they differ in colour and in greyscale.
_FULLY, _PARTIALLY, _EDGE = _token("fully"), _token("partially"), _token("planned-edge")
_NOT, _REGRESSED, _OUTSIDE = _token("not-implemented"), _token("regressed"), _token("outside")
LEVEL_COLOURS: dict[ShownLevel, LevelColours] = {
    ShownLevel.FULLY_IMPLEMENTED: LevelColours(_FULLY, _FULLY, "A3CCC5"),
    ShownLevel.PARTIALLY_IMPLEMENTED: LevelColours(_PARTIALLY, _PARTIALLY, "C8E1DC"),
    ShownLevel.PLANNED: LevelColours(_token("planned"), _EDGE, "EAF4F2", _EDGE),
    ShownLevel.MIXED: LevelColours(_PARTIALLY, INK, "E3DCE9"),
    ShownLevel.NOT_IMPLEMENTED: LevelColours(_NOT, _NOT, "F4D3C0"),
    ShownLevel.REGRESSED: LevelColours(_REGRESSED, _REGRESSED, "DDB3C3"),
    ShownLevel.OVERTAKEN: LevelColours(_OUTSIDE, _OUTSIDE, "DCDFE1"),
    ShownLevel.NO_INFORMATION: LevelColours(_OUTSIDE, _OUTSIDE, "EBEBE8"),
    ShownLevel.NO_LEVEL: LevelColours(_token("card"), _token("line"), "F6F4EE"),
    ShownLevel.NO_ENTRY: LevelColours(SOFT, SOFT, _token("card")),
}
INPUT_FILL = "FFF8DC"
_BY_NAME: WeakKeyDictionary[Workbook, dict[str, StyleArray]] = WeakKeyDictionary()
"""The styles of each open workbook, as its cells hold them."""


class Look(StrEnum):
    """Of some words inside a cell."""

    PLAIN = "plain"
    BOLD = "bold"
    MUTED = "muted"


def inline_font(look: Look) -> InlineFont:
    colour = MUTED if look == Look.MUTED else INK
    return InlineFont(rFont="Calibri", sz=10, color=Color(colour), b=look == Look.BOLD)


def of_level(level: ShownLevel) -> str:
    return f"Tracker {level.value.replace('_', ' ')}"


def mark_of_level(level: ShownLevel) -> str:
    """Of the word of a level beside a text: a line in its colour, no box."""
    return f"{of_level(level)} mark"


def heading_of_level(level: ShownLevel) -> str:
    """Of a narrow column that counts the level: its word runs upwards."""
    return f"{of_level(level)} heading"


def count_of_level(level: ShownLevel) -> str:
    """Of a number of points at the level."""
    return f"{of_level(level)} count"


def solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def add_styles(workbook: Workbook) -> None:
    """Names the styles in `workbook`; cells then share them, so that a file of 20,000 rows stays small."""
    added = [*_of_tables(), *_of_pages(), *_of_blocks(), *_of_levels()]
    for style in added:
        workbook.add_named_style(style)
    _BY_NAME[workbook] = {style.name: style.as_tuple() for style in added}


def set_style(cell: Any, name: str) -> None:
    """The same as `cell.style = name`, for which openpyxl goes through a list of all names: without that an export
    takes four fifths of the time. The copy is the cell's own, because it may be given another format. `cell` is a Cell,
    whose types do not tell of `_style`."""
    cell._style = copy(_BY_NAME[cell.parent.parent][name])


def _style(
    name: str,
    *,
    font: Font | None = None,
    fill: str = "",
    horizontal: str = "left",
    vertical: str = "top",
    number_format: str = "General",
    border: Border | None = None,
    turned: int = 0,
    indent: int = 0,
) -> NamedStyle:
    alignment = Alignment(
        horizontal=horizontal, vertical=vertical, wrap_text=True, text_rotation=turned, indent=indent
    )
    return NamedStyle(
        name,
        font=font or _font(),
        fill=solid(fill) if fill else PatternFill(),
        border=border or _frame(),
        alignment=alignment,
        number_format=number_format,
    )


def _frame(colour: str = LINE, style: Any = "thin") -> Border:
    side = Side(style=style, color=colour)
    return Border(left=side, right=side, top=side, bottom=side)


def _above(colour: str = LINE, style: Any = "thin") -> Border:
    return Border(top=Side(style=style, color=colour))


def _beside(level: ShownLevel) -> Border:
    """Planned has two thin lines and what lies outside the scale a broken one, so that they differ in greyscale."""
    kinds: dict[ShownLevel, Any] = {ShownLevel.PLANNED: "double", ShownLevel.MIXED: "mediumDashDot"}
    outside = (ShownLevel.OVERTAKEN, ShownLevel.NO_INFORMATION, ShownLevel.NO_LEVEL)
    kind: Any = kinds.get(level) or ("mediumDashed" if level in outside else "thick")
    return Border(left=Side(style=kind, color=LEVEL_COLOURS[level].edge))


def _font(
    colour: str = INK, size: int = 10, *, bold: bool = False, underline: bool = False, name: str = "Calibri"
) -> Font:
    return Font(name, size, bold, color=colour, underline="single" if underline else None)


def _of_tables() -> list[NamedStyle]:
    white, bold = _font("FFFFFF", bold=True), _font(bold=True)
    dash_for_none = '0;-0;"–"'
    return [
        _style(HEADER, font=white, fill=DEEP, vertical="center"),
        _style(INPUT_HEADER, font=white, fill=ACCENT, vertical="center"),
        _style(COUNT_HEADER, font=bold, fill=SOFT, horizontal="center", vertical="bottom", turned=90),
        _style(CORNER, font=bold, fill=SOFT, vertical="bottom"),
        _style(INPUT, fill=INPUT_FILL),
        _style(LABEL, font=bold, fill=SOFT),
        _style(TEXT),
        _style(DATE, number_format="yyyy-mm-dd"),
        _style(LINK, font=_font(LINK_INK, underline=True)),
        _style(NUMBER, horizontal="right"),
        _style(COUNT, font=_font(MUTED), number_format=dash_for_none, horizontal="center"),
        _style(TOTAL, font=bold, fill=SOFT, number_format=dash_for_none, horizontal="center"),
        _style(TOTAL_LABEL, font=bold, fill=SOFT),
    ]


def _of_pages() -> list[NamedStyle]:
    return [
        _style(TITLE, font=_font(DEEP, 22, bold=True), border=Border(), vertical="center"),
        _style(SECTION, font=_font(DEEP, 14, bold=True), border=Border(), vertical="center"),
        _style(SUBSECTION, font=_font(DEEP, 11, bold=True), border=Border(), vertical="center"),
        _style(SENTENCE, font=_font(size=11), border=Border()),
        _style(BANNER, font=_font(size=14, bold=True), fill=AMBER, border=Border(), vertical="center"),
    ]


def _of_blocks() -> list[NamedStyle]:
    """Of the sheet Report: hairlines between points, a thick line above each recommendation, no boxes."""
    thick, line = _above(DEEP, "thick"), _above()
    return [
        _style(BLOCK_REF, font=_font(DEEP, 14, bold=True), border=thick),
        _style(BLOCK_TITLE, font=_font(DEEP, 12, bold=True), border=thick, indent=1),
        _style(QUOTE, font=_font(name=SERIF), border=Border()),
        _style(FACTS, font=_font(MUTED), border=Border()),
        _style(POINT_REF, font=_font(bold=True), border=line),
        _style(POINT, font=_font(bold=True), border=line, indent=1),
        _style(WHO, border=Border()),
        _style(SAID, border=Border(), indent=1),
        _style(ASIDE, font=_font(MUTED), border=Border()),
        _style(COMPARED, font=_font(MUTED), border=Border(), indent=1),
        _style(WARNING, font=_font(WARN, bold=True), border=Border()),
    ]


def _of_levels() -> list[NamedStyle]:
    """Of cells, Regressed alone is bold, so that it stands out in greyscale too; the word is always in the cell, or
    above its column."""
    bold, muted = _font(bold=True), _font(MUTED)
    fonts = {ShownLevel.REGRESSED: bold, ShownLevel.NO_ENTRY: muted}
    made = []
    for level, colours in LEVEL_COLOURS.items():
        font, fill = fonts.get(level), colours.soft
        frame = _frame(colours.soft_edge, "thin" if colours.soft_edge == LINE else "medium")
        made += [
            _style(of_level(level), fill=fill, font=font, border=frame),
            _style(mark_of_level(level), border=_beside(level), indent=1),
            _style(count_of_level(level), fill=fill, font=font, border=frame, horizontal="center"),
            _style(
                heading_of_level(level),
                fill=fill,
                font=bold,
                border=frame,
                horizontal="center",
                vertical="bottom",
                turned=90,
            ),
        ]
    return made
