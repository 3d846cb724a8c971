"""Numbers that an address or a form names: which page of a list, which of its lines."""

from flask import request

from tracker.failures import NotFound

MOST_DIGITS = 6
"""No list has more pages or lines; a database refuses numbers that are far longer."""


def page_number(name: str = "page") -> int:
    """1 without one; raises `NotFound` for what is none. `name`: of the second list of a page."""
    typed = request.args.get(name, "1")
    if not is_number(typed) or int(typed) < 1:
        raise NotFound
    return int(typed)


def is_number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) <= MOST_DIGITS
