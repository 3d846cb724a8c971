"""Which organisation leads or supports a recommendation, and since when."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation


class AssignmentKind(StrEnum):
    LEAD = "lead"
    SUPPORTING = "supporting"

    @property
    def label(self) -> str:
        return gettext(ASSIGNMENT_LABELS[self])


ASSIGNMENT_LABELS: dict[str, str] = {"lead": mark("Lead"), "supporting": mark("Supporting")}


class Assignment(Base):
    """An organisation leads or supports a recommendation, from one day until the day when another takes over."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_current",
            "recommendation_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("to_on IS NULL"),
            postgresql_where=text("to_on IS NULL"),
        ),
        Index(
            "uq_assignments_one_lead",
            "recommendation_id",
            unique=True,
            sqlite_where=text("to_on IS NULL AND kind = 'lead'"),
            postgresql_where=text("to_on IS NULL AND kind = 'lead'"),
        ),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[AssignmentKind] = mapped_column(one_of(AssignmentKind, "kind"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    recommendation: Mapped[Recommendation] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
