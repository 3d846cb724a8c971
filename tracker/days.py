"""Days as people write them, and which of them can be meant.

Read are 2026-11-20, 20.11.2026, 20/11/2026 (the day comes first) and months by their names in English, Russian and
Kyrgyz, in any order: 20 ноября 2026 г., November 20, 2026, 2026-жылдын 20-ноябры. Nothing is guessed: a year has four
digits, and what is left over makes the text unreadable.
"""

import re
from datetime import date
from functools import cache
from unicodedata import normalize

from babel import Locale

from tracker.language import LANGUAGES, gettext, long_date

EARLIEST = date(1990, 1, 1)
YEARS_AHEAD = 15
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
_BESIDE = frozenset(["of", "the", "st", "nd", "rd", "th", "г", "года", "год", "ж", "жыл", "жылы", "жылдын"])
"""Words that stand beside a year or a day."""
_KYRGYZ_OF_A_YEAR = "январы февралы марты апрели майы июну июлу августу сентябры октябры ноябры декабры"
_KYRGYZ_NAMES = (
    *("үчтүн айы", "бирдин айы", "жалган куран", "чын куран", "бугу", "кулжа"),
    *("теке", "баш оона", "аяк оона", "тогуздун айы", "жетинин айы", "бештин айы"),
)


def read_day(text: str) -> date | None:
    """The day that a text names; None where it names none, or more than one could be meant."""
    parts = [part for part in _PARTS.findall(normalize("NFC", text).casefold()) if part not in _BESIDE]
    numbers = [part for part in parts if part[0].isdecimal()]
    words = " ".join(part for part in parts if not part[0].isdecimal())
    month = _months().get(words) if words else None
    if words and (month is None or len(numbers) != 2):
        return None
    return _day_of(numbers, month)


def last_day(today: date) -> date:
    """The latest day that can be meant: fifteen years ahead."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return date(today.year + YEARS_AHEAD, today.month, 28 if is_leap_day else today.day)


def why_not_meant(field: str, day: date | None, today: date) -> str | None:
    """A sentence about a day that can hardly be meant: a year that was mistyped (0206, 2206) would be published for
    good. `field` is the label of the field, because a summary of errors shows the sentence alone."""
    if day is None or EARLIEST <= day <= last_day(today):
        return None
    return gettext(
        "“%(field)s” would be %(day)s. Check the year, and enter a day from %(first)s to %(last)s",
        field=field,
        day=long_date(day),
        first=long_date(EARLIEST),
        last=long_date(last_day(today)),
    )


def _day_of(numbers: list[str], month: int | None) -> date | None:
    """`numbers`: day and year, with the month between them where it has no name; or the year first."""
    if month is not None:
        numbers = [numbers[0], str(month), numbers[1]]
    if len(numbers) != 3:
        return None
    if len(numbers[0]) == 4:
        numbers = numbers[::-1]
    day, in_year, year = numbers
    if len(year) != 4 or len(day) > 2 or len(in_year) > 2:
        return None
    try:
        return date(int(year), int(in_year), int(day))
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """The number of the month by each of its names in small letters."""
    found = {name: number for number, name in enumerate(_KYRGYZ_NAMES, start=1)}
    found |= {name: number for number, name in enumerate(_KYRGYZ_OF_A_YEAR.split(), start=1)}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                named = months[context][width].items()
                found |= {name.casefold().rstrip("."): number for number, name in named}
    return found | {"sept": 9}
