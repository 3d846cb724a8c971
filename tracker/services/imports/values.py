"""What a file says of a recommendation, as plain values by field: they are stored with the import and compared with
what stands. An empty value means that the file does not say it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from tracker.exchange.imports.rows import FileRow
from tracker.language import fold, fold_label, fold_ref, gettext, mark
from tracker.models.imports import ASKED, UNKNOWN_STATES
from tracker.models.levels import LABELS as LEVEL_LABELS
from tracker.models.recommendations import KIND_LABELS, POSITION_LABELS, Position, RecommendationKind
from tracker.queries.imports import Present

Values = dict[str, Any]

LABELS: dict[str, str] = {
    "ref": mark("Number"),
    "text": mark("Text"),
    "kind": mark("Kind"),
    "position": mark("Position"),
    "position_source": mark("Source of the position"),
    "states": mark("Recommending States"),
    "heading": mark("Heading"),
    "themes": mark("Themes"),
    "groups": mark("Groups of persons"),
    "sdgs": mark("Development goals and targets"),
    "issues": mark("Issues of UPR Info"),
    "action_category": mark("Action category of UPR Info"),
    "external_id": mark("Number in the Universal Human Rights Index"),
    "translation": mark("Translation"),
    "organisation": mark("Draft of"),
    "level": mark("Level"),
    "done": mark("What was done"),
    "as_of_on": mark("Situation on"),
}
"""Every field, in the order in which a preview shows them. The last four are those of a draft (`drafts.py`)."""
SETS = frozenset({"states", "themes", "groups", "sdgs", "issues"})
"""Their order says nothing, and a file that names fewer takes none away where another file named them."""

WITHOUT_NUMBER = "N"
"""Begins the ref of a recommendation that no file gave a number: N12 is the twelfth of the review."""


def is_without_number(ref: str) -> bool:
    """Is the ref ours?"""
    return ref.startswith(WITHOUT_NUMBER) and ref.removeprefix(WITHOUT_NUMBER).isdecimal()


def label_of(field: str) -> str:
    return gettext(LABELS[field])


def fields_of(values: Values) -> Values:
    """What stands in fields of a recommendation, without what only helps to read the file, and without what a person
    is asked about."""
    asked = values.get(ASKED, ())
    return {field: value for field, value in values.items() if field in LABELS and field not in asked}


_CODES = {"kind": KIND_LABELS, "position": POSITION_LABELS, "level": LEVEL_LABELS}
"""Fields that hold codes, and the labels of those."""


def words_of(field: str, value: Any) -> str:
    """As a preview shows the value of a field; a dash where there is none."""
    if field in SETS:
        return ", ".join(value or ()) or "–"
    if field in _CODES and value in _CODES[field]:
        return gettext(_CODES[field][value])
    return str(value or "–")


def values_of(row: FileRow) -> Values:
    said: Values = {
        "ref": row.ref,
        "text": row.text,
        "kind": row.kind.value,
        "position": row.position.value if row.position else None,
        "position_source": row.position_source,
        "states": list(row.state_codes),
        "heading": row.heading,
        "themes": list(row.themes),
        "groups": list(row.groups),
        "sdgs": list(row.sdgs),
        "issues": list(row.issues),
        "action_category": row.action_category,
        "external_id": row.external_id,
        UNKNOWN_STATES: list(row.unknown_states),
    }
    return {field: value for field, value in said.items() if value not in (None, "", [])}


def is_same(field: str, one: Any, other: Any) -> bool:
    """Two spellings of one value: signs that keyboards differ in, blanks, and the order of a list say nothing."""
    if field in SETS:
        return _folded(one) == _folded(other)
    if field == "ref":
        return fold_ref(one or "") == fold_ref(other or "")
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(fold(one).split()) == " ".join(fold(other).split())
    return bool(one == other)


def fingerprint(values: Values) -> str:
    """The same for the same values, whatever the order of what has none."""
    plain = {field: sorted(value) if field in SETS else value for field, value in values.items()}
    return sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def fingerprint_of_all(present: Sequence[Present]) -> str:
    """Of everything that stands in a review: also of the points, on which a draft is made, and of what is retired."""
    every = [
        (each.id, fingerprint(each.values), each.retired_at is not None, each.former_refs, each.points)
        for each in sorted(present, key=lambda row: row.id)
    ]
    return sha256(json.dumps(every, ensure_ascii=False).encode()).hexdigest()


class Verdict(StrEnum):
    """What becomes of a field of which the file says something else. `ASK`: a person decides."""

    LEAVE = "leave"
    CHANGE = "change"
    ASK = "ask"


@dataclass(frozen=True)
class Comparison:
    """`changes`: of each field what stands now and what the file says. `conflicts`: those of them that nobody may
    decide but a person."""

    changes: dict[str, tuple[Any, Any]]
    conflicts: frozenset[str]


def compare(
    said: Values,
    present: Values,
    imported: Values,
    elsewhere: Sequence[Values] = (),
    of_others: Collection[str] = (),
) -> Comparison:
    """`imported`: what the last file of the same layout said of this recommendation, by field; empty where there was
    none. `elsewhere`: what files of other layouts said. `of_others`: States that the file names for other
    recommendations of the same text.

    What the file said before, too, changes nothing: a person's change stays when the same file comes again.
    """
    changes: dict[str, tuple[Any, Any]] = {}
    conflicts = set()
    for field, value in fields_of(said).items():
        if field == "kind" and value == RecommendationKind.WG_RECOMMENDATION:
            continue  # of nearly all, and no file says it: only a voluntary pledge is told
        before = present.get(field)
        wanted = value
        if field in SETS:
            others = [each for values in elsewhere for each in values.get(field, ())]
            wanted = _joined(before or [], value, imported.get(field, []), others)
            wanted = [each for each in wanted if field != "states" or each not in of_others]
        if is_same(field, before, wanted) or (field in imported and is_same(field, imported[field], value)):
            continue
        verdict = _verdict(field, before, wanted, said, [imported, *elsewhere])
        if verdict != Verdict.LEAVE:
            changes[field] = (before, wanted)
        if verdict == Verdict.ASK:
            conflicts.add(field)
    return Comparison(changes, frozenset(conflicts))


def _verdict(field: str, before: Any, wanted: Any, said: Values, files: list[Values]) -> Verdict:
    """`files`: what the last file of each layout said, that of this layout first."""
    if field == "ref" and is_without_number(before or ""):
        return Verdict.CHANGE
    if not before:  # somebody may have emptied it
        return Verdict.ASK if any(values.get(field) for values in files) else Verdict.CHANGE
    if field in SETS:
        lost = _folded(before) - _folded(wanted)
        named = {each for values in files for each in _folded(values.get(field))}
        return Verdict.CHANGE if lost <= named else Verdict.ASK
    if field == "position":
        return _verdict_of_position(before, wanted)
    if field == "ref" and before.rstrip("0") == wanted:
        return Verdict.ASK  # 28.1 for 28.10: the file may have lost a zero
    if _says(files[0], field, before):
        return Verdict.CHANGE
    others = [values for values in files[1:] if _says(values, field, before)]
    if field == "text":
        return _verdict_of_text(said, files[0], others)
    return Verdict.LEAVE if others and field != "ref" else Verdict.ASK


def _verdict_of_position(before: str, wanted: str) -> Verdict:
    """That of the adoption never changes without a person. A file that was made before the adoption says nothing."""
    if before == Position.PENDING:
        return Verdict.CHANGE
    return Verdict.LEAVE if wanted == Position.PENDING else Verdict.ASK


def _verdict_of_text(said: Values, imported: Values, others: list[Values]) -> Verdict:
    """Of a text that another file gave (`others`), or a person. Who has numbers has the text, as in one file beside
    another (`exchange/imports/matching.py`): a file without them may hold a clause of it."""
    if "ref" not in said:
        return Verdict.LEAVE if others or "text" not in imported else Verdict.ASK
    has_number = any("ref" in values for values in others)
    return Verdict.CHANGE if others and not has_number else Verdict.ASK


def _says(values: Values, field: str, value: Any) -> bool:
    return field in values and is_same(field, values[field], value)


def _folded(values: Any) -> set[str]:
    return {fold_label(each) for each in values or ()}


def _joined(before: list[str], value: list[str], imported: list[str], elsewhere: list[str]) -> list[str]:
    """What the file names, and what stands from elsewhere: another layout, or a person. What a person took away since
    the last file does not come back with the next one."""
    standing, earlier = _folded(before), _folded(imported)
    named = [each for each in value if fold_label(each) in standing or fold_label(each) not in earlier]
    known = _folded(value) | (earlier - _folded(elsewhere))
    return [*named, *(each for each in before if fold_label(each) not in known)]
