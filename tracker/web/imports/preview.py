"""What the preview of an import shows: its items in words, a kind at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.language import gettext, language_name
from tracker.models.imports import ImportItem, ItemKind
from tracker.models.levels import Level
from tracker.models.recommendations import Position, RecommendationKind
from tracker.models.translations import TranslationKind
from tracker.services.imports.rows import short_title_of
from tracker.services.imports.values import LABELS, fields_of, label_of
from tracker.web.imports.forms import column_choices

Names = dict[str, str]
"""The name of each State by its code."""
DRAFTS = "drafts"
"""In an address: the drafts for ministries, in the place of a kind of items."""
FIRST_SHOWN = (ItemKind.DOUBTFUL, ItemKind.CHANGED, ItemKind.NEW, ItemKind.REFUSED, ItemKind.UNCHANGED)
_FIRST_FACTS = ("states", "position")
FACTS = (*_FIRST_FACTS, *(field for field in LABELS if field not in (*_FIRST_FACTS, "text", "ref", "kind")))
"""In the order in which they are shown; text and number stand at the head of an item."""
SAMPLES = 3


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownItem:
    """`beginning`: of the text. `states_and_position`: in words. `facts`: label and words of each field that the file
    says. `changes`: what it would change. `needs_eyes`: something of it is to be decided, or was not understood.
    `kind`: of a draft, in words; drafts of every kind stand in one list."""

    number: int
    ref: str
    place: str
    text: str
    beginning: str
    states_and_position: str
    facts: list[tuple[str, str]]
    changes: list[Change]
    problems: list[tuple[str, str]]
    is_new: bool
    is_taken: bool
    can_be_taken: bool
    needs_eyes: bool
    kind: str = ""


@dataclass(frozen=True)
class ColumnToChoose:
    position: int
    header: str
    samples: list[str]
    choice: str


def shown_kind(wanted: str | None, counts: dict[ItemKind, int], drafts: int) -> ItemKind | None:
    """The kind that the address names, or the first that needs eyes; None for the drafts."""
    if wanted and wanted in {*ItemKind}:
        return ItemKind(wanted)
    changing = [kind for kind in FIRST_SHOWN if counts.get(kind) and kind != ItemKind.UNCHANGED]
    if drafts and (wanted == DRAFTS or not changing):
        return None
    return changing[0] if changing else ItemKind.UNCHANGED if counts else ItemKind.NEW


def show_items(items: Sequence[ImportItem], names: Names) -> list[ShownItem]:
    return [_show_draft(item, names) if "draft" in item.values else _show(item, names) for item in items]


def _show_draft(item: ImportItem, names: Names) -> ShownItem:
    said = {field: after for field, (_, after) in item.changes.items()}
    text = said.pop("done", "")
    facts = [(label_of(field), words_of(field, value, names)) for field, value in said.items()]
    shown = _show(item, names)
    return replace(shown, text=text, facts=facts, changes=[], kind=item.kind.label, needs_eyes=True)


def _show(item: ImportItem, names: Names) -> ShownItem:
    values = fields_of(item.values)
    said = {field: values[field] for field in FACTS if field in values}
    first = [words_of(field, said[field], names) for field in _FIRST_FACTS if said.get(field)]
    return ShownItem(
        number=item.number,
        ref=item.ref or "",
        place=item.place,
        text=values.get("text", ""),
        beginning=short_title_of(values.get("text", "")),
        states_and_position=" · ".join(first),
        facts=[(label_of(field), words_of(field, value, names)) for field, value in said.items()],
        changes=[
            Change(label_of(field), words_of(field, before, names), words_of(field, after, names))
            for field, (before, after) in item.changes.items()
        ],
        problems=[(place, sentence) for place, sentence in item.problems],
        is_new=item.recommendation_id is None,
        is_taken=item.is_taken,
        can_be_taken=item.can_be_taken,
        needs_eyes=item.kind not in (ItemKind.NEW, ItemKind.UNCHANGED) or bool(item.problems),
    )


def words_of(field: str, value: Any, names: Names) -> str:
    if not value:
        return gettext("(nothing)")
    if field == "translation":
        return _translation_words(value)
    if field in ("position", "position_now"):
        return Position(value).label
    if field == "kind":
        return RecommendationKind(value).label
    if field == "level":
        return Level(value).label
    if field == "states":
        return ", ".join(names.get(code, code) for code in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _translation_words(value: dict[str, str]) -> str:
    if not value["text"]:
        return gettext("(nothing)")
    kind = TranslationKind(value.get("kind", TranslationKind.UNOFFICIAL)).label
    return f"{language_name(value['language'])} ({kind}): {value['text']}"


def columns_to_choose(
    headers: Sequence[str], samples: Sequence[Sequence[str]], chosen: Sequence[str]
) -> list[ColumnToChoose]:
    known = {code for code, _ in column_choices()}
    return [
        ColumnToChoose(
            position=position,
            header=header,
            samples=[row[position] for row in samples[:SAMPLES] if position < len(row)],
            choice=chosen[position] if position < len(chosen) and chosen[position] in known else "none",
        )
        for position, header in enumerate(headers)
    ]
