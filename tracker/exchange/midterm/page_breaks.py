"""Where the pages of the sheet Report end: between recommendations, else between points."""

from collections.abc import Sequence

from tracker.exchange.midterm.blocks import BLOCK, POINT, Row

PAGE_POINTS = 705.0
"""What a page of A4 portrait holds under the repeated header, with a little to spare: a program that breaks a page
earlier than we do would leave the rest of it empty."""
_LARGEST_GAP = 0.1
"""Of a page that is left empty so that a recommendation begins on the next one."""


def find_breaks(rows: Sequence[Row]) -> list[int]:
    """The indexes of the rows that begin a page."""
    breaks, used = [], 0.0
    for index, row in enumerate(rows):
        left = PAGE_POINTS - used
        must_stay_together = _height_of_unit(rows, index) if row.begins else row.height
        wants_page = (
            row.begins == BLOCK and left < _height_of_block(rows, index) and left < _LARGEST_GAP * PAGE_POINTS
        )
        if used and (wants_page or (left < must_stay_together <= PAGE_POINTS) or left < row.height):
            breaks.append(index)
            used = 0.0
        used += row.height
    return breaks


def _height_of_block(rows: Sequence[Row], start: int) -> float:
    return _height_until(rows, start, {BLOCK})


def _height_of_unit(rows: Sequence[Row], start: int) -> float:
    """Of a point with its entries; of a recommendation up to the end of its first point."""
    if rows[start].begins == POINT:
        return _height_until(rows, start, {BLOCK, POINT})
    first = next((index for index in range(start + 1, len(rows)) if rows[index].begins), len(rows))
    begins_point = first < len(rows) and rows[first].begins == POINT
    head = sum(row.height for row in rows[start:first])
    return head + (_height_of_unit(rows, first) if begins_point else 0)


def _height_until(rows: Sequence[Row], start: int, kinds: set[str]) -> float:
    height = rows[start].height
    for row in rows[start + 1 :]:
        if row.begins in kinds:
            return height
        height += row.height
    return height
