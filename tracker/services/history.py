"""Writes the history line of a deed that people answer for."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models.history import HistoryLine
from tracker.policy.actors import Actor


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
    session.add(
        HistoryLine(
            at=at,
            account_id=actor.account_id,
            verb=verb,
            subject=subject,
            sentence=sentence,
            before=before,
            after=after,
        )
    )
