"""Organisations and what they are responsible for."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import current, gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.levels import Voice
from tracker.models.recommendations import Recommendation


class OrganisationKind(StrEnum):
    GOVERNMENT = "government"
    PARLIAMENT = "parliament"
    JUDICIARY = "judiciary"
    LOCAL = "local"
    NHRI = "nhri"
    CSO = "cso"
    COALITION = "coalition"
    UN = "un"

    @property
    def voice(self) -> Voice:
        return VOICE_OF[self]

    @property
    def is_of_the_state(self) -> bool:
        return self.voice == Voice.STATE

    @property
    def label(self) -> str:
        return gettext(KIND_LABELS[self])


KIND_LABELS: dict[str, str] = {
    "government": mark("Government"),
    "parliament": mark("Parliament"),
    "judiciary": mark("Judiciary"),
    "local": mark("Local self-government"),
    "nhri": mark("National human rights institution"),
    "cso": mark("Civil society organisation"),
    "coalition": mark("Coalition"),
    "un": mark("United Nations body"),
}
VOICE_OF: dict[str, Voice] = {
    "government": Voice.STATE,
    "parliament": Voice.STATE,
    "judiciary": Voice.STATE,
    "local": Voice.STATE,
    "nhri": Voice.NHRI_UN,
    "un": Voice.NHRI_UN,
    "cso": Voice.CIVIL_SOCIETY,
    "coalition": Voice.CIVIL_SOCIETY,
}


class AssignmentKind(StrEnum):
    LEAD = "lead"
    SUPPORTING = "supporting"

    @property
    def label(self) -> str:
        return gettext(ASSIGNMENT_LABELS[self])


ASSIGNMENT_LABELS: dict[str, str] = {"lead": mark("Lead"), "supporting": mark("Supporting")}


class Organisation(Base):
    """Valid from/to, because ministries are renamed. The first four kinds are *the State*."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, "kind"))
    state_code: Mapped[str | None] = mapped_column(ForeignKey("states.code"), index=True)
    name_en: Mapped[str]
    name_ru: Mapped[str]
    name_ky: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    @property
    def name(self) -> str:
        return {"ru": self.name_ru, "ky": self.name_ky}.get(current(), self.name_en)


class Assignment(Base):
    """An organisation leads or supports a recommendation, from a day until another took over."""

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
