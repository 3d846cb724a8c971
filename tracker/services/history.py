"""Writes the history line of a deed that people answer for."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, null
from sqlalchemy.orm import Session

from tracker.models.history import HistoryLine
from tracker.policy.actors import Actor

_INSERT = insert(HistoryLine.__table__)  # type: ignore[arg-type]  # a mapped class's table is one


def write_line(
    session: Session,
    actor: Actor,
    verb: str,
    subject: str,
    sentence: str,
    *,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Adds the line to the transaction of the deed. Never called for deeds of independent accounts."""
    line = {
        "at": at,
        "account_id": actor.account_id,
        "verb": verb,
        "subject": subject,
        "sentence": sentence,
        "before": null() if before is None else before,
        "after": null() if after is None else after,
    }
    session.connection().execute(_INSERT, line)
