"""The looks of cells and the colours of levels, from the tokens of the product. No content, no layout."""

from copy import copy
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.workbook import Workbook

from tracker.models.levels import ShownLevel

DEEP, ACCENT, INK, LINE, SOFT, AMBER = "20305C", "0B6E69", "1C2230", "D9D6CD", "F0EEE7", "F2C14E"

TITLE, SECTION, SENTENCE, BANNER = "Tracker title", "Tracker section", "Tracker sentence", "Tracker banner"
HEADER, INPUT_HEADER, LABEL = "Tracker header", "Tracker input header", "Tracker label"
TEXT, DATE, LINK, NUMBER = "Tracker text", "Tracker date", "Tracker link", "Tracker number"
INPUT = "Tracker input"
COUNT, TOTAL, TOTAL_LABEL = "Tracker count", "Tracker total", "Tracker total label"

# Soft for cells (ink on them stays above 4.5:1); the strong ones of the pages are for charts.
SOFT_LEVEL: dict[ShownLevel, str] = {
    ShownLevel.FULLY_IMPLEMENTED: "B5D3CD",
    ShownLevel.PARTIALLY_IMPLEMENTED: "D3E8E4",
    ShownLevel.PLANNED: "F3F0DC",
    ShownLevel.MIXED: "E3DCE9",
    ShownLevel.NOT_IMPLEMENTED: "F4D3C0",
    ShownLevel.REGRESSED: "E0BFCC",
    ShownLevel.OVERTAKEN: "DCDFE1",
    ShownLevel.NO_INFORMATION: "EBEBE8",
    ShownLevel.NO_LEVEL: "F1EFE8",
    ShownLevel.NO_ENTRY: "FFFFFF",
}
INPUT_FILL = "FFF8DC"
_BY_NAME: WeakKeyDictionary[Workbook, dict[str, StyleArray]] = WeakKeyDictionary()
"""The styles of each open workbook, as its cells hold them."""


def of_level(level: ShownLevel) -> str:
    return f"Tracker {level.value.replace('_', ' ')}"


def heading_of_level(level: ShownLevel) -> str:
    """Of a column that counts the level."""
    return f"{of_level(level)} heading"


def solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def add_styles(workbook: Workbook) -> None:
    """Names the styles in `workbook`; cells then share them, so that a file of 20,000 rows stays small."""
    added = [*_of_tables(), *_of_pages(), *_of_levels()]
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
    bordered: bool = True,
) -> NamedStyle:
    side = Side(style="thin", color=LINE)
    return NamedStyle(
        name,
        font=font or _font(),
        fill=solid(fill) if fill else PatternFill(),
        border=Border(left=side, right=side, top=side, bottom=side) if bordered else Border(),
        alignment=Alignment(horizontal=horizontal, vertical=vertical, wrap_text=True),
        number_format=number_format,
    )


def _font(colour: str = INK, size: int = 10, *, bold: bool = False, underline: bool = False) -> Font:
    return Font("Calibri", size, bold, color=colour, underline="single" if underline else None)


def _of_tables() -> list[NamedStyle]:
    white, bold = _font("FFFFFF", bold=True), _font(bold=True)
    dash_for_none = '0;-0;"–"'
    return [
        _style(HEADER, font=white, fill=DEEP, vertical="center"),
        _style(INPUT_HEADER, font=white, fill=ACCENT, vertical="center"),
        _style(INPUT, fill=INPUT_FILL),
        _style(LABEL, font=bold, fill=SOFT),
        _style(TEXT),
        _style(DATE, number_format="yyyy-mm-dd"),
        _style(LINK, font=_font("1A4F8B", underline=True)),
        _style(NUMBER, horizontal="right"),
        _style(COUNT, number_format=dash_for_none, horizontal="center"),
        _style(TOTAL, font=bold, fill=SOFT, number_format=dash_for_none, horizontal="center"),
        _style(TOTAL_LABEL, font=bold, fill=SOFT),
    ]


def _of_pages() -> list[NamedStyle]:
    return [
        _style(TITLE, font=_font(DEEP, 22, bold=True), bordered=False, vertical="center"),
        _style(SECTION, font=_font(DEEP, 14, bold=True), bordered=False, vertical="center"),
        _style(SENTENCE, font=_font(size=11), bordered=False),
        _style(BANNER, font=_font(size=14, bold=True), fill=AMBER, bordered=False, vertical="center"),
    ]


def _of_levels() -> list[NamedStyle]:
    """Of cells, Regressed alone is bold, so that it stands out in greyscale too; the word is always in the cell."""
    bold = _font(bold=True)
    return [
        style
        for level, colour in SOFT_LEVEL.items()
        for style in (
            _style(of_level(level), fill=colour, font=bold if level == ShownLevel.REGRESSED else None),
            _style(heading_of_level(level), fill=colour, font=bold, vertical="center"),
        )
    ]
