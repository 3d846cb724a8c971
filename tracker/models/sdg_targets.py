"""The Sustainable Development Goals: 17 goals, 169 targets (A/RES/71/313)."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base
from tracker.models.names import Translated


class SdgGoal(Translated, Base):
    __tablename__ = "sdg_goals"

    code: Mapped[str] = mapped_column(primary_key=True)
    order: Mapped[int]


class SdgTarget(Base):
    __tablename__ = "sdg_targets"

    code: Mapped[str] = mapped_column(primary_key=True)
    goal_code: Mapped[str] = mapped_column(ForeignKey("sdg_goals.code"), index=True)
    order: Mapped[int]
