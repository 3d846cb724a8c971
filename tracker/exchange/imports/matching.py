"""Which recommendations of a file are those that stand here already, whichever layout brought them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.exchange.imports.layouts import ItemIndex, Wordings, numbered, part_of
from tracker.exchange.imports.merging import Item, find_decimals, merge_group, merge_rows
from tracker.exchange.imports.rows import FileRow, Problem
from tracker.exchange.imports.state_names import States
from tracker.exchange.imports.texts import fold_text

Known = Mapping[int, Wordings]
"""What stands here, by a key; without `ref` where the number is ours."""


@dataclass(frozen=True)
class Match:
    """A recommendation of the file. `keys`: those that stand here for it: none where it is new, several where another
    layout had parted it. `is_other`: nothing but the number is the same. `of_others`: the States that the file names
    for other recommendations of the same text, and not for this one."""

    item: Item
    keys: tuple[int, ...] = ()
    is_other: bool = False
    of_others: tuple[str, ...] = ()


def match_file(known: Known, rows: Sequence[FileRow], states: States) -> tuple[Match, ...]:
    """In the order of the file. Rows are matched as `ItemIndex` says: whoever has more numbers stays whole, and the
    rows of the other are joined to it."""
    of_known = (wordings[0] for wordings in known.values())
    join = _join_known if numbered(rows) > numbered(of_known) else _join_rows
    order = {id(row): at for at, row in enumerate(rows)}
    found = sorted(join(known, rows, states), key=lambda match: order[id(match.item.rows[0])])
    return tuple(_with_states_of_others(found))


def _join_rows(known: Known, rows: Sequence[FileRow], states: States) -> list[Match]:
    """Several rows of the file may belong to one that stands here."""
    keys = list(known)
    found = ItemIndex([known[key] for key in keys], states).find_all([(row,) for row in rows])
    decimals = find_decimals(rows)
    joined: dict[int, list[FileRow]] = defaultdict(list)
    parts: dict[int, list[Problem]] = defaultdict(list)
    others: list[FileRow] = []
    alone: list[FileRow] = []
    for row, each in zip(rows, found, strict=True):
        if each is None or (each.is_other and row.ref in decimals):
            alone.append(row)
        elif each.is_other:
            others.append(row)
        else:
            joined[keys[each.at]].append(row)
            if each.is_part:
                parts[keys[each.at]].append(part_of(row, known[keys[each.at]][0]))
    of_number = {known[key][0].ref: key for key in keys}
    return [
        *(Match(_one(known[key][0], group, parts[key], decimals), (key,)) for key, group in joined.items()),
        *(Match(item, (of_number[item.row.ref],), is_other=True) for item in merge_rows(others).items),
        *map(Match, merge_rows(alone, decimals).items),
    ]


def _one(known: FileRow, rows: list[FileRow], parts: list[Problem], decimals: Mapping[str, str]) -> Item:
    """What the rows say together. Where there are several, or only a part of the text, the text that stands here is
    the whole one. A number that was read as a decimal is none, unless it stands here, too."""
    lost = [row for row in rows if row.ref in decimals and row.ref != known.ref]
    told = [Problem(row.place, decimals[row.ref or ""], is_about_which=True) for row in lost[:1]]
    read = [row.but(ref=None) if row in lost else row for row in rows]
    if len(rows) > 1 or parts:
        read = [row.but(text=known.text, ref=known.ref) for row in read]
    return replace(merge_group(read), rows=tuple(rows)).doubted(*parts, *told)


def _join_known(known: Known, rows: Sequence[FileRow], states: States) -> list[Match]:
    """Several that stand here may belong to one of the file, which has the numbers."""
    items = merge_rows(rows).items
    found = ItemIndex([(item.row,) for item in items], states).find_all(list(known.values()))
    keys: dict[int, list[int]] = defaultdict(list)
    others: dict[int, int] = {}
    for key, each in zip(known, found, strict=True):
        if each is not None and each.is_other:
            others[each.at] = key
        elif each is not None:
            keys[each.at].append(key)
    return [
        Match(item, (others[at],), is_other=True)
        if at in others and at not in keys
        else Match(item, tuple(keys[at]))
        for at, item in enumerate(items)
    ]


def _with_states_of_others(matches: Sequence[Match]) -> Iterator[Match]:
    """Of several recommendations with the same text and numbers of their own, each has its own States: another layout,
    without numbers, makes one of them."""
    named: dict[str, set[str]] = defaultdict(set)
    for match in matches:
        if match.item.row.ref and match.item.row.text:
            named[fold_text(match.item.row.text)].update(match.item.row.state_codes)
    for match in matches:
        row = match.item.row
        others = named.get(fold_text(row.text), set()) - set(row.state_codes) if row.ref else set()
        yield replace(match, of_others=tuple(sorted(others))) if others else match
