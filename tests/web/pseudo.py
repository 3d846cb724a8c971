"""What the pseudo-language leaves over on pages and in files: words outside ⟦…⟧ that no database holds."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Enum, String, Text, select
from sqlalchemy.orm import Session

from tests.strict_client import HTML
from tracker.exchange.evidence import FileKind
from tracker.models.base import Base
from tracker.web.milestones.dates import REF

INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
LETTER = re.compile(r"[^\W\d_]")
FIXED = frozenset({"English", "Русский", "Кыргызча", *(kind.upper() for kind in FileKind)})
"""Names of languages in their own words, and of kinds of files."""
CODES = re.compile(
    r"[A-Z]{3}-\d+(-live)?"  # a review or an edition
    r"|[AB]\d+(\.\d+)?"  # a recommendation or a point
    r"|\d+\.[0-9a-z]{1,2}"  # a development target
    r"|\d{4}-\d{2}-\d{2}"
    r"|https?://\S+"
    r"|\[(en|ky|ru)\]"  # the language of an entry
)
BORDER = re.compile(r"[\s·,:;()×–/|.]")
CODE_COLUMNS = frozenset({"key", "code", "scheme", "verb", "subject", "name"})
SHOWN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-label")
UNREAD = {f"{HTML}{tag}" for tag in ("script", "style", "code", "textarea")}
"""Commands, and what somebody typed."""
LINE = "{http://www.w3.org/2000/svg}tspan"
"""A name in a picture is cut into lines."""
BUTTONS = ("submit", "button", "reset")


def read_data(session: Session) -> frozenset[str]:
    """Every text that the database holds, enumerations and keys left out: those are words of the code."""
    found: set[str] = set(FIXED)
    for table in Base.metadata.sorted_tables:
        columns = [
            column
            for column in table.columns
            if (column.name not in CODE_COLUMNS or table.name == "evidence")
            and not isinstance(column.type, Enum)
            and (isinstance(column.type, String | Text) or column.type.__class__.__name__ == "JSON")
        ]
        if columns:
            for row in session.execute(select(*columns)):
                for column, value in zip(columns, row, strict=True):
                    is_named = column.name in (
                        "names",
                        "translations",
                    )  # other objects hold words of the code
                    found.update(_texts([*value.values()] if is_named and value else value))
    return frozenset(joined(text) for text in found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.splitlines()
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def joined(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=50_000)  # the frame and the filters are the same words on every page
def left_over(text: str, data: frozenset[str]) -> str:
    """What is neither marked nor data; empty when all is well."""
    before = None
    while before != text:
        before, text = text, INNERMOST.sub(" | ", text)
    text = joined(text)
    return "" if _is_data(text, data) else text


def _is_data(text: str, data: frozenset[str]) -> bool:
    """Whole values of the database, codes and dates, one after another with only punctuation between."""
    ends = {0, len(text)} | {at for found in BORDER.finditer(text) for at in found.span()}
    reached = {0}
    for start in sorted(ends):
        if start in reached:
            reached |= {end for end in ends if end > start and _is_whole(text[start:end].strip(), data)}
    return len(text) in reached


def _is_whole(part: str, data: frozenset[str]) -> bool:
    return not LETTER.search(part) or part in data or CODES.fullmatch(part) is not None


def shown_texts(document: Any) -> Iterator[str]:
    """Every text and every attribute that people see or hear, each with what `_is_inside` its sentence."""
    for node in document.iter():
        if not isinstance(node.tag, str):
            continue
        text = "" if node.tag in UNREAD else node.text or ""
        for child in node:
            if child.tag == LINE:
                text += ("" if text.endswith("-") else " ") + (child.text or "") + (child.tail or "").rstrip()
            elif _is_inside(node, child):
                text += (child.text or "") + (child.tail or "")
            else:
                yield text
                text = child.tail or ""
        if node.tag != LINE:  # it was read with the others of its name
            yield text
        for name in SHOWN_ATTRIBUTES:
            yield node.get(name) or ""
        if node.tag == f"{HTML}input" and node.get("type") in BUTTONS:
            yield node.get("value") or ""


def _is_inside(node: Any, child: Any) -> bool:
    """Bold words, a username in a heading, and a link at the ref that a note names."""
    if len(child):
        return False
    is_ref = child.tag == f"{HTML}a" and REF.fullmatch(child.text or "") is not None
    return child.tag == f"{HTML}strong" or (node.tag, child.tag) == (f"{HTML}h1", f"{HTML}span") or is_ref
