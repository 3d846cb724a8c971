"""Files of recommendations that a coordinator uploads: what was read of them, and what became of it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.language import current, gettext, mark
from tracker.models.base import Base, one_of
from tracker.models.reviews import Review

KEPT_FOR = timedelta(days=30)
"""From its upload on a file that is not applied is kept; the job `discard_old_imports` forgets it then."""


class ImportState(StrEnum):
    """`WAITING`: it is not read yet. `COLUMNS`: somebody must say what its columns hold. `READ`: its preview can be
    applied."""

    WAITING = "waiting"
    COLUMNS = "columns"
    REFUSED = "refused"
    READ = "read"
    APPLIED = "applied"
    UNDONE = "undone"

    @property
    def label(self) -> str:
        return gettext(STATE_LABELS[self])


STATE_LABELS: dict[str, str] = {
    "waiting": mark("Waits to be read"),
    "columns": mark("Columns to be chosen"),
    "refused": mark("Could not be read"),
    "read": mark("Preview, nothing applied yet"),
    "applied": mark("Applied"),
    "undone": mark("Undone"),
}


class ItemKind(StrEnum):
    """What applying an item would do. `DOUBTFUL`: a person should look at it first."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return gettext(KIND_LABELS[self])


KIND_LABELS: dict[str, str] = {
    "new": mark("New"),
    "changed": mark("Changed"),
    "unchanged": mark("Unchanged"),
    "doubtful": mark("Doubtful"),
    "refused": mark("Not read"),
}


class Import(Base):
    """`columns`: what each column of a table holds (`exchange/imports/rows.py`), empty where the layout says it.
    `headers` and `samples` are shown when columns are chosen. `explained`: names of States in the file that a person
    explained before (`StateSpelling`), folded. `problem`: why the file as a whole could not be read. `content` and
    `samples` are removed once the import is applied or discarded. `compared_with`: a digest of what stood in the review
    when the preview was made; where something else stands now, the preview is out of date. `language`: that of whoever
    asked for the reading, in which the sentences of the preview are stored."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("(applied_at IS NULL) = (state NOT IN ('applied', 'undone'))", name="applied"),
        Index(None, "review_id", "uploaded_at"),
        Index(None, "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    file_name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    layout: Mapped[str | None]
    columns: Mapped[list[Any]] = mapped_column(JSON, default=list)
    headers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    samples: Mapped[list[Any]] = mapped_column(JSON, default=list)
    explained: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[ImportState] = mapped_column(one_of(ImportState, "state"))
    problem: Mapped[str] = mapped_column(default="")
    left_out: Mapped[int] = mapped_column(default=0)
    compared_with: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default=current)
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    review: Mapped[Review] = relationship(lazy="raise_on_sql")

    @property
    def kept_until(self) -> datetime:
        """Of one that is not applied."""
        return self.uploaded_at + KEPT_FOR


UNKNOWN_STATES = "unknown_states"
"""Among the values of an item: names in the file that stand for no State that is known, as spelled."""
ASKED = "asked"
"""Among the values of an item: the fields that stand in another item, because nobody may decide but a person."""
OF_NEW = "of_new"
"""Among the values of an item that decides about a part of a recommendation which the import adds: the place of the
item that adds it."""


class ImportItem(Base):
    """One recommendation of the file, which may stand in many of its rows.

    `values`: what the file says, by field; beside it `UNKNOWN_STATES`, `ASKED` and `OF_NEW`. `changes`: of each field
    that would change what stands now and what would. `problems`: place and sentence of each. `is_taken`: applying the
    import takes it. `before`: None until it is applied; then `values` (what the fields held, for the undo; None where
    it added the recommendation), `imported` (what the file before had said) and `after` (a digest of how the import
    left the recommendation). Several items may be about one recommendation: what a person must decide stands apart,
    and so does a draft for a ministry. Such an item has `draft` alone among its values, whose words are removed once
    the import is applied: then the draft holds them.
    """

    __tablename__ = "import_items"
    __table_args__ = (UniqueConstraint("import_id", "number"), Index(None, "import_id", "kind", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
    number: Mapped[int]
    place: Mapped[str]
    ref: Mapped[str | None]
    kind: Mapped[ItemKind] = mapped_column(one_of(ItemKind, "kind"))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    is_taken: Mapped[bool]
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendations.id"), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def can_be_taken(self) -> bool:
        """A problem of the file as a whole has nothing to take; a draft that its line says cannot be made is none."""
        is_some = self.kind in (ItemKind.NEW, ItemKind.CHANGED, ItemKind.DOUBTFUL) and bool(self.values)
        return is_some and self.values.get("draft", {}).get("can_be_made", True)


class StateSpelling(Base):
    """Which State a spelling `means` (folded: `exchange/imports/state_names.py`), as somebody of the State under review
    said last; `name`: as the file spelled it. A name that the product knows itself means what it knows."""

    __tablename__ = "state_spellings"

    state_code: Mapped[str] = mapped_column(ForeignKey("states.code"), primary_key=True)
    spelling: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    means: Mapped[str] = mapped_column(ForeignKey("states.code"))
    chosen_at: Mapped[datetime]


class ColumnChoice(Base):
    """What the columns of a table with these headers hold, as somebody of the State chose last."""

    __tablename__ = "column_choices"

    state_code: Mapped[str] = mapped_column(ForeignKey("states.code"), primary_key=True)
    headers: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[list[Any]] = mapped_column(JSON)
