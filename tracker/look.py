"""The colours of the product, in light and in dark: the one list that pages, print and workbooks take theirs from.

The style sheet repeats it as custom properties (`web/theme/_tokens.scss`); a test compares the two and computes the
contrasts. How a level is drawn with them: `web/pictures.py`.
"""

from typing import NamedTuple


class Colour(NamedTuple):
    light: str
    dark: str


COLOURS: dict[str, Colour] = {
    # grounds
    "paper": Colour("#fbfaf7", "#14171d"),
    "card": Colour("#ffffff", "#1b1f27"),
    "soft": Colour("#f1efe8", "#232831"),
    "tint": Colour("#f6e9e2", "#33231f"),  # under warn
    "notice": Colour("#fdf3d3", "#2e2a1b"),
    # text
    "ink": Colour("#1c2230", "#e9e6df"),
    "muted": Colour("#4f5666", "#b0b4be"),
    "link": Colour("#1a4f8b", "#93bdf0"),
    "warn": Colour("#8f2d1b", "#f0a58f"),  # disagreement and errors
    # surfaces with a text of their own
    "button": Colour("#0b5f59", "#8fd3c7"),
    "button-text": Colour("#ffffff", "#10211f"),
    "header": Colour("#20305c", "#0d1428"),
    "header-text": Colour("#ffffff", "#ffffff"),
    "focus": Colour("#f2c14e", "#f2c14e"),
    "focus-text": Colour("#1c2230", "#1c2230"),
    # levels
    "fully": Colour("#0b4f47", "#a9e5d9"),
    "partially": Colour("#2f7d73", "#57a99d"),
    "planned": Colour("#cfe3df", "#24423e"),  # the inside of an open column
    "planned-edge": Colour("#2f7d73", "#57a99d"),
    "not-implemented": Colour("#b8501f", "#e08a55"),
    "regressed": Colour("#6b1838", "#d9729b"),
    "outside": Colour("#6a7080", "#9aa0ac"),  # overtaken, no information, an entry without a level
    # lines
    "line": Colour("#8b8a82", "#7d818b"),  # of the pictures: no entry
    "bar": Colour("#20305c", "#93bdf0"),  # begins a subject, a window of the calendar
    "hairline": Colour("#d9d6cd", "#3b414c"),  # decoration
}
