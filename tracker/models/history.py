"""Who did what when, in a sentence, before and after. Deeds of independent accounts write none."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class HistoryLine(Base):
    """`subject` names the thing (`update 3f…`), `verb` the deed as the services call it."""

    __tablename__ = "history_lines"
    __table_args__ = (Index(None, "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    verb: Mapped[str]
    subject: Mapped[str]
    sentence: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
