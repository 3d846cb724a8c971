"""The texts of recommendations and action points in other languages than their own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import fold, gettext, mark
from tracker.models.base import Base, one_of


class TranslationKind(StrEnum):
    """Whose translation it is: the body's that wrote the text, or somebody's working translation."""

    OFFICIAL = "official"
    UNOFFICIAL = "unofficial"

    @property
    def label(self) -> str:
        return gettext(KIND_LABELS[self])


KIND_LABELS: dict[str, str] = {
    "official": mark("Official translation"),
    "unofficial": mark("Unofficial working translation"),
}
HAS_SOURCE = "kind <> 'official' OR source <> ''"


class RecommendationTranslation(Base):
    """The authentic text stays in `Recommendation.text`, in the language of its source; entries, digests of forms and
    figures are about that one alone.

    `source` names the document of an official translation, or its address. `is_checked`: somebody who speaks both
    languages has read it. `written_at`: when a person wrote it here; None for what came with the site. `of_digest` is
    of the authentic text that it was made of (`digest_of`): where another one stands now, it is told to be of an
    earlier wording. An empty `short_title` or `text` is not translated.
    `search_text` is kept as that of `Recommendation` is.
    """

    __tablename__ = "recommendation_translations"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "language"),
        CheckConstraint(HAS_SOURCE, name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    language: Mapped[str]
    kind: Mapped[TranslationKind] = mapped_column(one_of(TranslationKind, "kind"))
    source: Mapped[str] = mapped_column(default="")
    is_checked: Mapped[bool] = mapped_column(default=False)
    short_title: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    of_digest: Mapped[str]
    written_at: Mapped[datetime | None]
    search_text: Mapped[str]

    def make_search_text(self) -> str:
        return fold(f"{self.short_title} {self.text}")


class ActionPointTranslation(Base):
    """The same of the text of a point. Kind, source and `is_checked` are those of the translation of its
    recommendation in the same language."""

    __tablename__ = "action_point_translations"
    __table_args__ = (UniqueConstraint("action_point_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_point_id: Mapped[int] = mapped_column(ForeignKey("action_points.id"))
    language: Mapped[str]
    text: Mapped[str]
    of_digest: Mapped[str]
    written_at: Mapped[datetime | None]
    search_text: Mapped[str]

    def make_search_text(self) -> str:
        return fold(self.text)


@event.listens_for(RecommendationTranslation, "before_insert")
@event.listens_for(RecommendationTranslation, "before_update")
@event.listens_for(ActionPointTranslation, "before_insert")
@event.listens_for(ActionPointTranslation, "before_update")
def _store_search_text(
    _mapper: object, _connection: object, row: RecommendationTranslation | ActionPointTranslation
) -> None:
    row.search_text = row.make_search_text()


@dataclass(frozen=True)
class TranslationFields:
    """A translation as a person writes and corrects it. `points`: ref and text of each that is translated, in order."""

    kind: TranslationKind
    source: str
    is_checked: bool
    short_title: str
    text: str
    points: tuple[tuple[str, str], ...] = ()


def digest_of(text: str) -> str:
    """Of an authentic text: what a translation stores of it, and what a form carries of the one that it shows."""
    return sha256(text.encode()).hexdigest()
