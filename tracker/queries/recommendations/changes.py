"""The last changes of a recommendation and its points that people made by hand, with before and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.history.sentences import sentence_of
from tracker.language import gettext
from tracker.models.history import HistoryLine
from tracker.models.recommendation_fields import label_of
from tracker.models.recommendations import Position, Recommendation
from tracker.models.translations import TranslationKind
from tracker.policy.actors import Actor
from tracker.policy.history import may_follow_history, visible_history_lines


@dataclass(frozen=True)
class ChangedField:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    at: datetime
    sentence: str
    fields: tuple[ChangedField, ...]


def list_changes(
    session: Session, actor: Actor, recommendation: Recommendation, most: int = 20
) -> list[Change]:
    """Newest first, for who may follow the history; nothing for others."""
    if not may_follow_history(actor):
        return []
    query = select(HistoryLine).where(
        HistoryLine.subject == f"recommendation {recommendation.id}", visible_history_lines(actor)
    )
    lines = session.scalars(query.order_by(HistoryLine.id.desc()).limit(most))
    return [Change(line.at, sentence_of(line), tuple(_fields(line))) for line in lines]


def _fields(line: HistoryLine) -> list[ChangedField]:
    before, after = line.before or {}, line.after or {}
    names = [*before, *(name for name in after if name not in before)]
    return [
        ChangedField(label_of(name), _words(name, before.get(name)), _words(name, after.get(name)))
        for name in names
    ]


def _words(name: str, value: Any) -> str:
    """Several points are a line each, other lists one line."""
    if isinstance(value, list):
        return ("\n" if name in ("points", "text") else ", ").join(map(str, value))
    if name in ("position", "position_now") and value in list(Position):
        return Position(value).label
    if name == "translation_kind" and value in list(TranslationKind):
        return TranslationKind(value).label
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value or "")
