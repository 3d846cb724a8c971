"""A State's review in one mechanism and cycle, what it received, and the documents that recommendations come from."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.states import State


class Mechanism(StrEnum):
    UPR = "upr"


class FigureCertainty(StrEnum):
    SOURCED = "sourced"
    SECONDARY = "secondary"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return gettext(CERTAINTY_LABELS[self])


CERTAINTY_LABELS: dict[str, str] = {
    "sourced": mark("read in the source named"),
    "secondary": mark("read in a source that is not the UN's"),
    "unknown": mark("not found"),
}


REVIEW_NAMES: dict[int, str] = {
    1: mark("first review"),
    2: mark("second review"),
    3: mark("third review"),
    4: mark("fourth review"),
    5: mark("fifth review"),
    6: mark("sixth review"),
}


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

    @property
    def name(self) -> str:
        """third review"""
        words = REVIEW_NAMES.get(self.cycle)
        return gettext(words) if words else gettext("review of cycle %(number)s", number=self.cycle)


class ReviewFigures(Base):
    """How many recommendations a State received in a review, as others tell it; None where nobody does. For sentences
    about what is not loaded here, never for the denominator of a figure."""

    __tablename__ = "review_figures"
    __table_args__ = (CheckConstraint("recommendations > 0", name="recommendations"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    recommendations: Mapped[int | None]
    supported: Mapped[int | None]
    noted: Mapped[int | None]
    certainty: Mapped[FigureCertainty] = mapped_column(one_of(FigureCertainty, "certainty"))
    source: Mapped[str]
    note: Mapped[str]
    as_of_on: Mapped[date]


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
