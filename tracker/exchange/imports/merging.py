"""Rows of a file become recommendations: one recommendation may be in many rows, one for each recommending State.

Two recommendations are never mixed: rows under one number whose texts are not alike are items of their own. Other
differences between rows of one recommendation are told, never decided silently. A file is put together with what
stands here in `matching.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from tracker.codes import Position
from tracker.exchange.imports.likeness import is_same_number_same_text
from tracker.exchange.imports.rows import FileRow, Problem
from tracker.exchange.imports.texts import fold_text
from tracker.language import gettext

SAME_TEXT = 90.0
"""How like each other (`fuzz.ratio`, of 100) two texts under one number are, so that they count as one text."""
_FIRST_THAT_LOSES, _MOST_COMPARED = 10, 50
"""Numbers from ten on lose their last 0. No recommendation has more texts than that, which are compared one by one."""
_JOINED = ("state_codes", "unknown_states", "themes", "groups", "sdgs", "issues")
_FIRST = (
    "ref",
    "position",
    "position_source",
    "heading",
    "action_category",
    "symbol",
    "published_on",
    "external_id",
    "comment",
    "level",
    "done",
    "as_of_on",
    "organisation",
)


@dataclass(frozen=True)
class Item:
    """A recommendation: what its rows say together, and the rows as the file has them. `positions`: those that the rows
    say, where they are several; the item has none then."""

    row: FileRow
    rows: tuple[FileRow, ...]
    problems: tuple[Problem, ...] = ()
    positions: tuple[Position, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        return bool(self.problems)

    def doubted(self, *problems: Problem) -> "Item":
        return replace(self, problems=(*problems, *self.problems))


@dataclass(frozen=True)
class Merged:
    items: tuple[Item, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for item in self.items for problem in item.problems)


def merge_rows(rows: Iterable[FileRow], decimals: Mapping[str, str] | None = None) -> Merged:
    """Rows of the same State under review and session with the same number are one item, as far as their texts are
    alike; rows without a number with the same text, but for case and signs, are one, too. Its States are those of all
    rows.

    Numbers that a program for tables read as decimals (28.1 for 28.1, 28.10 and 28.100) are taken away: `decimals`, as
    `find_decimals` says of these rows, or of the whole file that they are of.
    """
    rows = list(rows)
    decimals = find_decimals(rows) if decimals is None else decimals
    items: list[Item] = []
    for group in _groups(rows):
        sentence = decimals.get(group[0].ref or "")
        if sentence is None:
            items += _items_of_number(group)
        else:
            items += [_without_number(part, sentence) for part in _by_text(group, _is_same_text)]
    return Merged(tuple(items))


def merge_group(group: Sequence[FileRow]) -> Item:
    """One item of these rows. What the first of them does not say comes from the next that does; where they say
    different positions, it has none."""
    first = group[0]
    changed: dict[str, object] = {}
    for name in _JOINED:
        changed[name] = tuple(dict.fromkeys(value for row in group for value in getattr(row, name)))
    for name in _FIRST:
        said = (value for row in group if (value := getattr(row, name)) not in (None, ""))
        changed[name] = next(said, getattr(first, name))
    positions = tuple(dict.fromkeys(row.position for row in group if row.position))
    if len(positions) > 1:
        changed["position"], changed["position_source"] = None, ""
    return Item(
        first.but(**changed),
        tuple(group),
        tuple(_differences(group)),
        positions if len(positions) > 1 else (),
    )


def _groups(rows: Iterable[FileRow]) -> Iterable[list[FileRow]]:
    groups: dict[tuple[object, ...], list[FileRow]] = {}
    for row in rows:
        name = row.ref if row.ref else fold_text(row.text)
        groups.setdefault((row.state_code, row.session, row.kind, bool(row.ref), name), []).append(row)
    return groups.values()


def _items_of_number(group: list[FileRow]) -> list[Item]:
    """The first keeps the number; the others say that it stands before another text."""
    first, *others = _by_text(group, is_same_number_same_text)
    told = (_another_text(rows[0], group[0]) for rows in others)
    return [
        merge_group(first),
        *(merge_group(rows).doubted(one) for rows, one in zip(others, told, strict=True)),
    ]


def _without_number(rows: list[FileRow], sentence: str) -> Item:
    item = merge_group([row.but(ref=None) for row in rows])
    return replace(item, rows=tuple(rows)).doubted(Problem(rows[0].place, sentence, is_about_which=True))


class _Refs:
    """The numbers of a file, and the highest of each paragraph."""

    def __init__(self, refs: Iterable[str]) -> None:
        self._all = set(refs)
        self._highest: dict[str, int] = {}
        for ref in self._all:
            stem, _, number = ref.rpartition(".")
            if number.isdecimal():
                self._highest[stem] = max(int(number), self._highest.get(stem, 0))

    def were_decimals(self, ref: str) -> bool:
        """Whether 28.10 is missing for 28.1 though numbers above ten are there, as after reading decimals."""
        stem, _, number = ref.rpartition(".")
        is_number = bool(stem) and number.isdecimal()
        return is_number and f"{ref}0" not in self._all and self._highest.get(stem, 0) > _FIRST_THAT_LOSES


def find_decimals(rows: Iterable[FileRow]) -> dict[str, str]:
    """The numbers that stand before several texts because they were read as decimals, and the sentence that tells it of
    each."""
    rows = list(rows)
    refs = _Refs(row.ref for row in rows if row.ref)
    found: dict[str, str] = {}
    for group in _groups(rows):
        ref = group[0].ref
        if ref is None or len(group) == 1 or not refs.were_decimals(ref):
            continue
        if (number := len(_by_text(group, _is_same_text))) > 1:
            found[ref] = gettext(
                "%(ref)s is the number of %(number)s different texts: a program for tables read the numbers as"
                " decimals, so that %(ref)s0 became %(ref)s. Take the numbers from OHCHR's matrix, or format the column"
                " as text first.",
                ref=ref,
                number=number,
            )
    return found


def _is_same_text(one: str, other: str) -> bool:
    return bool(fuzz.ratio(one, other, score_cutoff=SAME_TEXT))


def _by_text(group: Sequence[FileRow], is_same: Callable[[str, str], bool]) -> list[list[FileRow]]:
    """Rows whose texts are alike stand together; rows without a text stand with the first."""
    texts: dict[str, list[FileRow]] = {}
    for row in group:
        text = fold_text(row.text)
        if text and text not in texts and len(texts) < _MOST_COMPARED:
            text = next((known for known in texts if is_same(known, text)), text)
        if text:
            texts.setdefault(text, []).append(row)
    first, *others = list(texts.values()) or [[]]
    return [[*first, *(row for row in group if not fold_text(row.text))], *others]


def _differences(group: Sequence[FileRow]) -> Iterable[Problem]:
    """What rows of one item say differently."""
    first = next((row for row in group if row.position), group[0])
    for row in group:
        if row.position and first.position and row.position is not first.position:
            sentence = gettext(
                "This row says “%(this)s”, and %(place)s says “%(other)s” of the same recommendation: none of them was"
                " taken. Look at the report, and take the line of the position that it gives.",
                this=row.position.label,
                place=first.place,
                other=first.position.label,
            )
            yield Problem(row.place, sentence)
    for rows in _by_text(group, _is_same_text)[1:]:
        yield _another_text(rows[0], group[0])


def _another_text(row: FileRow, first: FileRow) -> Problem:
    sentence = gettext(
        "This row has the number %(ref)s and another text than %(place)s. Look at both.",
        ref=row.ref,
        place=first.place,
    )
    return Problem(row.place, sentence, is_about_which=True)
