"""Native stacked bars over the tables of the Summary, in the colours of the levels."""

from math import ceil
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import NumFmt
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.descriptors import Typed
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.worksheet import Worksheet

from tracker.models.levels import ShownLevel

# Colour, pattern, second colour: with the patterns, readers tell the levels apart in greyscale, too.
_FILLS: dict[ShownLevel, tuple[str, Any, str]] = {
    ShownLevel.FULLY_IMPLEMENTED: ("0B4F47", "", ""),
    ShownLevel.PARTIALLY_IMPLEMENTED: ("2F7D73", "", ""),
    ShownLevel.PLANNED: ("CFE3DF", "", ""),
    ShownLevel.MIXED: ("2F7D73", "wdUpDiag", "E08A55"),
    ShownLevel.NOT_IMPLEMENTED: ("B8501F", "", ""),
    ShownLevel.REGRESSED: ("6B1838", "", ""),
    ShownLevel.OVERTAKEN: ("6A7080", "", ""),
    ShownLevel.NO_INFORMATION: ("6A7080", "pct20", "F1EFE8"),
    ShownLevel.NO_LEVEL: ("D9D6CD", "", ""),
    ShownLevel.NO_ENTRY: ("D9D6CD", "ltUpDiag", "FFFFFF"),
}
_WHITE_WORDS = {
    ShownLevel.FULLY_IMPLEMENTED,
    ShownLevel.PARTIALLY_IMPLEMENTED,
    ShownLevel.NOT_IMPLEMENTED,
    ShownLevel.REGRESSED,
    ShownLevel.OVERTAKEN,
}
_INK = "1C2230"
_HUNDREDTHS_OF_POINT = 100
_ROWS_FOR_FRAME, _ROWS_PER_BAR = 9, 1.5
_MANY_BARS = 8
_NARROWEST = 1 / 75
"""The smallest part of the longest bar in which a digit has room."""


class _Labels(DataLabelList):
    """Writes the number format as the labels' own, which openpyxl does not: LibreOffice would use the format of the
    cells, in which 0 is a dash."""

    numFmt: Any = Typed(expected_type=NumFmt, allow_none=True)  # noqa: N815 - as the file names it
    __elements__ = DataLabelList.__elements__
    __nested__ = tuple(name for name in DataLabelList.__nested__ if name != "numFmt")


def add_chart(sheet: Worksheet, *, title: str, header_row: int, totals: list[int], top: int) -> int:
    """Adds a bar for each row under the header: its name is in column A, its levels are in the columns after, and
    `totals` are the numbers of points of the rows.

    The chart begins in row `top` and is as wide as the table. Returns its last row.
    """
    chart, bars, longest = BarChart(), len(totals), max(totals)
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 35
    last_row, last_column = header_row + bars, 1 + len(ShownLevel)
    values = Reference(sheet, min_col=2, max_col=last_column, min_row=header_row, max_row=last_row)
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=header_row + 1, max_row=last_row))
    for series, level in zip(chart.series, ShownLevel, strict=True):
        series.graphicalProperties = _fill(level)
        series.dLbls = _numbers("FFFFFF" if level in _WHITE_WORDS else _INK, longest)
    _set_axes(chart)
    if longest:  # both ends: LibreOffice would begin below 0
        chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, longest
    chart.title = _title(title)
    chart.legend = Legend(legendPos="b", txPr=_words(10))
    bottom = top + _ROWS_FOR_FRAME + ceil(bars * _ROWS_PER_BAR)
    # Anchored at both ends: a width in centimetres would differ from the table's where the font is missing.
    end = AnchorMarker(col=last_column + 1, row=bottom - 1)
    anchor: Any = TwoCellAnchor("twoCell", _from=AnchorMarker(col=0, row=top), to=end)
    chart.anchor = anchor
    sheet.add_chart(chart)
    if bars > _MANY_BARS:
        # A third of the width for the names: where a name takes two lines, programs leave out every other name.
        chart.layout = Layout(ManualLayout("inner", "edge", "edge", x=0.36, y=0.09, w=0.61, h=0.79))
    return bottom


def _set_axes(chart: BarChart) -> None:
    """Puts the first row on top and the numbers below. openpyxl leaves axes out unless `delete` is False."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    lines = GraphicalProperties(ln=LineProperties(solidFill="D9D6CD"))
    chart.y_axis.majorGridlines = ChartLines(spPr=lines)
    chart.y_axis.number_format = "0"
    chart.x_axis.tickLblSkip = 1
    chart.x_axis.txPr, chart.y_axis.txPr = _words(9), _words(9)


def _title(words: str) -> Title:
    properties = ParagraphProperties(defRPr=_characters(12, _INK, bold=True))
    run = RegularTextRun(rPr=_characters(12, _INK, bold=True), t=words)
    rich = RichText(p=[Paragraph(pPr=properties, r=[run])])
    return Title(tx=Text(rich=rich), overlay=False)


def _fill(level: ShownLevel) -> GraphicalProperties:
    colour, pattern, ground = _FILLS[level]
    line = LineProperties(solidFill="FFFFFF" if not pattern else "8A8F95", w=6350)
    if not pattern:
        return GraphicalProperties(solidFill=colour, ln=line)
    hatch = PatternFillProperties(prst=pattern)
    hatch.fgClr, hatch.bgClr = _colour(colour), _colour(ground)
    return GraphicalProperties(pattFill=hatch, ln=line)


def _colour(code: str) -> ColorChoice:
    rgb: Any = code  # its type names openpyxl's own descriptor
    return ColorChoice(srgbClr=rgb)


def _numbers(colour: str, longest: int) -> DataLabelList:
    """Shows the number in each segment that has room for it; the table above has all numbers."""
    least = max(1, ceil(longest * _NARROWEST))
    labels = _Labels(numFmt=NumFmt(f'[<{least}]"";0'), showVal=True, txPr=_words(9, colour))
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels


def _words(points: int, colour: str = _INK) -> RichText:
    properties = ParagraphProperties(defRPr=_characters(points, colour))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties())])


def _characters(points: int, colour: str, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=points * _HUNDREDTHS_OF_POINT, b=bold, solidFill=colour)
