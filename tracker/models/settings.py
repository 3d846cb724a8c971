"""Facts about the instance, the runs of its jobs, and the values that its seed stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base

SET_UP_ON = "set_up_on"
"""ISO date of the first seed: reminders that fell before it are not sent."""
DEMONSTRATION = "demonstration"
"""Present where the demonstration was seeded: every page and export says so."""


class Setting(Base):
    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class JobRun(Base):
    """One run of a job of `jobs/schedule.py`: what it did, or why it failed."""

    __tablename__ = "job_runs"
    __table_args__ = (Index(None, "name", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")


class SeededRow(Base):
    """The values that the seed last stored for a row, so that it never overwrites what a person changed."""

    __tablename__ = "seeded_rows"

    file: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
