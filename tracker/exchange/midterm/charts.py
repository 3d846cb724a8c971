"""Native stacked bars on the Summary, in the colours of the levels: one chart with words, others beside their rows."""

from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import NumFmt, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.descriptors import Typed
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import styles
from tracker.models.levels import ShownLevel

# What is no level that somebody gave has a pattern; Planned is light with a dark edge (`styles.LEVEL_COLOURS`).
_PATTERNS: dict[ShownLevel, tuple[Any, str, str]] = {
    ShownLevel.MIXED: ("wdUpDiag", styles.LEVEL_COLOURS[ShownLevel.PARTIALLY_IMPLEMENTED].fill, "E9B999"),
    ShownLevel.NO_INFORMATION: ("pct20", styles.LEVEL_COLOURS[ShownLevel.NO_INFORMATION].fill, "FFFFFF"),
    ShownLevel.NO_LEVEL: ("ltHorz", styles.LEVEL_COLOURS[ShownLevel.NO_LEVEL].edge, "FFFFFF"),
}
_WHITE_WORDS = {
    ShownLevel.FULLY_IMPLEMENTED,
    ShownLevel.PARTIALLY_IMPLEMENTED,
    ShownLevel.NOT_IMPLEMENTED,
    ShownLevel.REGRESSED,
    ShownLevel.OVERTAKEN,
}
_HUNDREDTHS_OF_POINT = 100
_EDGE, _DARK_EDGE = 6_350, 15_875
"""Half a point, and one and a quarter, in the units of drawings."""
_GAP_PERCENT, _WIDEST_GAP_PERCENT = 35, 500
_NARROWEST = 1 / 60
"""The smallest part of the longest bar in which a digit has room."""


class Bars(NamedTuple):
    """Rows of a table: their names stand in column A, their levels in the columns after, in this order."""

    levels: Sequence[ShownLevel]
    header_row: int
    first_row: int
    last_row: int
    longest: int


class Frame(NamedTuple):
    """Where a chart stands: columns and rows from 1, the last ones included."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


class _Labels(DataLabelList):
    """Writes the number format as the labels' own, which openpyxl does not: LibreOffice would use the format of the
    cells, in which 0 is a dash."""

    numFmt: Any = Typed(expected_type=NumFmt, allow_none=True)  # noqa: N815 - as the file names it
    __elements__ = DataLabelList.__elements__
    __nested__ = tuple(name for name in DataLabelList.__nested__ if name != "numFmt")


def add_chart(sheet: Worksheet, bars: Bars, frame: Frame, title: str) -> None:
    """With names, numbers and the key of all colours."""
    chart = _stacked(sheet, bars)
    for series, level in zip(chart.series, bars.levels, strict=True):
        series.dLbls = _numbers("FFFFFF" if level in _WHITE_WORDS else styles.INK, bars.longest)
    chart.x_axis.delete = False  # openpyxl leaves axes out unless `delete` is False
    chart.x_axis.tickLblSkip = 1
    chart.x_axis.txPr = _words(10)
    chart.x_axis.graphicalProperties = _no_line()
    chart.title = _title(title)
    chart.legend = Legend(legendPos="b", txPr=_words(10))
    _place(sheet, chart, frame)


def add_bars(sheet: Worksheet, bars: Bars, frame: Frame, lines: int) -> None:
    """Beside their rows, which are `lines` high, without words: each bar stands in the row that it draws, and is as
    thick as in a row of one line."""
    chart = _stacked(sheet, bars)
    chart.gapWidth = min((100 + _GAP_PERCENT) * lines - 100, _WIDEST_GAP_PERCENT)
    chart.x_axis.delete = True
    chart.legend = None
    chart.layout = Layout(ManualLayout("inner", "edge", "edge", x=0.01, y=0, w=0.98, h=1))
    chart.graphical_properties = _no_line()
    _place(sheet, chart, frame)


def _stacked(sheet: Worksheet, bars: Bars) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, _GAP_PERCENT
    for column, level in enumerate(bars.levels, start=2):
        values = Reference(sheet, min_col=column, min_row=bars.first_row, max_row=bars.last_row)
        chart.add_data(values)
        series = chart.series[-1]
        series.tx = _name(sheet, column, bars.header_row)
        series.graphicalProperties = _fill(level)
        series.invertIfNegative = False
    chart.set_categories(Reference(sheet, min_col=1, min_row=bars.first_row, max_row=bars.last_row))
    chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
    chart.y_axis.delete, chart.y_axis.majorGridlines = True, None
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, max(bars.longest, 1)
    return chart


def _name(sheet: Worksheet, column: int, row: int) -> Any:
    title = sheet.title.replace("'", "''")
    letter = get_column_letter(column)
    return SeriesLabel(strRef=StrRef(f"'{title}'!${letter}${row}"))


def _place(sheet: Worksheet, chart: BarChart, frame: Frame) -> None:
    """Anchored at both ends: a width in centimetres would differ from the table's where the font is missing."""
    start = AnchorMarker(col=frame.first_column - 1, row=frame.first_row - 1)
    end = AnchorMarker(col=frame.last_column, row=frame.last_row)
    anchor: Any = TwoCellAnchor("twoCell", _from=start, to=end)
    chart.anchor = anchor
    sheet.add_chart(chart)


def _title(words: str) -> Title:
    properties = ParagraphProperties(defRPr=_characters(11, styles.INK, bold=True))
    run = RegularTextRun(rPr=_characters(11, styles.INK, bold=True), t=words)
    rich = RichText(p=[Paragraph(pPr=properties, r=[run])])
    return Title(tx=Text(rich=rich), overlay=False)


def _no_line() -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(noFill=True))


def _fill(level: ShownLevel) -> GraphicalProperties:
    colours = styles.LEVEL_COLOURS[level]
    is_open = level == ShownLevel.PLANNED
    line = LineProperties(solidFill=colours.edge if is_open else "FFFFFF", w=_DARK_EDGE if is_open else _EDGE)
    if level not in _PATTERNS:
        return GraphicalProperties(solidFill=colours.fill, ln=line)
    name, colour, ground = _PATTERNS[level]
    pattern = PatternFillProperties(prst=name)
    pattern.fgClr, pattern.bgClr = _colour(colour), _colour(ground)
    return GraphicalProperties(pattFill=pattern, ln=LineProperties(solidFill=colours.edge, w=_EDGE))


def _colour(code: str) -> ColorChoice:
    rgb: Any = code  # its type names openpyxl's own descriptor
    return ColorChoice(srgbClr=rgb)


def _numbers(colour: str, longest: int) -> DataLabelList:
    """Shows the number in each segment that has room for it; the table below has all numbers."""
    least = max(1, ceil(longest * _NARROWEST))
    labels = _Labels(numFmt=NumFmt(f'[<{least}]"";0'), showVal=True, txPr=_words(10, colour))
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels


def _words(points: int, colour: str = styles.INK) -> RichText:
    properties = ParagraphProperties(defRPr=_characters(points, colour))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties())])


def _characters(points: int, colour: str, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=points * _HUNDREDTHS_OF_POINT, solidFill=colour, b=bold)
