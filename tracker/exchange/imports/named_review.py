"""A document of one review names its State and cycle. One of another review is refused: its numbers and headings would
fit."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.exchange.imports.rows import Asked, NotReadable
from tracker.exchange.imports.sessions import LAST_SESSION, cycle_of, read_cycle
from tracker.exchange.imports.state_names import States, fold_name
from tracker.exchange.imports.texts import clean_lines, clean_text
from tracker.language import gettext

_OF_HEADER = re.compile(
    r"\bUPR of (.{1,90}?)[ (,–—-]{0,9}(?:(\d|first|second|third|fourth) ?(?:st|nd|rd|th)? cycle\b|thematic\b|$)",
    re.IGNORECASE,
)
"""“UPR of Slovenia (3rd Cycle - 34th Session)”, above OHCHR's matrices."""
_BEHIND = re.compile(r"\bthematic\b|\bpage\b", re.IGNORECASE)
_OF_SYMBOL = re.compile(r"A/HRC/WG\.6/(\d{1,2})/([A-Z]{3})/\d")
"""Each report names the documents that were made for it, by session and State."""
_TITLE = re.compile(r"Universal\s?Periodic\s?Review[*\d]{0,3}\n++(?=([^\n]{1,90}))", re.IGNORECASE)
"""The name of the State stands beneath it on the first page."""
_FIRST_PAGES = 10_000


class OtherReview(NotReadable):
    """The document is of another State or cycle than the one asked for."""


@dataclass(frozen=True)
class NamedReview:
    """`words`: where the document says it. `cycle` is None where it says none."""

    words: str
    state_code: str
    cycle: int | None

    def is_asked(self, asked: Asked) -> bool:
        return self.state_code == asked.state_code and (
            None in (self.cycle, asked.cycle) or self.cycle == asked.cycle
        )


def refuse_other_matrix(headers: Iterable[str], asked: Asked) -> None:
    """`headers`: the lines above the pages of OHCHR's matrix. Raises `OtherReview`."""
    named = [found for line in headers if (found := _in_header(clean_text(line), asked.states))]
    if named and not any(each.is_asked(asked) for each in named):
        raise OtherReview(
            gettext(
                "The header of this document says “%(words)s”, and the review is %(review)s. Choose the matrix of this"
                " review, or upload the file to the other one. If the header is wrong, correct it in Word.",
                words=named[0].words,
                review=_asked_words(asked),
            )
        )


def refuse_other_report(text: str, asked: Asked) -> None:
    """The text of a report of the Working Group, or of its addendum. Raises `OtherReview`."""
    first = clean_lines(text[:_FIRST_PAGES])
    known = frozenset(asked.states.values())
    named = list(_of_symbols(first, known)) or list(_of_title(first, asked.states))
    if named and not any(each.is_asked(asked) for each in named):
        raise OtherReview(
            gettext(
                "The first pages of this text name “%(words)s”, and the review is %(review)s. Choose the document of"
                " this review, or upload the file to the other one. If the line is wrong, correct it in the text.",
                words=named[0].words,
                review=_asked_words(asked),
            )
        )


def _in_header(line: str, states: States) -> NamedReview | None:
    found = _OF_HEADER.search(line)
    code = states.get(fold_name(found[1])) if found else None
    if found is None or code is None:
        return None
    cycle = read_cycle(f"{found[2]} cycle") if found[2] else None
    return NamedReview(_BEHIND.split(line)[0].strip(), code, cycle)


def _of_symbols(text: str, known: frozenset[str]) -> Iterator[NamedReview]:
    for found in _OF_SYMBOL.finditer(text):
        session = int(found[1])
        if found[2] in known and 1 <= session <= LAST_SESSION:
            yield NamedReview(found[0], found[2], cycle_of(session))


def _of_title(text: str, states: States) -> Iterator[NamedReview]:
    for found in _TITLE.finditer(text):
        name = found[1].strip(" *")
        if code := states.get(fold_name(name)):
            yield NamedReview(name, code, None)


def _asked_words(asked: Asked) -> str:
    return asked.state_code if asked.cycle is None else f"{asked.state_code}-{asked.cycle}"
