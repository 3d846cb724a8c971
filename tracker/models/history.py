"""Who did what when: a verb with its facts, before and after. Actions of independent accounts write no line.

Each line holds the hash of the line before and its own (`models/history_chain.py`).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import gettext, mark
from tracker.models.base import Base

PUBLIC_VERBS = frozenset({"publish_update", "assign", "end_assignment"})
"""Actions that everybody can read; `templates/history/index.html` has a sentence without a handle for each."""
PURGING_VERBS = frozenset({"discard_update"})
"""Actions that remove the texts of the older lines on the same subject."""


class LineKind(StrEnum):
    """The kinds that people filter by; `queries/history/filter.py` says which line is of which kind."""

    PUBLISHED = "published"
    RESPONSIBILITY = "responsibility"
    WORK = "work"
    PEOPLE = "people"
    OTHER = "other"

    @property
    def label(self) -> str:
        return gettext(KIND_LABELS[self])


KIND_LABELS: dict[str, str] = {
    "published": mark("Published updates"),
    "responsibility": mark("Who is responsible"),
    "work": mark("Drafts, checks, returns and files"),
    "people": mark("Accounts, links and organisations"),
    "other": mark("Anything else"),
}


class HistoryLine(Base):
    """`subject` names the thing (`update 3f…`), `verb` the action as the services call it. `facts` hold what its
    sentence needs (`history/sentences.py`). The line's hash covers them and no purge removes them, so they never hold a
    text that somebody wrote. `sentence` is stored in lines of format 1 only. `format` says which columns the hash
    covers (`models/history_chain.py`). `state_code` is the State that the action concerns.

    `id` is the place in the chain, counted from 1 without gaps. `content_hash` covers `before`, `after` and the random
    `salt`. A purge removes these three: the line stays in the chain, and nobody can guess what it said."""

    __tablename__ = "history_lines"
    __table_args__ = (Index(None, "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    format: Mapped[int]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    state_code: Mapped[str | None] = mapped_column(ForeignKey("states.code"), index=True)
    verb: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sentence: Mapped[str | None]
    is_public: Mapped[bool]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    salt: Mapped[str | None]
    content_hash: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class HistoryHead(Base):
    """One row: the number of the newest line. Writing a line locks it until the transaction ends, so that two actions
    at once make one chain. It also shows if the newest lines were deleted."""

    __tablename__ = "history_heads"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
