"""Organisations: of the State, and independent ones."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import current, gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.levels import Voice


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

    @property
    def facts(self) -> dict[str, Any]:
        """What a history line stores about it: its key, and the names that it has on that day."""
        names = {"en": self.name_en, "ru": self.name_ru, "ky": self.name_ky}
        return {"organisation": self.key, "names": names}
