"""The text of a Working Group report: numbered paragraphs under a sentence that says what the State answered.

Pages leave their marks in such a text: lines break inside recommendations; headers, footers and footnotes stand
between them.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.codes import Position
from tracker.exchange.imports.named_review import refuse_other_report
from tracker.exchange.imports.position_words import position_of_sentence
from tracker.exchange.imports.readings import Reading
from tracker.exchange.imports.rows import Asked, FileRow, Layout, NotReadable, Problem, ReadFile
from tracker.exchange.imports.state_names import find_states
from tracker.exchange.imports.texts import clean_lines, join_lines, split_ref
from tracker.language import gettext

_ITEM = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(?!\d)|\s|(?=[A-Z]))\s*(?=\S|$)")
_PARAGRAPH = re.compile(r"(\d{1,3})\.(?:\s+(.*))?$")
_FURNITURE = re.compile(
    r"^(?:A/HRC/[\w./]+|GE\.\d\d-\d+.*|\d{1,3}|[|\d\s]*A/HRC/[\w./]+[|\d\s]*|United Nations|_{5,}|\*+)$"
)
"""Lines of the head and foot of a page."""
_FOOTNOTE = re.compile(r"\d{1,2}\s+(?:The original|As read|See|The recommendation|Original)\b")
_ENDED = re.compile(r"\)\s*\d{0,3}\s*[;.]?\s*$")
_HEADING = re.compile(r"(?:Annex|[IVX]{1,4}\.\s+\S.*|Composition of the delegation)\b")
_SYMBOL = re.compile(r"A/HRC/\d+/\d+(?:/Add\.\d+)?")
_MOST_MISSING = 20


@dataclass
class _Item:
    line: int
    number: tuple[int, int]
    position: Position | None
    lines: list[str]

    @property
    def ref(self) -> str:
        return ".".join(map(str, self.number))


@dataclass
class _Pages:
    items: list[_Item] = field(default_factory=list)
    paragraph: int = 0
    sentence: list[str] = field(default_factory=list)
    item: _Item | None = None
    after_blank: bool = False


def read_working_group_report(text: str, asked: Asked) -> ReadFile:
    """Each paragraph 76.1, 76.2 … is a row. A number that is missing between two others is told."""
    refuse_other_report(text, asked)
    pages = _Pages()
    for number, line in enumerate(clean_lines(text).split("\n"), start=1):
        _read_line(pages, number, line)
    if not pages.items:
        raise NotReadable(
            gettext(
                "No numbered recommendations (76.1, 76.2 …) were found in this text. Choose the report of the Working"
                " Group as text, or OHCHR's matrix."
            )
        )
    symbol = _SYMBOL.search(text[:5_000])
    gathered = Reading(asked)
    for item in pages.items:
        gathered.place = gettext("line %(line)s", line=item.line)
        if gathered.is_full():
            break
        _add(gathered, item, symbol[0] if symbol else "")
    return ReadFile(Layout.WORKING_GROUP, tuple(gathered.rows), (*gathered.problems, *_missing(pages.items)))


def _read_line(pages: _Pages, number: int, line: str) -> None:
    if not line or _FURNITURE.match(line):
        pages.after_blank = pages.after_blank or not line
        return
    if (found := _ITEM.match(line)) and _follows(pages, int(found[1]), int(found[2])):
        last = pages.items[-1] if pages.items else None
        goes_on = last is not None and last.number[0] == int(found[1])
        position = last.position if last and goes_on else position_of_sentence(" ".join(pages.sentence))
        pages.item = _Item(number, (int(found[1]), int(found[2])), position, [line])
        pages.items.append(pages.item)
    elif (found := _PARAGRAPH.match(line)) and _is_next(pages, int(found[1])):
        pages.paragraph, pages.item = int(found[1]), None
        pages.sentence = [found[2] or ""]
    elif pages.item is not None:
        _continue(pages, pages.item, line)
    else:
        pages.sentence.append(line)
    pages.after_blank = False


def _follows(pages: _Pages, paragraph: int, number: int) -> bool:
    """Whether 76.12 is an item here, and no figure at the beginning of a line."""
    last = pages.items[-1].number if pages.items else (0, 0)
    if paragraph == last[0]:
        return last[1] < number <= last[1] + _MOST_MISSING or number == last[1]
    return number <= 3 and (paragraph == pages.paragraph or paragraph > last[0])


def _is_next(pages: _Pages, paragraph: int) -> bool:
    """Paragraphs are counted through; a list of items may begin without one."""
    last = pages.items[-1].number[0] if pages.items else 0
    return max(pages.paragraph, last) < paragraph <= max(pages.paragraph, last) + _MOST_MISSING


def _continue(pages: _Pages, item: _Item, line: str) -> None:
    """A line behind an item belongs to it, until a footnote follows, or a blank line or heading behind its end."""
    ended = bool(_ENDED.search(item.lines[-1])) and not line.startswith("(")
    if _FOOTNOTE.match(line) or (ended and (pages.after_blank or _HEADING.match(line))):
        pages.item = None
        pages.sentence = [line]
    else:
        item.lines.append(line)


def _add(gathered: Reading, item: _Item, symbol: str) -> None:
    _, text = split_ref(join_lines("\n".join(item.lines)))
    if not text:
        gathered.refuse(gettext("The number %(ref)s has no text.", ref=item.ref))
        return
    found = find_states(text, gathered.asked.states)
    gathered.check_states(found.codes, found.unknown)
    if item.position is None:
        gathered.doubt(gettext("The text does not say what the State answered."))
    gathered.rows.append(
        FileRow(
            gathered.place,
            found.text or text,
            item.ref,
            state_code=gathered.asked.state_code,
            state_codes=found.codes,
            unknown_states=found.unknown,
            position=item.position,
            position_source=f"{symbol}, {item.number[0]}" if symbol and item.position else "",
            symbol=symbol,
        )
    )


def _missing(items: list[_Item]) -> list[Problem]:
    """Numbers that stand between two others and are not there, or are there twice."""
    problems: list[Problem] = []
    for before, item in pairwise(items):
        place = gettext("line %(line)s", line=item.line)
        if item.number == before.number:
            problems.append(Problem(place, gettext("The number %(ref)s is there twice.", ref=item.ref)))
        elif item.number[0] == before.number[0] and item.number[1] > before.number[1] + 1:
            problems.append(
                Problem(
                    place,
                    gettext(
                        "Between %(before)s and %(ref)s numbers are missing. Compare with the report.",
                        before=before.ref,
                        ref=item.ref,
                    ),
                )
            )
    return problems
