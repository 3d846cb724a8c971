"""No page holds a mark that turns the direction of text: in the words of one person it would reorder the words of
others beside them. What is stored keeps it; letters of right-to-left scripts need none."""

import re

from flask import Flask, Response

_MARKS = re.compile(rb"\xd8\x9c|\xe2(?:\x80[\x8f\xaa-\xae]|\x81[\xa6-\xa9])")
"""In UTF-8: U+061C, U+200F, U+202A to U+202E, U+2066 to U+2069. None begins inside another character."""


def register(app: Flask) -> None:
    app.after_request(remove_marks)


def remove_marks(response: Response) -> Response:
    """Looks at the whole page at once: that costs less than looking at each text of it."""
    if response.mimetype == "text/html" and not response.is_streamed:
        page = response.get_data()
        if _MARKS.search(page):
            response.set_data(_MARKS.sub(b"", page))
    return response
