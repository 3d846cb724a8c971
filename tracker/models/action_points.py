"""The distinct things a recommendation asks for, and the level that each voice gives them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import fold
from tracker.models.base import Base, one_of
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.models.recommendations import Recommendation


class ActionPoint(Base):
    """`ref` is A12.1. `services/levels.py` computes `disagreement`. A retired point keeps its entries.

    `search_text` is what the word search reads. Every insert and update of an object stores `make_search_text()` in
    it. A statement for many rows bypasses this, so it must set the column too.
    """

    __tablename__ = "action_points"
    __table_args__ = (UniqueConstraint("recommendation_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    ref: Mapped[str]
    order: Mapped[int]
    text: Mapped[str]
    retired_at: Mapped[datetime | None]
    disagreement: Mapped[Disagreement] = mapped_column(
        one_of(Disagreement, "disagreement"), default=Disagreement.NONE
    )

    search_text: Mapped[str]

    recommendation: Mapped[Recommendation] = relationship(lazy="raise_on_sql")

    def make_search_text(self) -> str:
        return fold(f"{self.ref} {self.text}")


@event.listens_for(ActionPoint, "before_insert")
@event.listens_for(ActionPoint, "before_update")
def _store_search_text(_mapper: object, _connection: object, row: ActionPoint) -> None:
    row.search_text = row.make_search_text()


class PointLevel(Base):
    """The level of a point in one voice, computed by `services/levels.py`; no row means *not assessed*."""

    __tablename__ = "point_levels"
    __table_args__ = (
        CheckConstraint("level <> 'not_assessed'", name="absence_is_no_row"),
        CheckConstraint('"index" BETWEEN 0 AND 1', name="index"),
        Index(None, "voice", "level", "action_point_id"),
    )

    action_point_id: Mapped[int] = mapped_column(ForeignKey("action_points.id"), primary_key=True)
    voice: Mapped[Voice] = mapped_column(one_of(Voice, "voice"), primary_key=True)
    level: Mapped[ShownLevel] = mapped_column(one_of(ShownLevel, "level"))
    index: Mapped[float | None]
    changed_at: Mapped[datetime]
