"""The style sheet has the colours of tracker/look.py, and each can be told from its ground."""

import re

import pytest

from config import ROOT
from tracker.look import COLOURS

TOKENS = (ROOT / "tracker" / "web" / "theme" / "_tokens.scss").read_text(encoding="utf-8")
BUILT = (ROOT / "tracker" / "static" / "app.css").read_text(encoding="utf-8")
SIDES = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *[
        (ink, ground, TEXT)
        for ink in ("ink", "muted", "link", "warn")
        for ground in ("paper", "card", "soft")
    ],
    *[("warn", "tint", TEXT), ("ink", "notice", TEXT), ("link", "notice", TEXT)],
    *[("button-text", "button", TEXT), ("header-text", "header", TEXT), ("focus-text", "focus", TEXT)],
    *[(shape, "paper", SHAPE) for shape in ("fully", "partially", "planned-edge", "not-implemented")],
    *[(shape, "paper", SHAPE) for shape in ("regressed", "outside", "line", "bar", "button")],
]


def values(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#\w{6});", block))


def blocks() -> dict[str, dict[str, str]]:
    light, _, rest = TOKENS.partition("@media screen and (prefers-color-scheme: dark)")
    return {"light": values(light), "dark": values(rest.partition("@media print")[0])}


def lightness(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(lightness, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("side", SIDES)
def test_the_style_sheet_has_the_same_colours(side: str) -> None:
    assert blocks()[side] == {name: getattr(colour, side) for name, colour in COLOURS.items()}


def test_the_built_style_sheet_is_made_of_them() -> None:
    for name, colour in COLOURS.items():
        for value in colour:
            short = re.sub(r"#(.)\1(.)\2(.)\3$", r"#\1\2\3", value)
            assert re.search(rf"--{name}:\s?({value}|{short}|white|black)[;}}]", BUILT), (name, value)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("colour", "ground", "least"), PAIRS)
def test_each_colour_can_be_told_from_its_ground(colour: str, ground: str, least: float, side: str) -> None:
    pair = [getattr(COLOURS[name], side) for name in (colour, ground)]
    assert contrast(*pair) >= least


def test_the_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
