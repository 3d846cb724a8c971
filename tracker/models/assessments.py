"""The independent entry of a CSO, coalition, NHRI or UN body on an action point or recommendation."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import own_language
from tracker.models.base import Base, one_of
from tracker.models.levels import Level, Voice
from tracker.models.organisations import Organisation


class AssessmentWords(NamedTuple):
    """What an assessment says, in one language."""

    language: str
    reason: str
    narrative: str


def order_texts(first: AssessmentWords, second: AssessmentWords | None) -> list[AssessmentWords]:
    """The one in the reader's language comes first; where neither is, the one that its organisation wrote first."""
    if second is None:
        return [first]
    return [second, first] if second.language == own_language() else [first, second]


class Assessment(Base):
    """Published, or withdrawn: then only the day of the withdrawal and what it was about remain (a tombstone).

    No account is stored: the entry is the organisation's, and a copy of the database must not tell who wrote it.
    Nothing unpublished is stored at all. One entry may say the same in a second language.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint(
            "withdrawn_on IS NULL AND organisation_id IS NOT NULL AND voice IS NOT NULL AND level IS NOT NULL"
            " AND published_at IS NOT NULL AND reason <> '' AND narrative <> '' AND language <> ''"
            " OR withdrawn_on IS NOT NULL AND organisation_id IS NULL AND voice IS NULL AND level IS NULL"
            " AND published_at IS NULL AND reason = '' AND narrative = '' AND source_link = ''"
            " AND language = ''",
            name="published_or_purged",
        ),
        CheckConstraint(
            "second_language IS NULL AND second_reason IS NULL AND second_narrative IS NULL"
            " OR second_language IS NOT NULL AND second_reason IS NOT NULL AND second_narrative IS NOT NULL"
            " AND second_language <> '' AND second_reason <> '' AND second_narrative <> ''"
            " AND second_language <> language AND withdrawn_on IS NULL",
            name="second_text",
        ),
        CheckConstraint("voice <> 'state'", name="independent"),
        Index(None, "action_point_id", "published_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), index=True)
    action_point_id: Mapped[int | None] = mapped_column(ForeignKey("action_points.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    voice: Mapped[Voice | None] = mapped_column(one_of(Voice, "voice"))
    level: Mapped[Level | None] = mapped_column(one_of(Level, "level"))
    reason: Mapped[str]
    narrative: Mapped[str]
    source_link: Mapped[str]
    language: Mapped[str]
    second_language: Mapped[str | None]
    second_reason: Mapped[str | None]
    second_narrative: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_on: Mapped[date | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")

    @property
    def texts(self) -> list[AssessmentWords]:
        """Its one or two texts, that in the reader's language first; none of one that was withdrawn."""
        if self.withdrawn_on is not None:
            return []
        second = None
        if self.second_language and self.second_reason and self.second_narrative:
            second = AssessmentWords(self.second_language, self.second_reason, self.second_narrative)
        return order_texts(AssessmentWords(self.language, self.reason, self.narrative), second)
