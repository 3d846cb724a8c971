"""The independent entry of a CSO, coalition, NHRI or UN body on an action point or recommendation."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, one_of
from tracker.models.levels import Level, Voice
from tracker.models.organisations import Organisation


class Assessment(Base):
    """Published, or withdrawn: then only the day of the withdrawal and what it was about remain (a tombstone).

    No account is stored: the entry is the organisation's, and a copy of the database must not tell who wrote it.
    Nothing unpublished is stored at all.
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
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_on: Mapped[date | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
