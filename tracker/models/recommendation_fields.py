"""What a recommendation is made of, as a person enters and corrects it: the values of its fields, and their names."""

import hashlib
from dataclasses import dataclass, fields

from tracker.language import gettext, mark
from tracker.models.recommendations import Position, RecommendationKind

FIELD_LABELS: dict[str, str] = {
    "ref": mark("Number"),
    "kind": mark("Kind"),
    "source_id": mark("Document"),
    "text": mark("Text"),
    "short_title": mark("Short title"),
    "position": mark("Position at adoption"),
    "position_source": mark("Source of the position"),
    "state_codes": mark("Recommending States"),
    "heading_id": mark("Heading"),
    "theme_ids": mark("Themes"),
    "group_ids": mark("Groups of persons"),
    "sdg_codes": mark("Development goals and targets"),
    "position_now": mark("Position now"),
    "position_now_on": mark("Position now: since"),
    "position_now_source": mark("Position now: source"),
    "reason": mark("Reason"),
    "points": mark("Action points"),
    "translation_kind": mark("Kind of the translation"),
    "translation_source": mark("Source of the translation"),
    "is_checked": mark("Checked"),
}
"""Also of what lines of the history tell before and after."""


def label_of(field: str) -> str:
    return gettext(FIELD_LABELS[field]) if field in FIELD_LABELS else field


@dataclass(frozen=True)
class RecommendationFields:
    """`heading_id` is a theme; `theme_ids` are the others, without the issues of UPR Info, which only files bring.
    `sdg_codes`: goals (5) and targets (5.1)."""

    ref: str
    kind: RecommendationKind
    source_id: int
    text: str
    short_title: str = ""
    position: Position | None = None
    position_source: str = ""
    state_codes: frozenset[str] = frozenset()
    heading_id: int | None = None
    theme_ids: frozenset[int] = frozenset()
    group_ids: frozenset[int] = frozenset()
    sdg_codes: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        """The same for the same values: a form carries it, to find out whether somebody changed them meanwhile."""
        return hashlib.sha256(repr([self._plain(field.name) for field in fields(self)]).encode()).hexdigest()

    def _plain(self, name: str) -> object:
        value = getattr(self, name)
        return sorted(value) if isinstance(value, frozenset) else value

    def changed_from(self, before: "RecommendationFields") -> list[str]:
        names = [field.name for field in fields(self)]
        return [name for name in names if getattr(self, name) != getattr(before, name)]
