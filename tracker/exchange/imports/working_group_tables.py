"""Tables that were made of Working Group reports: one row per recommendation and recommending State, the number glued
to the text, many reviews in one file.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from tracker.exchange.imports.charsets import decode
from tracker.exchange.imports.position_words import UNDECIDED, letters_of, position_of_cell
from tracker.exchange.imports.readings import Reading, shown
from tracker.exchange.imports.rows import Asked, FileRow, Layout, NotReadable, ReadFile
from tracker.exchange.imports.state_names import find_states, fold_name, split_states
from tracker.exchange.imports.texts import clean_lines, join_lines, split_ref
from tracker.language import gettext

_NAMES = {"text": "text", "to": "to", "decision": "decision", "from": "from", "notes": "notes"}
NEEDED = {"text", "to", "decision"}
_LOST_APOSTROPHE = re.compile(r"(?<=[a-z])ê(?=s\b)")
"""As some of these files spell “children’s”, after they were saved in two alphabets."""
LONGEST_TEXT = 5_000
"""A longer text holds the rows behind it: a quotation mark was not closed."""


@dataclass
class _Reading(Reading):
    """`places`: where each column stands; `width`: how many cells the header has; `left_out`: rows of other States."""

    places: dict[str, int] = field(default_factory=dict)
    width: int = 0
    left_out: int = 0


def is_working_group_table(text: str) -> bool:
    return bool(_header(next(iter(csv.reader(StringIO(text[:2_000], newline=""))), [])))


def read_working_group_table(content: bytes, asked: Asked) -> ReadFile:
    """The rows of the State under review that was asked for; the others are counted. `notes` become the comment."""
    decoded = decode(content)
    lines = _lines(_LOST_APOSTROPHE.sub("’", decoded.text) if decoded.is_guess else decoded.text)
    _, header = next(lines, (1, []))
    reading = _Reading(asked, places=_header(header), width=len(header))
    if not reading.places:
        raise NotReadable(gettext("The first line does not name the columns “text”, “to” and “decision”."))
    for number, cells in lines:
        reading.place = gettext("line %(line)s", line=number)
        if reading.is_full():
            break
        if any(cell.strip() for cell in cells):
            _read_cells(reading, cells)
    return ReadFile(
        Layout.WORKING_GROUP, tuple(reading.rows), tuple(reading.problems), left_out=reading.left_out
    )


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line on which it begins. Line ends may be mixed in one file."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(StringIO(text))
    csv.field_size_limit(max(len(text), 131_072))
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _header(cells: list[str]) -> dict[str, int]:
    """Where each column stands; nothing where one is missing that is needed."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := _NAMES.get(cell.strip().lower()):
            places.setdefault(name, place)
    return places if set(places) >= NEEDED else {}


def _read_cells(reading: _Reading, cells: list[str]) -> None:
    given = {name: cells[place] if place < len(cells) else "" for name, place in reading.places.items()}
    code = reading.asked.states.get(fold_name(given["to"]))
    if len(cells) > reading.width and not _is_decision(given["decision"]):
        reading.refuse(
            gettext("The row has more cells than the header: put a text with commas in quotation marks.")
        )
    elif code is None:
        reading.refuse(gettext("“%(name)s” is no State under review that is known.", name=shown(given["to"])))
    elif code != reading.asked.state_code:
        reading.left_out += 1
    elif len(given["text"]) > LONGEST_TEXT:
        reading.refuse(
            gettext("The text is too long: a quotation mark before it is not closed. Correct it in the file.")
        )
    else:
        _add(reading, given, code)


def _is_decision(cell: str) -> bool:
    return position_of_cell(cell) is not None or letters_of(cell) in UNDECIDED


def _add(reading: _Reading, given: dict[str, str], code: str) -> None:
    ref, text = split_ref(join_lines(given["text"]))
    if not text:
        reading.refuse(gettext("The row holds no text of a recommendation."))
        return
    reading.check_ref(ref)
    found = find_states(text, reading.asked.states)
    codes, unknown = _states(reading, given.get("from", ""), found.codes, found.unknown)
    reading.rows.append(
        FileRow(
            reading.place,
            found.text or text,
            ref,
            state_code=code,
            state_codes=codes,
            unknown_states=unknown,
            position=reading.position(given["decision"]),
            comment=clean_lines(given.get("notes", "")),
        )
    )


def _states(
    reading: _Reading, cell: str, of_text: tuple[str, ...], unknown: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The State of the column; without it, those of the text."""
    codes, others = split_states(cell, reading.asked.states)
    if codes and of_text and not set(codes) <= set(of_text):
        reading.doubt(gettext("The text does not name the State of the column: the column was taken."))
    if not codes and not others:
        codes, others = of_text, unknown
    reading.check_states(codes, others)
    return codes, others
