"""Draws a picture with its macro and reads the SVG back."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

from jinja2 import Environment, FileSystemLoader

from config import ROOT
from tracker import level_words
from tracker.language import translate, translate_plural
from tracker.web import pictures, time_pictures

ENVIRONMENT = Environment(
    loader=FileSystemLoader(ROOT / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
ENVIRONMENT.install_gettext_callables(translate, translate_plural, newstyle=True)  # type: ignore[attr-defined]
ENVIRONMENT.globals.update(pictures=pictures, time_pictures=time_pictures, level_words=level_words)
FILES = ("components/pictures.html", "components/axis_pictures.html")
MACROS = {
    name: macro for file in FILES for name, macro in vars(ENVIRONMENT.get_template(file).module).items()
}


def draw(macro: str, *values: Any) -> Element:
    """Everything that the macro writes, below one element."""
    return fromstring(f"<drawn>{MACROS[macro](*values)}</drawn>")  # our own markup


def with_class(drawn: Element, name: str) -> list[Element]:
    return [each for each in drawn.iter() if name in each.get("class", "").split()]


def number(element: Element, name: str) -> float:
    return float(element.get(name, "0").rstrip("%"))


def read_levels(drawn: Element) -> list[str]:
    """The level of each shape, by its form and its place on the line alone; its class must say the same."""
    levels = []
    for shape in with_class(drawn, "shape"):
        level = _level_of(shape)
        said = shape.get("class", "").removeprefix("shape shape--")
        assert said == level or (level == "overtaken" and said == "no_information")
        levels.append(said)
    return levels


def _level_of(shape: Element) -> str:
    if shape.tag == "circle":
        assert number(shape, "cy") % 28 == 15.5
        return "no_entry" if shape.get("class") == "shape shape--no_entry" else "overtaken"
    top, height = number(shape, "y") % 28, number(shape, "height")
    if top >= 15.5:
        return "not_implemented" if height < 8 else "regressed"
    if top + height > 15.5:
        return "no_level"
    return "planned" if height < 6 else "partially_implemented" if height < 12 else "fully_implemented"
