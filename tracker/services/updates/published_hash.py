"""What the line of a publication holds hashes of: the words of the update and the files behind it. They are compared
in `upkeep/verify_publications.py`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from tracker.models.evidence import Evidence
from tracker.models.history_chain import entry_hash
from tracker.models.updates import ProgressUpdate
from tracker.services.updates.texts import text_of

_AS_STORED = tuple(
    type_coerce(column, Text)
    for column in (
        Evidence.sha256,
        Evidence.name,
        Evidence.visibility,
        Evidence.media_type,
        Evidence.size_bytes,
    )
)
"""Read as text, so that a value that its column cannot hold is a difference, too."""


def published_hash(update: ProgressUpdate) -> str:
    """Of all that a reader takes from a published update: the words, the level, where it stands and whose it is.
    Its files have a hash of their own, which lines of older versions lack."""
    text = text_of(update)
    days = {"next_step_on": text.next_step_on, "as_of_on": text.as_of_on}
    return entry_hash(
        {
            **text.__dict__,
            **{name: day and day.isoformat() for name, day in days.items()},
            "point": update.action_point_id,
            "organisation": update.organisation_id,
            "led": update.led,
            "has_files": bool(update.has_files),
            "published_at": update.published_at and update.published_at.astimezone(UTC).isoformat(),
        }
    )


def hashes_of_files(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """By update, of all its files: bytes, name, type, size and who may read them. `NO_FILES` where there are none."""
    files: dict[UUID, list[list[str]]] = defaultdict(list)
    rows = session.execute(select(Evidence.update_id, *_AS_STORED).where(Evidence.update_id.in_(ids)))
    for update_id, *values in rows:
        if update_id is not None:
            files[update_id].append([str(each) for each in values])
    return {each: _hash(files[each]) for each in ids}


def _hash(files: list[list[str]]) -> str:
    return entry_hash({"files": sorted(files)})


NO_FILES = _hash([])
