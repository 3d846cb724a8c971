"""A State's review in one mechanism and cycle, and the documents that recommendations come from."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, one_of
from tracker.models.states import State


class Mechanism(StrEnum):
    UPR = "upr"


class Review(Base):
    """`code` is KGZ-3. Only its State's coordinator sees an unpublished one (`policy/reviews.py`). It takes entries
    from then on while `closed_at` is empty (`services/reviews.py`).

    `figures_version` grows with every change that a figure, list or count of the review shows, in the
    same transaction: whoever caches figures compares it (ARCHITECTURE.md, "Figures are stored").
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("state_code", "mechanism", "cycle"),
        CheckConstraint("cycle > 0", name="cycle"),
        Index(None, "state_code", "cycle", "id"),  # every page asks for the newest review
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("states.code"), index=True)
    mechanism: Mapped[Mechanism] = mapped_column(one_of(Mechanism, "mechanism"))
    cycle: Mapped[int]
    is_published: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    figures_version: Mapped[int] = mapped_column(default=0)

    state: Mapped[State] = relationship(lazy="raise_on_sql")


class Source(Base):
    """The document a recommendation comes from: symbol, title, date, language, link."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), index=True)
    symbol: Mapped[str | None]
    title: Mapped[str]
    dated_on: Mapped[date]
    language: Mapped[str]
    link: Mapped[str | None]
