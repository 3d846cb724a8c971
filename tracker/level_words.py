"""The short words for levels and voices, in counts and ranges: one place for pages, pictures and files.

The full labels of forms and entries stand in `models/levels.py`. A point is a tuple of level codes, one for each
organisation of a voice that made an entry: () is no entry, ("planned", "regressed") a range.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tracker.language import gettext, mark, mark_in, ngettext

Point = Sequence[str]

SCALE = ("fully_implemented", "partially_implemented", "planned", "not_implemented", "regressed")
"""The levels with a place on the scale, best first."""
OUTSIDE = ("overtaken", "no_information")
"""Levels without a place on it."""
ORDER = (*SCALE[:3], "mixed", *SCALE[3:], *OUTSIDE, "no_level", "no_entry")
"""The order of segments and of words in a count."""
_WORDS = {
    "fully_implemented": mark("fully"),
    "partially_implemented": mark("partially"),
    "planned": mark("planned"),
    "mixed": mark("a range"),
    "not_implemented": mark("not implemented"),
    "regressed": mark("regressed"),
    "overtaken": mark("overtaken"),
    "no_information": mark("no information"),
    "no_level": mark("entry, no level"),
    "no_entry": mark("no entry"),
}

_VOICES = {
    "state": mark_in("in a sentence", "State"),
    "civil_society": mark("civil society"),
    "nhri": mark("NHRI"),
    "un": mark("UN"),
}


def level_word(code: str) -> str:
    """fully, not implemented, no entry"""
    return gettext(_WORDS[code])


def voice_word(code: str) -> str:
    """State, civil society"""
    return gettext(_VOICES[code])


def distinct_levels(point: Point) -> tuple[str, ...]:
    """What a picture of the point draws: each level once, best first. An entry without a level counts only where no
    entry has one."""
    found = set(point)
    levels = found - {"no_level", "no_entry"} or found - {"no_entry"}
    return tuple(sorted(levels, key=ORDER.index)) or ("no_entry",)


def code_of(point: Point) -> str:
    """What a count counts the point as: `mixed` where its organisations give different levels."""
    levels = distinct_levels(point)
    return levels[0] if len(levels) == 1 else "mixed"


def counts_of(points: Iterable[Point]) -> dict[str, int]:
    """How many points are counted as what, in the order of the words."""
    counted = Counter(code_of(point) for point in points)
    return {code: counted[code] for code in ORDER if counted[code]}


def words_of_count(code: str, number: int) -> str:
    """3 partially; 1 range; 2 entries without a level"""
    match code:
        case "fully_implemented":
            return ngettext("%(num)s fully", "%(num)s fully", number)
        case "partially_implemented":
            return ngettext("%(num)s partially", "%(num)s partially", number)
        case "planned":
            return ngettext("%(num)s planned", "%(num)s planned", number)
        case "mixed":
            return ngettext("%(num)s range", "%(num)s ranges", number)
        case "not_implemented":
            return ngettext("%(num)s not implemented", "%(num)s not implemented", number)
        case "regressed":
            return ngettext("%(num)s regressed", "%(num)s regressed", number)
        case "overtaken":
            return ngettext("%(num)s overtaken", "%(num)s overtaken", number)
        case "no_information":
            return ngettext("%(num)s no information", "%(num)s no information", number)
        case "no_level":
            return ngettext("%(num)s entry without a level", "%(num)s entries without a level", number)
        case _:
            return ngettext("%(num)s no entry", "%(num)s no entry", number)


def words_of_counts(counts: Mapping[str, int]) -> str:
    """1 planned, 3 no entry; and "no entry" alone where nobody made one."""
    shown = [code for code in ORDER if counts.get(code)]
    if shown in ([], ["no_entry"]):
        return level_word("no_entry")
    return ", ".join(words_of_count(code, counts[code]) for code in shown)


def words_of_range(levels: Point, organisations: int | None = None) -> str:
    """regressed to partially, 2 organisations. Only levels of the scale form a range, lowest first; others follow.
    Without `organisations` each level is that of one of them."""
    given = distinct_levels(levels)
    placed = [level for level in reversed(given) if level in SCALE]
    ends = [placed[0], placed[-1]] if len(placed) > 1 else placed
    said = " ".join(map(level_word, ends))
    if len(ends) == 2:
        said = gettext("%(lowest)s to %(highest)s", lowest=level_word(ends[0]), highest=level_word(ends[1]))
    others = [level_word(level) for level in given if level not in SCALE]
    number = len(levels) if organisations is None else organisations
    return ", ".join(
        [
            *([said] if said else []),
            *others,
            ngettext("%(num)s organisation", "%(num)s organisations", number),
        ]
    )


def words_of_point(point: Point, organisations: int | None = None) -> str:
    """The word alone, or the range."""
    levels = distinct_levels(point)
    return level_word(levels[0]) if len(levels) == 1 else words_of_range(point, organisations)


def words_of_points(points: Sequence[Point]) -> str:
    """What stands beside a strip, and says it: the word of a single point, else the counts."""
    return words_of_point(points[0]) if len(points) == 1 else words_of_counts(counts_of(points))
