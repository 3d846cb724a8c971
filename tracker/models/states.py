"""States under review and recommending States."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, one_of
from tracker.models.names import Named


class StateStatus(StrEnum):
    MEMBER_STATE = "member_state"
    OBSERVER_STATE = "observer_state"


class State(Named, Base):
    """`code` is ISO 3166-1 alpha-3. The Kyrgyz names are unchecked.

    An observer State makes recommendations and is never under review. `aliases` are other names, in any language, by
    which the files that are imported call the State; no page shows them.
    """

    __tablename__ = "states"

    code: Mapped[str] = mapped_column(primary_key=True)
    alpha2: Mapped[str] = mapped_column(unique=True)
    status: Mapped[StateStatus] = mapped_column(
        one_of(StateStatus, "status"), default=StateStatus.MEMBER_STATE
    )
    aliases: Mapped[list[Any]] = mapped_column(JSON, default=list)
