"""Letters and statements addressed to the State. They set deadlines and are evidence; they never give a level."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of


class CommunicationKind(StrEnum):
    SPECIAL_PROCEDURES = "special_procedures"
    ALLEGATION_LETTER = "allegation_letter"
    REPRISALS_LETTER = "reprisals_letter"
    NGO_APPEAL = "ngo_appeal"
    PUBLIC_STATEMENT = "public_statement"

    @property
    def label(self) -> str:
        return gettext(COMMUNICATION_LABELS[self])


class ReplyState(StrEnum):
    RECEIVED = "received"
    NONE = "none"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return gettext(REPLY_LABELS[self])


COMMUNICATION_LABELS: dict[str, str] = {
    "special_procedures": mark("Special procedures"),
    "allegation_letter": mark("Allegation letter"),
    "reprisals_letter": mark("Letter on reprisals"),
    "ngo_appeal": mark("Appeal of a civil society organisation"),
    "public_statement": mark("Public statement"),
}
REPLY_LABELS: dict[str, str] = {
    "received": mark("Reply received"),
    "none": mark("No reply received"),
    "unknown": mark("No reply recorded"),
    "not_applicable": mark("No reply asked for"),
}


class Communication(Base):
    """`response_days`: the days for a reply, where the letter names a number (AL KGZ 2/2021: 60 days). `reply_on`: the
    day of the reply; `reply_as_of_on`: the day on which `reply_state` was known. `source`: where all this was read."""

    __tablename__ = "communications"
    __table_args__ = (UniqueConstraint("state_code", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("states.code"))
    reference: Mapped[str]
    order: Mapped[int]
    kind: Mapped[CommunicationKind] = mapped_column(one_of(CommunicationKind, "kind"))
    sent_on: Mapped[date | None]
    response_days: Mapped[int | None]
    due_on: Mapped[date | None]
    mandates: Mapped[list[Any]] = mapped_column(JSON)
    reply_state: Mapped[ReplyState] = mapped_column(one_of(ReplyState, "reply_state"))
    reply_on: Mapped[date | None]
    reply_as_of_on: Mapped[date | None]
    note: Mapped[str]
    source: Mapped[str]
    public_url: Mapped[str | None]

    requests: Mapped[list["CommunicationRequest"]] = relationship(
        lazy="raise_on_sql", order_by="CommunicationRequest.number", cascade="all, delete-orphan"
    )


class CommunicationRequest(Base):
    __tablename__ = "communication_requests"

    communication_id: Mapped[int] = mapped_column(ForeignKey("communications.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class CommunicationRecommendation(Base):
    __tablename__ = "communication_recommendations"
    __table_args__ = (Index(None, "recommendation_id"),)

    communication_id: Mapped[int] = mapped_column(ForeignKey("communications.id"), primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"), primary_key=True)
