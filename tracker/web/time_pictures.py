"""The geometry of the pictures with a time axis: who said what when of a point, and the windows of the calendar.
`templates/components/pictures.html` writes them as SVG. Places are in percent of the width, heights in px, so that text
keeps its size; each picture has a wide and a narrow form, of which the style sheet shows one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from textwrap import wrap
from uuid import UUID

from tracker.language import gettext, month_of, short_date
from tracker.level_words import OUTSIDE, SCALE, level_word, voice_word
from tracker.web.pictures import Number, tidy

HEIGHTS = dict(zip(SCALE, (16, 40, 64, 92, 116), strict=True))
MIDDLE = 78
"""The line itself, where levels outside the scale stand."""
WIDE, NARROW, LETTER = 540, 300, 8
"""The narrowest width of each form, and a letter of 14 px: rather too much room than too little."""
LONGEST_NAMES = 190
BETWEEN_TICKS = 78


@dataclass(frozen=True)
class LevelGiven:
    """A level that somebody gave: voice (state, civil_society, nhri, un), when, and a short name for the picture. `id`:
    of the entry."""

    voice: str
    code: str
    on: date
    name: str
    published_at: datetime
    id: UUID

    @property
    def age(self) -> tuple[date, datetime, int]:
        """The greatest of an organisation, and of the State, is the level that stands: the rule by which
        services/levels.py finds the entry that counts."""
        return (self.on, self.published_at, -self.id.int)


@dataclass(frozen=True)
class Text:
    text: str
    x: Number
    y: Number
    anchor: str = "start"
    is_strong: bool = False


@dataclass(frozen=True)
class Timeline:
    left: Number
    right: Number
    heights: tuple[Text, ...]
    steps: tuple[tuple[Number, Number, Number, Number], ...]
    """Lines of the State, from (x, y) to (x, y)."""
    marks: tuple[tuple[str, str, Number, Number], ...]
    """Kind of mark, level, place, height."""
    names: tuple[Text, ...]
    ticks: tuple[Text, ...]
    words: str


def timeline(entries: Sequence[LevelGiven], until: date, is_wide: bool = True) -> Timeline:
    """Steps for the State, circles for civil society, diamonds for NHRI and UN; a wide one has names at its end."""
    entries = sorted((each for each in entries if each.code in (*SCALE, *OUTSIDE)), key=lambda each: each.age)
    room = WIDE if is_wide else NARROW
    names = _names(entries) if is_wide else {}
    of_state = [_height(each.code) for each in entries if each.voice == "state"][-1:]
    words = [level_word(level) for level in SCALE]
    left = 100 * (max(map(len, words)) * LETTER + 6) / room
    right = 100 - 100 * (max(map(len, names.values()), default=0) * LETTER + 12) / room if names else 98
    first = min((each.on for each in entries), default=until)
    axis = _Axis(first.replace(day=1), max(until, first + timedelta(days=30)), left + 1, right - 1)
    return Timeline(
        tidy(left),
        tidy(right),
        tuple(Text(word, 0, HEIGHTS[level] + 5) for level, word in zip(SCALE, words, strict=True)),
        _steps(entries, axis),
        tuple((_kind(each.voice), each.code, axis.place(each.on), _height(each.code)) for each in entries),
        tuple(
            Text(name, tidy(right + 1.6), height + 5, is_strong=height in of_state)
            for height, name in names.items()
        ),
        axis.ticks(int((right - left) * room / 100 // BETWEEN_TICKS)),
        _sentence(entries),
    )


@dataclass(frozen=True)
class _Axis:
    first: date
    last: date
    left: float
    right: float

    def place(self, day: date) -> Number:
        share = (day - self.first) / (self.last - self.first)
        return tidy(self.left + (self.right - self.left) * min(max(share, 0), 1))

    def ticks(self, most: int) -> tuple[Text, ...]:
        """The first months of the axis and of half years or years, so that there are at most `most`, or one."""
        starts = [self.first.replace(day=1)]
        years = range(self.first.year, self.last.year + 1)
        for step in (6, 12, 24, 60, 120):
            months = [date(year, month, 1) for year in years for month in ((1, 7) if step == 6 else (1,))]
            kept = [day for day in months if step <= 12 or day.year % (step // 12) == 0]
            starts = [day for day in kept if self.first <= day <= self.last]
            if len(starts) <= most:
                break
        starts = starts or [self.first]
        return tuple(Text(month_of(day), self.place(day), 138) for day in starts)


def _height(code: str) -> int:
    return HEIGHTS.get(code, MIDDLE)


def _kind(voice: str) -> str:
    return {"state": "square", "civil_society": "circle"}.get(voice, "diamond")


def _steps(entries: Sequence[LevelGiven], axis: _Axis) -> tuple[tuple[Number, Number, Number, Number], ...]:
    """What the State said holds until it said something else, and the last to the end."""
    stops = [(axis.place(each.on), _height(each.code)) for each in entries if each.voice == "state"]
    lines: list[tuple[Number, Number, Number, Number]] = []
    for (x, y), (later, other) in pairwise([*stops, *((tidy(axis.right), y) for _, y in stops[-1:])]):
        lines += [(x, y, later, y), (later, y, later, other)]
    return tuple(line for line in lines if line[:2] != line[2:])


def _names(entries: Sequence[LevelGiven]) -> dict[int, str]:
    """Who stands at each height now: names, or the voices where the names are too long."""
    newest = {each.voice if each.voice == "state" else each.name: each for each in entries}
    heights: dict[int, list[LevelGiven]] = {}
    for each in newest.values():
        heights.setdefault(_height(each.code), []).append(each)
    return {height: _name(said) for height, said in heights.items()}


def _name(said: Sequence[LevelGiven]) -> str:
    whole = ", ".join(dict.fromkeys(each.name for each in said))
    if len(whole) * LETTER <= LONGEST_NAMES:
        return whole
    return ", ".join(dict.fromkeys(voice_word(each.voice) for each in said))


def _sentence(entries: Sequence[LevelGiven]) -> str:
    return "; ".join(
        gettext(
            "%(name)s: %(level)s, %(day)s",
            name=each.name,
            level=level_word(each.code),
            day=short_date(each.on),
        )
        for each in entries
    )


@dataclass(frozen=True)
class Window:
    """A window of the calendar; `certainty` is a code of the milestones, `certainty_word` stands behind the name."""

    name: str
    certainty: str
    certainty_word: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Lane:
    window: Window
    kind: str
    """filled, outlined or dotted"""
    x: Number
    width: Number
    label: Text
    lines: tuple[tuple[str, str], ...]
    """The name, cut where it has no room in one line, and behind its end the word of certainty."""
    top: int


@dataclass(frozen=True)
class Calendar:
    height: int
    years: tuple[Text, ...]
    lanes: tuple[Lane, ...]
    today: Number
    is_today_right: bool
    """Its word stands to the right of the line, unless that is at the right end."""


KINDS = {"sourced": "filled", "derived": "filled", "projected": "outlined"}
HEAD, LANE, LINE_HEIGHT, FOOT = 26, 46, 19, 24
ROOMS = {True: 850, False: 286}
LEAST = 0.5
"""Percent: a single day is seen."""


def calendar(windows: Sequence[Window], today: date, is_wide: bool = True) -> Calendar:
    """From January of this year to the year of the last window; windows that ended earlier are left out."""
    last_year = max([today.year + 1, *(each.ends_on.year for each in windows)])
    axis = _Axis(date(today.year, 1, 1), date(last_year, 12, 31), 0, 100)
    room, lanes, top = ROOMS[is_wide], [], HEAD
    for window in sorted(
        (each for each in windows if each.ends_on >= axis.first),
        key=lambda each: (each.starts_on, each.ends_on),
    ):
        lane = _lane(window, axis, room, top)
        lanes.append(lane)
        top += LANE + (len(lane.lines) - 1) * LINE_HEIGHT
    spread = 1 if is_wide or last_year - today.year < 5 else 2
    years = [
        Text(str(year), axis.place(date(year, 1, 1)), 15)
        for year in range(today.year, last_year + 1)
        if (year - today.year) % spread == 0
    ]
    place = axis.place(today)
    return Calendar(top + FOOT, tuple(years), tuple(lanes), place, place < 85)


def _lane(window: Window, axis: _Axis, room: int, top: int) -> Lane:
    x = tidy(min(axis.place(window.starts_on), 100 - LEAST))
    width = tidy(max(axis.place(window.ends_on) - x, LEAST))
    lines = _lines(window, room // LETTER)
    needed = 100 * LETTER * max(len(f"{text} {word}") for text, word in lines) / room
    label = Text(window.name, x, top + 14) if x + needed <= 100 else Text(window.name, 100, top + 14, "end")
    if needed > 100:
        label = replace(label, x=0, anchor="start")
    return Lane(window, KINDS.get(window.certainty, "dotted"), x, width, label, lines, top)


def _lines(window: Window, letters: int) -> tuple[tuple[str, str], ...]:
    lines = wrap(window.name, letters) or [""]
    if len(f"{lines[-1]} {window.certainty_word}") > letters:
        lines.append("")
    return (*((line, "") for line in lines[:-1]), (lines[-1], window.certainty_word))
