"""States under review and recommending States."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import current
from tracker.models.base import Base, one_of


class StateStatus(StrEnum):
    MEMBER_STATE = "member_state"
    OBSERVER_STATE = "observer_state"


class State(Base):
    """`code` is ISO 3166-1 alpha-3. The Kyrgyz names are unchecked.

    An observer State makes recommendations and is never under review. `aliases` are other names, in any language, by
    which the files that are imported call the State; no page shows them.
    """

    __tablename__ = "states"

    code: Mapped[str] = mapped_column(primary_key=True)
    alpha2: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]
    name_ru: Mapped[str]
    name_ky: Mapped[str]
    status: Mapped[StateStatus] = mapped_column(
        one_of(StateStatus, "status"), default=StateStatus.MEMBER_STATE
    )
    aliases: Mapped[list[Any]] = mapped_column(JSON, default=list)

    @property
    def name(self) -> str:
        return {"ru": self.name_ru, "ky": self.name_ky}.get(current(), self.name_en)
