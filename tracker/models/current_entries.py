"""Which published entry of each organisation counts now, on a point or on a whole recommendation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, one_of
from tracker.models.levels import Level, Voice


class CurrentEntry(Base):
    """Computed by `services/levels.py`; every figure counts these rows. No row means *no entry*.

    The State has one row a point. `level` is None where its only entries are those of supporting organisations.
    `steps_apart` compares an independent entry with the State's level (`models/levels.py`); None where the State gives
    none, or where the points of a recommendation do not all bear the same one.
    """

    __tablename__ = "current_entries"
    __table_args__ = (
        CheckConstraint("level IS NOT NULL OR voice = 'state'", name="independent_entries_have_a_level"),
        CheckConstraint("action_point_id IS NOT NULL OR voice <> 'state'", name="state_speaks_of_points"),
        CheckConstraint("steps_apart BETWEEN 0 AND 4", name="steps_apart"),
        # All that the filters read (`queries/recommendations/facets.py`) stands in these two indexes.
        Index("ix_current_entries_by_level", "voice", "level", "recommendation_id", "action_point_id"),
        Index("ix_current_entries_by_voice", "voice", "recommendation_id", "action_point_id", "level"),
    )

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    """Of the update or the assessment."""
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), index=True)
    action_point_id: Mapped[int | None] = mapped_column(ForeignKey("action_points.id"), index=True)
    """None: an assessment of the whole recommendation."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    voice: Mapped[Voice] = mapped_column(one_of(Voice, "voice"))
    level: Mapped[Level | None] = mapped_column(one_of(Level, "level"))
    steps_apart: Mapped[int | None]
    published_at: Mapped[datetime]
