"""The numbers of an addendum: which recommendations a State accepts and which it notes, as lists in a text.

A list counts where the sentence before it says a position. Numbers before an explanation (“140.11-14”) do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.codes import Position
from tracker.exchange.imports.charsets import decode
from tracker.exchange.imports.named_review import refuse_other_report
from tracker.exchange.imports.position_words import position_of_sentence
from tracker.exchange.imports.rows import Asked, FileRow, Layout, NotReadable, Problem, ReadFile, Weight
from tracker.exchange.imports.texts import clean_lines
from tracker.language import gettext

_REF = r"\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?!\d)(?!\s?(?:%|per\s?cent))"
_BETWEEN = r"(?:[\s,;.•·*]|\band\b|\bи\b|-(?=\s*\d{1,3}\.))*"
_TO = r"\s*(?:[-–—‑]|\bto\b|\bthrough\b|\bпо\b)\s*"
_BARE = r"\d{1,3}(?!\.?\d)"
_SHORT = rf"(?:,\s*{_BARE}(?:{_TO}{_BARE})?)"
"""The 209 of “140.120, 209”."""
_ENTRY = rf"{_REF}(?:{_TO}(?:{_REF}|{_BARE}))?{_SHORT}*"
_LIST = re.compile(rf"(?<![\d./])(?:{_ENTRY}{_BETWEEN})*{_ENTRY}")
_ONE = re.compile(rf"(?P<first>{_REF})(?:{_TO}(?P<last>{_REF}|{_BARE}))?(?P<short>{_SHORT}*)")
_GLUED = re.compile(r"\b(\d{1,3})\.(\d{1,3})\.\1\.(\d{1,3})\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\d\s])|\n\s*\n")
_PARAGRAPH_NUMBER = re.compile(r"^\s*(?:\d{1,3}|[IVX]{1,4}|[a-z])[.)]\s+")
_MOST_IN_RANGE, _LONGEST_SENTENCE = 400, 300
_LONGEST_TEXT = 500_000


@dataclass(frozen=True)
class _Numbers:
    """One list: the line on which it begins, the sentence before it."""

    line: int
    heading: str
    position: Position | None
    refs: tuple[str, ...]
    odd: tuple[str, ...]


def read_number_lists(content: bytes | str, asked: Asked) -> ReadFile:
    """One row for each number, without a text. A number in lists of different positions has a row for each: nothing is
    decided here."""
    text = content if isinstance(content, str) else decode(content).text
    if len(text) > _LONGEST_TEXT:
        raise NotReadable(gettext("The text is longer than any addendum. Paste only the lists of numbers."))
    refuse_other_report(text, asked)
    found = list(_find_lists(text))
    lists = [each for each in found if each.heading]
    problems = [problem for each in lists for problem in _list_problems(each)]
    if not any(each.position for each in lists):
        raise NotReadable(
            gettext(
                "No sentence says which numbers the State accepts and which it notes. Write “Accepted:” or “Noted:”"
                " before each list of numbers."
            )
        )
    rows: dict[tuple[str, Position], FileRow] = {}
    for each in lists:
        for ref in each.refs:
            if each.position:
                row = FileRow(_place(each), "", ref, state_code=asked.state_code, position=each.position)
                rows.setdefault((ref, each.position), row)
    problems += _unlisted(found, {ref for ref, _ in rows})
    read = tuple(rows.values())
    if len(read) > asked.most_rows:
        sentence = gettext(
            "More than %(most)s rows: the rest was not read. Split the file.", most=asked.most_rows
        )
        problems.append(Problem(read[asked.most_rows].place, sentence, Weight.REFUSED))
    return ReadFile(Layout.POSITIONS, read[: asked.most_rows], tuple(problems))


def _place(each: _Numbers) -> str:
    return gettext("line %(line)s", line=each.line)


def _find_lists(raw: str) -> Iterator[_Numbers]:
    text = _GLUED.sub(r"\1.\2, \1.\3", clean_lines(raw))
    end, line = 0, 1
    for found in _LIST.finditer(text):
        before = text[end : found.start()]
        line += before.count("\n")
        heading = _heading(before)
        position = position_of_sentence(heading) or _of_title(before, heading)
        if position is None:
            heading, position = _behind(heading, text[found.end() : found.end() + _LONGEST_SENTENCE])
        refs, odd = _refs(found[0])
        yield _Numbers(line, heading if position else _asking(heading), position, refs, odd)
        line += found[0].count("\n")
        end = found.end()


def _heading(before: str) -> str:
    """The sentence that leads to a list; empty where the text before it has ended."""
    text = before.rstrip()
    if not text or text.endswith((".", "!", "?")):
        return ""
    last = _SENTENCE.split(text)[-1]
    return " ".join(_PARAGRAPH_NUMBER.sub("", last).split())


def _behind(heading: str, text: str) -> tuple[str, Position | None]:
    """“140.1 and 140.2 enjoy its support”: the rest of the sentence, where it goes on in the line of the list."""
    rest = re.split(r"[.;]\s|\n\s*\n", text)[0] if re.match(r"^[ ,]++[^\W\d]", text) else ""
    position = position_of_sentence(rest)
    return (" ".join(f"{heading} … {rest}".split()), position) if position else (heading, None)


def _of_title(before: str, heading: str) -> Position | None:
    """The position that the title above a sentence says, where the sentence speaks of recommendations and says none."""
    if not _asking(heading):
        return None
    titles = [
        line for line in before.split("\n")[:-1] if line.strip() and not line.rstrip().endswith((".", ","))
    ]
    return next((position for line in reversed(titles) if (position := position_of_sentence(line))), None)


def _asking(heading: str) -> str:
    """A sentence that leads to a list of recommendations, though it says no position."""
    is_leading = heading.endswith(":") and re.search(r"recommendation|рекомендац", heading, re.IGNORECASE)
    return heading if is_leading else ""


def _refs(found: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of a list, and ranges that make no sense."""
    refs, odd = list[str](), list[str]()
    for entry in _ONE.finditer(found):
        stem, _, first = entry["first"].rpartition(".")
        parts = [(first, entry["last"] or first)]
        for short in re.findall(r"\d{1,3}(?:\D+\d{1,3})?", entry["short"]):
            numbers = re.findall(r"\d+", short)
            parts.append((numbers[0], numbers[-1]))
        for start, last in parts:
            numbers_of = _range(stem, start, last)
            refs += numbers_of
            odd += [] if numbers_of else [entry[0].strip()]
    return tuple(refs), tuple(odd)


