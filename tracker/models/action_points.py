"""The distinct things a recommendation asks for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import fold
from tracker.models.base import Base
from tracker.models.levels import Disagreement, disagreement
from tracker.models.recommendations import Recommendation


class ActionPoint(Base):
    """`ref` is A12.1. A retired point keeps its entries.

    `services/levels.py` computes `steps_apart`: how far the State and the farthest of the other organisations are apart
    (`models/levels.py`); None where not both give a level.

    `search_text` is what the word search reads. Every insert and update of an object stores `make_search_text()` in
    it. A statement for many rows bypasses this, so it must set the column too.
    """

    __tablename__ = "action_points"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "ref"),
        CheckConstraint("steps_apart BETWEEN 0 AND 4", name="steps_apart"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    ref: Mapped[str]
    order: Mapped[int]
    text: Mapped[str]
    retired_at: Mapped[datetime | None]
    steps_apart: Mapped[int | None]

    search_text: Mapped[str]

    recommendation: Mapped[Recommendation] = relationship(lazy="raise_on_sql")

    @property
    def disagreement(self) -> Disagreement | None:
        return disagreement(self.steps_apart)

    def make_search_text(self) -> str:
        return fold(f"{self.ref} {self.text}")


@event.listens_for(ActionPoint, "before_insert")
@event.listens_for(ActionPoint, "before_update")
def _store_search_text(_mapper: object, _connection: object, row: ActionPoint) -> None:
    row.search_text = row.make_search_text()
