"""The State's dated, append-only entry on an action point."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import gettext, mark
from tracker.models.action_points import ActionPoint
from tracker.models.base import Base, one_of
from tracker.models.levels import Level
from tracker.models.organisations import Organisation


class UpdateState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VALIDATED = "validated"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        return gettext(UPDATE_STATE_LABELS[self])


UPDATE_STATE_LABELS: dict[str, str] = {
    "draft": mark("Draft"),
    "submitted": mark("Submitted"),
    "returned": mark("Returned"),
    "validated": mark("Validated"),
    "published": mark("Published"),
}


class ProgressUpdate(Base):
    """Published updates never change; a newer one supersedes. `led` is set at publication: did the organisation lead
    the recommendation then? Only such updates make the State's level.

    `has_files` says whether rows of Evidence belong to it: a constraint of this table cannot read those.
    `version` prevents lost updates: whoever saves an older version is shown both texts.
    """

    __tablename__ = "progress_updates"
    __table_args__ = (
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_when"),
        CheckConstraint("(state = 'published') = (led IS NOT NULL)", name="led_when_published"),
        CheckConstraint("state IN ('draft', 'returned') OR reason <> ''", name="reason_given"),
        CheckConstraint(
            "state IN ('draft', 'returned') OR level <> 'fully_implemented' OR source_link <> ''"
            " OR has_files",
            name="evidence_given",
        ),
        Index(None, "action_point_id", "published_at"),
        Index(None, "organisation_id", "state"),
        # Updates that wait for somebody. Nearly all rows are published: with an index over every state SQLite, which
        # has no statistics, would read all of them to find the entries of one point.
        Index(
            "ix_progress_updates_waiting",
            "state",
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    action_point_id: Mapped[int] = mapped_column(ForeignKey("action_points.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[UpdateState] = mapped_column(one_of(UpdateState, "state"))
    level: Mapped[Level | None] = mapped_column(one_of(Level, "level"))
    reason: Mapped[str]
    done: Mapped[str]
    obstacles: Mapped[str]
    support_needed: Mapped[str]
    next_step: Mapped[str]
    next_step_on: Mapped[date | None]
    as_of_on: Mapped[date | None]
    source_link: Mapped[str]
    has_files: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str]
    led: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    validated_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    action_point: Mapped[ActionPoint] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
