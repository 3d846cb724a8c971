"""Organisations: of the State, and independent ones."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.levels import Voice
from tracker.models.names import Named


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

    def usual_state(self, state_code: str) -> str | None:
        """The State of an organisation of this kind where nobody names one: a body of the UN is of none."""
        return None if self == OrganisationKind.UN else state_code

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
    "nhri": Voice.NHRI,
    "un": Voice.UN,
    "cso": Voice.CIVIL_SOCIETY,
    "coalition": Voice.CIVIL_SOCIETY,
}


class Organisation(Named, Base):
    """Valid from/to, because ministries are renamed. The first four kinds are *the State*.

    `original_id`: of one that goes on under a new name, the organisation as which it began, through every rename; None
    where it was never renamed. What was merged or divided is another organisation."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, "kind"))
    state_code: Mapped[str | None] = mapped_column(ForeignKey("states.code"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    original_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)

    @property
    def first_id(self) -> int:
        """The same for an organisation under all of its names."""
        return self.original_id or self.id

    @property
    def facts(self) -> dict[str, Any]:
        """What a history line stores about it: its key, and the names that it has on that day."""
        return {"organisation": self.key, "names": dict(self.names)}


class SuccessionKind(StrEnum):
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"

    @property
    def label(self) -> str:
        return gettext(SUCCESSION_LABELS[self])


SUCCESSION_LABELS: dict[str, str] = {
    "renamed": mark("Renamed"),
    "merged": mark("Merged"),
    "split": mark("Divided"),
}


class OrganisationSuccession(Base):
    """An organisation that ended on a day, and one that goes on in its place. What was said before stays under the old
    name."""

    __tablename__ = "organisation_successions"
    __table_args__ = (
        CheckConstraint("predecessor_id <> successor_id", name="two_organisations"),
        Index(None, "successor_id"),
    )

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    kind: Mapped[SuccessionKind] = mapped_column(one_of(SuccessionKind, "kind"))
    on_date: Mapped[date]
