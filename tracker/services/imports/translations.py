"""Rows of a file that are in another language than the texts that stand here: they are translations of these, and
replace none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.language import LANGUAGES, looks_like
from tracker.models.action_points import ActionPoint
from tracker.models.imports import Import
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Source
from tracker.models.translations import (
    ActionPointTranslation,
    RecommendationTranslation,
    TranslationKind,
    digest_of,
)

FIELD = "translation"
"""Among values and changes of an item: language, text, kind and source of a translation; an empty text is none."""
COLUMNS = ("text", "short_title", "kind", "source", "is_checked", "of_digest")
MOST_LETTERS = 20_000
"""Of the texts of a file, to know the language of all."""


@dataclass(frozen=True)
class Languages:
    """`own`: of the text of each recommendation that stands here; `stored`: by recommendation and language, what stands
    of a translation; `of_file`: in which languages the texts of the file can be, all together; `source`: the document
    that the file comes from."""

    own: dict[int, str]
    stored: dict[tuple[int, str], dict[str, str]]
    of_file: set[str]
    source: Source | None

    def of_row(self, recommendation_id: int, text: str) -> str | None:
        """The language of a text that is not in that of the recommendation, as far as letters tell; else None."""
        own, found = self.own[recommendation_id], looks_like(text)
        if own not in LANGUAGES or own in found or not found:
            return None
        named = self.source.language if self.source else ""
        likely = (found & self.of_file) or found
        return named if named in likely else next(code for code in LANGUAGES if code in likely)

    def translation(self, language: str, text: str) -> dict[str, str]:
        """Official where the document is one of the United Nations, with a symbol, in that language itself."""
        source = self.source
        if source is None or source.language != language or not source.symbol:
            return {
                "language": language,
                "text": text,
                "kind": TranslationKind.UNOFFICIAL.value,
                "source": "",
            }
        named = f"{source.symbol}: {source.title}"
        return {"language": language, "text": text, "kind": TranslationKind.OFFICIAL.value, "source": named}

    def stands(self, recommendation_id: int, language: str) -> dict[str, str]:
        nothing = {"language": language, "text": ""}
        return self.stored.get((recommendation_id, language), nothing)


def find_languages(session: Session, found: Import, texts: Iterable[str]) -> Languages:
    own = select(Recommendation.id, Source.language).join(Source, Source.id == Recommendation.source_id)
    own = own.where(Recommendation.review_id == found.review_id)
    rows = select(RecommendationTranslation).join(
        Recommendation, Recommendation.id == RecommendationTranslation.recommendation_id
    )
    rows = rows.where(Recommendation.review_id == found.review_id)
    return Languages(
        own=dict(session.execute(own).all()),
        stored={(row.recommendation_id, row.language): _plain(row) for row in session.scalars(rows)},
        of_file=looks_like(" ".join(texts)[:MOST_LETTERS]),
        source=session.get(Source, found.source_id) if found.source_id else None,
    )


def _plain(row: RecommendationTranslation) -> dict[str, Any]:
    return {"language": row.language, **{name: getattr(row, name) for name in COLUMNS}}


def write_translation(
    session: Session,
    recommendation: Recommendation,
    points: Iterable[ActionPoint],
    wanted: dict[str, Any],
    applied_at: datetime,
    short_title: str,
    *,
    is_undone: bool = False,
) -> None:
    """A point that has the text of the whole gets its translation, too. An undo changes nothing that a person wrote
    since."""
    language = wanted["language"]
    row = session.scalar(
        select(RecommendationTranslation).where(
            RecommendationTranslation.recommendation_id == recommendation.id,
            RecommendationTranslation.language == language,
        )
    )
    if is_undone and (row is None or row.written_at != applied_at):
        return
    for point in points:
        if point.text == recommendation.text and point.retired_at is None:
            _write_point(session, point, language, wanted["text"], applied_at)
    if not wanted["text"]:
        session.delete(row)
        return
    if row is None:
        row = RecommendationTranslation(recommendation_id=recommendation.id, language=language)
        session.add(row)
    said = {
        "short_title": short_title,
        "is_checked": False,
        "of_digest": digest_of(recommendation.text),
    } | wanted
    for name in COLUMNS:
        setattr(row, name, said[name])
    row.kind, row.written_at = TranslationKind(row.kind), applied_at


def _write_point(
    session: Session, point: ActionPoint, language: str, text: str, applied_at: datetime
) -> None:
    of_point = select(ActionPointTranslation).where(
        ActionPointTranslation.action_point_id == point.id, ActionPointTranslation.language == language
    )
    row = session.scalar(of_point)
    if row is None and text:
        row = ActionPointTranslation(action_point_id=point.id, language=language)
        session.add(row)
    elif row is not None and not text:
        session.delete(row)
    if row is not None and text:
        row.text, row.of_digest, row.written_at = text, digest_of(point.text), applied_at
