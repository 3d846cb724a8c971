"""A file of an update or an assessment. Its bytes are in the storage folder, named by their SHA-256."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import gettext, mark
from tracker.models.base import Base, one_of


class Visibility(StrEnum):
    """`confidential`: only for people who see the unpublished work of the same organisation."""

    CONFIDENTIAL = "confidential"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        return gettext(VISIBILITY_LABELS[self])


VISIBILITY_LABELS: dict[str, str] = {
    "confidential": mark("Confidential: your organisation and the coordinator"),
    "public": mark("Public: everybody, once the update is published"),
}


class Evidence(Base):
    """A link is stored in the entry itself (`source_link`), a file is a row here. No account is stored.

    Nothing unpublished of independent voices is stored, so their files are always public.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(update_id IS NULL) <> (assessment_id IS NULL)", name="of_one_entry"),
        CheckConstraint("assessment_id IS NULL OR visibility = 'public'", name="assessments_are_public"),
        CheckConstraint("size_bytes > 0 AND name <> '' AND length(sha256) = 64", name="whole"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    update_id: Mapped[UUID | None] = mapped_column(ForeignKey("progress_updates.id"), index=True)
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessments.id"), index=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size_bytes: Mapped[int]
    media_type: Mapped[str]
    """That of a text tells its alphabet. A table (CSV) of which a program would compute something is plain text."""
    name: Mapped[str]
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility, "visibility"))
    added_at: Mapped[datetime]

    @property
    def may_compute(self) -> bool:
        """Whether it is a table with a cell that begins like a formula."""
        return self.name.endswith(".csv") and self.media_type.startswith("text/plain")

    @property
    def saved_name(self) -> str:
        """The name under which browsers save it. A table that may compute opens as a text."""
        return f"{self.name}.txt" if self.may_compute else self.name
