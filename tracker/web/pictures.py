"""The geometry of the pictures of levels: marks, strips, bars, squares, gaps. `templates/components/pictures.html`
writes them as SVG; pictures with a time axis are in `web/time_pictures.py`.

A level is a column on a line: above it something was done or decided, below it nothing was done or it was undone, a dot
on the line is silence. A point is a tuple of level codes (`tracker/level_words.py`). Nothing here reads a database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.language import gettext
from tracker.level_words import (
    ORDER,
    SCALE,
    Point,
    distinct_levels,
    level_word,
    voice_word,
    words_of_count,
    words_of_counts,
    words_of_point,
    words_of_points,
)

HEIGHT, LINE = 28, 15.5
"""Of a mark and of a row of a strip: 15 px above the line, 12 below it."""
COLUMNS = {
    "fully_implemented": (1, 14),
    "partially_implemented": (6, 9),
    "planned": (10.4, 4),
    "not_implemented": (16, 5),
    "regressed": (16, 11),
}
"""Top and height. The edge of the open column, planned, is 1.2 px and lies half outside."""
EDGE = 1.2
RING, DOT, DASH = 3.4, 1.5, 3
"""Radius of the ring (a level outside the scale) and of the dot (no entry); height of the dash (entry, no level)."""
SIZES = {"list": (10, 3, 24), "home": (6, 1, 44)}
"""Width of a column, space between two, and how many stand in one row."""
Number = int | float


@dataclass(frozen=True)
class Shape:
    """A rectangle; a circle around (x, y) where it has a radius."""

    code: str
    x: Number
    y: Number
    width: Number = 0
    height: Number = 0
    radius: Number = 0


@dataclass(frozen=True)
class Picture:
    width: Number
    height: Number
    lines: tuple[tuple[Number, Number], ...]
    """Height and length of each."""
    shapes: tuple[Shape, ...]
    words: str


def tidy(number: float) -> Number:
    """At most two decimals, none where there is nothing behind the point."""
    rounded = round(number, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def mark(point: Point) -> Picture:
    """A single level, to stand beside its word; a range in columns of half the width."""
    return Picture(16, HEIGHT, ((LINE, 16),), tuple(_columns(point, 2.5, 11, 0)), words_of_point(point))


def strip(points: Sequence[Point], size: str = "list") -> Picture:
    """A column for each point, in their order; a new row where one would be wider than a phone."""
    column, space, per_row = SIZES[size]
    step, shapes = column + space, []
    for place, point in enumerate(points):
        row, number = divmod(place, per_row)
        shapes += _columns(point, number * step, column, row * HEIGHT)
    rows = [len(points[first : first + per_row]) for first in range(0, len(points), per_row)]
    lines = tuple((row * HEIGHT + LINE, number * step - space) for row, number in enumerate(rows))
    width = max((length for _, length in lines), default=0)
    return Picture(width, len(rows) * HEIGHT, lines, tuple(shapes), words_of_points(points))


def _columns(point: Point, left: float, width: float, top: float) -> list[Shape]:
    """The columns of a point side by side, 1 px apart, which together are `width` wide."""
    levels = distinct_levels(point)
    each = (width - len(levels) + 1) / len(levels)
    return [_column(level, left + number * (each + 1), each, top) for number, level in enumerate(levels)]


def _column(code: str, left: float, width: float, top: float) -> Shape:
    if code in COLUMNS:
        y, height = COLUMNS[code]
        inset = EDGE / 2 if code == "planned" else 0
        return Shape(code, tidy(left + inset), tidy(top + y), tidy(width - 2 * inset), height)
    if code == "no_level":
        return Shape(code, tidy(left), tidy(top + LINE - DASH / 2), tidy(width), DASH)
    radius = DOT if code == "no_entry" else min(RING, (width - 1.3) / 2)
    return Shape(code, tidy(left + width / 2), tidy(top + LINE), radius=tidy(min(radius, width / 2)))


@dataclass(frozen=True)
class Segment:
    """A part of a bar, in percent of its width: one box, or two for a range, which stands on both sides of the line."""

    code: str
    x: Number
    width: Number
    boxes: tuple[tuple[Number, Number], ...]
    is_thin: bool
    """So narrow that it needs an edge to be seen."""


@dataclass(frozen=True)
class Label:
    text: str
    x: Number
    y: Number
    anchor: str = "start"
    is_muted: bool = False


@dataclass(frozen=True)
class Bar:
    segments: tuple[Segment, ...]
    wide: tuple[Label, ...]
    middle: tuple[Label, ...]
    """For each width; none where they would not fit: then the words stand below the bar."""
    words: str


BOXES: dict[str, tuple[tuple[Number, Number], ...]] = {
    "fully_implemented": ((22, 22),),
    "partially_implemented": ((30, 14),),
    "planned": ((37.6, 5.8),),
    "mixed": ((37, 7), (45, 7)),
    "not_implemented": ((45, 7),),
    "regressed": ((45, 15),),
    "overtaken": ((41, 7),),
    "no_information": ((41, 7),),
    "no_level": ((43, 3),),
}
"""Top and height of each segment, on a line at 44.5."""
UPPER, LOWER = (
    ("fully_implemented", "partially_implemented", "planned", "mixed"),
    ("not_implemented", "regressed"),
)
ABOVE, BESIDE, BELOW = 15, 36, 75
"""Where the text of a label stands: over the columns, on the empty line, under the columns."""
WIDE, MIDDLE = 850, 630
"""Width of a bar in a window of 1120 px and of 900 px; there are labels for each."""
SPACE = 6
"""Between two labels."""
LETTERS = {
    **dict.fromkeys("ijlI|', .;:", 5),
    **dict.fromkeys("frt()-", 7),
    **dict.fromkeys("mwMWшщжмюыф", 14),
}
OTHERS = {True: 9, False: 9.6}
"""Digits, and all others: bold, 15 px, rather too wide."""
THIN = 0.4


def bar(counts: Mapping[str, int], total: int) -> Bar:
    """How many of `total` points bear each level, sorted and merged. What is not counted is no entry."""
    silent = total - sum(number for code, number in counts.items() if code != "no_entry")
    if silent < 0:
        raise ValueError(f"{counts} are more than {total}")
    counted = {code: counts.get(code, 0) for code in ORDER} | {"no_entry": silent}
    segments, drawn = [], 0
    for code, boxes in BOXES.items():
        if counted[code]:
            x, width = 100 * drawn / total, 100 * counted[code] / total
            segments.append(Segment(code, tidy(x), tidy(width), boxes, width < THIN))
            drawn += counted[code]
    wide, middle = (_labels(segments, counted, room) for room in (WIDE, MIDDLE))
    return Bar(tuple(segments), wide, middle if wide else (), words_of_counts(counted))


def _labels(segments: list[Segment], counted: Mapping[str, int], room: int) -> tuple[Label, ...]:
    """On the columns, each from its left edge; the rest at the right end, above the line or, without room, below it."""
    end = max((each.x + each.width for each in segments), default=0)
    above = _row([each for each in segments if each.code in UPPER], counted, room)
    below = _row([each for each in segments if each.code in LOWER], counted, room)
    codes = [code for code in ORDER if counted[code] and code not in UPPER + LOWER]
    rest = ", ".join(words_of_count(code, counted[code]) for code in codes)
    if above is None or below is None:
        return ()
    y = BESIDE
    if end * room / 100 + SPACE > room - text_width(rest) and rest:
        y = BELOW
        if any(label.anchor == "end" for label in below) or _end(below, room) + SPACE > room - text_width(
            rest
        ):
            return ()
    labels = [Label(label.text, label.x, ABOVE, label.anchor) for label in above]
    labels += [Label(label.text, label.x, BELOW, label.anchor) for label in below]
    return (*labels, *([Label(rest, 100, y, "end", is_muted=True)] if rest else []))


def _row(segments: list[Segment], counted: Mapping[str, int], room: int) -> list[Label] | None:
    """Labels that would touch become one; the last is moved to the left where it would not end within the bar."""
    row: list[Label] = []
    for segment in segments:
        text = words_of_count(segment.code, counted[segment.code])
        if row and _end(row, room) + SPACE > segment.x * room / 100:
            row[-1] = Label(f"{row[-1].text}, {text}", row[-1].x, 0)
        else:
            row.append(Label(text, segment.x, 0))
    while row and _end(row, room) > room:
        last = row.pop()
        if text_width(last.text) > room:
            return None
        if not row or _end(row, room) + SPACE <= room - text_width(last.text):
            return [*row, Label(last.text, 100, 0, "end")]
        row[-1] = Label(f"{row[-1].text}, {last.text}", row[-1].x, 0)
    return row


def _end(row: list[Label], room: int) -> float:
    return row[-1].x * room / 100 + text_width(row[-1].text) if row else 0


def text_width(text: str) -> float:
    """Pixels that a bold text of 15 px takes at most in the usual fonts."""
    return sum(LETTERS.get(letter, OTHERS[letter.isdigit()]) for letter in text)


@dataclass(frozen=True)
class Squares:
    width: Number
    height: Number
    squares: tuple[tuple[str, Number, Number], ...]
    """Kind, left, top."""
    words: str


SQUARES_IN_A_ROW, SQUARE_STEP = 24, 18


def count_squares(contradict: int, differ: int, agree: int) -> Squares:
    """A square for each point on which the State and another voice both give a level."""
    kinds = ["contradicts"] * contradict + ["differs"] * differ + ["agrees"] * agree
    placed = tuple(
        (kind, place % SQUARES_IN_A_ROW * SQUARE_STEP, place // SQUARES_IN_A_ROW * SQUARE_STEP)
        for place, kind in enumerate(kinds)
    )
    width = max((x for _, x, _ in placed), default=0) + SQUARE_STEP - 4
    height = max((y for _, _, y in placed), default=0) + SQUARE_STEP - 4
    words = gettext(
        "%(contradict)s contradict, %(differ)s differ, %(agree)s agree",
        **{"contradict": contradict, "differ": differ, "agree": agree},
    )
    return Squares(width, height, placed, words)


@dataclass(frozen=True)
class Gap:
    """A line with a tick for each place of the scale, and who stands where."""

    ticks: tuple[Number, ...]
    ends: tuple[Number, Number] | None
    """Of the thick line, which is the gap."""
    marks: tuple[tuple[str, Number], ...]
    """Kind of mark and place, the outermost first."""
    words: str


TICKS = dict(zip(reversed(SCALE), (15, 65, 115, 165, 215), strict=True))


def gap(levels: Mapping[str, Point]) -> Gap:
    """Levels of each voice (state, civil_society, nhri, un) on one point. A level without a place is left to the words.
    A voice that says the same as the State is a ring around its square."""
    state = next((TICKS[each] for each in levels.get("state", ()) if each in TICKS), None)
    circles = {TICKS[each] for each in levels.get("civil_society", ()) if each in TICKS}
    others = (*levels.get("nhri", ()), *levels.get("un", ()))
    diamonds = {TICKS[each] for each in others if each in TICKS}
    marks = [("diamond-around" if x in circles or x == state else "diamond", x) for x in sorted(diamonds)]
    marks += [("circle-around" if x == state else "circle", x) for x in sorted(circles)]
    marks += [("square", state)] if state is not None else []
    places = sorted({x for _, x in marks})
    ends = (places[0], places[-1]) if len(places) > 1 else None
    return Gap(tuple(TICKS.values()), ends, tuple(marks), _who_says(levels))


def _who_says(levels: Mapping[str, Point]) -> str:
    voices = ("state", "civil_society", "nhri", "un")
    return "; ".join(
        f"{voice_word(voice)}: {', '.join(map(level_word, distinct_levels(levels[voice])))}"
        for voice in voices
        if levels.get(voice)
    )