def _range(stem: str, first: str, last: str) -> list[str]:
    """140.1 to 140.5; nothing where the end is before the beginning, or in another paragraph."""
    behind, _, number = last.rpartition(".")
    if (behind and behind != stem) or not 0 <= int(number) - int(first) < _MOST_IN_RANGE:
        return []
    if first == number:
        return [f"{stem}.{first}"]
    return [f"{stem}.{each}" for each in range(int(first), int(number) + 1)]


def _list_problems(each: _Numbers) -> Iterator[Problem]:
    place = _place(each)
    for found in each.odd:
        yield Problem(
            place,
            gettext("“%(text)s” is no range of numbers. Correct it.", text=" ".join(found.split())),
            Weight.REFUSED,
        )
    if each.position is None:
        sentence = gettext(
            "The sentence before %(first)s does not say what the State answered: these numbers were not read.",
            first=each.refs[0] if each.refs else "",
        )
        yield Problem(place, sentence, Weight.REFUSED)


def _unlisted(found: list[_Numbers], read: set[str]) -> Iterator[Problem]:
    """Numbers that stand in the text, and in none of the lists that were read."""
    for each in found:
        refs = [ref for ref in each.refs if ref not in read]
        if refs and not each.heading:
            yield Problem(
                _place(each),
                gettext("These numbers stand in no list: %(refs)s.", refs=", ".join(refs[:10])),
            )
