"""Sessions of the UPR Working Group and the cycles to which they belong, and how files write them."""

import re

FIRST_SESSIONS = {1: 1, 2: 13, 3: 27, 4: 41}
"""The first session of each cycle: 1 to 12 (2008-2011), 13 to 26 (2012-2016), 27 to 40 (2017-2022), 41 to 54
(2022-2027). Source: OHCHR, "Cycles of the UPR" (A/HRC/RES/5/1, paragraph 14; A/HRC/DEC/17/119)."""
LAST_SESSION = 54
"""Of the fourth cycle: the sessions of the fifth are not known yet."""
_SESSION = re.compile(r"(?:session\s*)?(\d{1,2})(?:\.0)?(?:st|nd|rd|th)?\b", re.IGNORECASE)
_CYCLE = re.compile(r"cycle\s*(\d)\b|\b(\d)(?:st|nd|rd|th)?\s*cycle|(\d)(?:\.0)?$", re.IGNORECASE)
_CYCLE_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def read_session(text: str) -> int | None:
    """The session that a cell names: “8”, “8.0”, “28th Session - Cycle 2”, “44 - November 2023”."""
    found = _SESSION.match(text.lstrip("-–• "))
    number = int(found[1]) if found else 0
    return number if 1 <= number <= LAST_SESSION else None


def read_cycle(text: str) -> int | None:
    """The cycle that a cell names: “2”, “Cycle 2”, “28th Session - Cycle 2”, “second cycle”."""
    found = _CYCLE.search(text.strip())
    number = int(found[1] or found[2] or found[3]) if found else 0
    if number in FIRST_SESSIONS:
        return number
    return next((cycle for word, cycle in _CYCLE_WORDS.items() if word in text.casefold()), None)


def cycle_of(session: int) -> int:
    return max(cycle for cycle, first in FIRST_SESSIONS.items() if first <= session)
