"""Reminders, unique by cause, date and person, and the outbox that sends them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.accounts import Account
from tracker.models.base import Base, one_of


class MailKind(StrEnum):
    REMINDER_DIGEST = "reminder_digest"


class OutgoingMail(Base):
    """A mail is a row, written in the transaction that decides on it and sent afterwards.

    One digest per person and day. `claimed_by` names the process that is sending it; a claim older than the lease
    belongs to a process that died. The address is read when the mail is sent.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        UniqueConstraint("kind", "account_id", "on_date"),
        Index(None, "sent_at", "next_try_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[MailKind] = mapped_column(one_of(MailKind, "kind"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    on_date: Mapped[date]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class Reminder(Base):
    """`cause` names what it is about (`milestone upr4_midterm`), `due_on` the day of the offset."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("cause", "due_on", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str]
    due_on: Mapped[date]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("outgoing_mails.id"), index=True)
    created_at: Mapped[datetime]
