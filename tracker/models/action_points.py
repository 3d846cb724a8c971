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

    `formerly` is the ref that the point had until `renumbered_at`, when it got another number within its
    recommendation; both are empty for a point that kept it. Where the recommendation itself got another ref, its points
    follow, and `Recommendation.former_refs` tells of it.
    """

    __tablename__ = "action_points"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "ref"),
        CheckConstraint("steps_apart BETWEEN 0 AND 4", name="steps_apart"),
        CheckConstraint("(formerly IS NULL) = (renumbered_at IS NULL)", name="renumbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    ref: Mapped[str]
    order: Mapped[int]
    text: Mapped[str]
    retired_at: Mapped[datetime | None]
    steps_apart: Mapped[int | None]

    search_text: Mapped[str]
    formerly: Mapped[str | None]
    renumbered_at: Mapped[datetime | None]

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


class PointWording(Base):
    """The text that a point had until a moment. `was_split`: its meaning was divided among several points then, or
    other points were merged into it. An entry made before `until` is then about more, or less, than the point now says,
    and no figure counts it."""

    __tablename__ = "point_wordings"
    __table_args__ = (UniqueConstraint("action_point_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_point_id: Mapped[int] = mapped_column(ForeignKey("action_points.id"))
    text: Mapped[str]
    until: Mapped[datetime]
    was_split: Mapped[bool]
