"""The lines of history about an update and the files behind it. Which action says what: `workflow.py` and
`services/evidence/attachments.py`."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.history.lines import write_line
from tracker.models.updates import ProgressUpdate
from tracker.policy.actors import Actor


def write_update_line(
    session: Session,
    actor: Actor,
    verb: str,
    update: ProgressUpdate,
    sentence: str,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """`sentence` goes on behind the actor's handle."""
    write_line(
        session,
        actor,
        verb,
        f"update {update.id}",
        f"{actor.handle} {sentence}",
        at=now,
        before=_plain(before),
        after=_plain(after),
    )


def _plain(values: Mapping[str, object] | None) -> dict[str, object] | None:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
