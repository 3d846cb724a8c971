"""What the history line of a publication holds to prove the words of the update and its files: a format, the fields
that are hashed, and the hash. `upkeep/publication_formats.py` compares it with what is stored.

A new field of updates or files is added to `UpdateText` or `FILE_FIELDS`: new proofs cover it, older ones stay as they
are.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from tracker.models.evidence import Evidence
from tracker.models.history_chain import entry_hash
from tracker.models.updates import ProgressUpdate
from tracker.services.updates.texts import TEXT_FIELDS

FORMAT = 2
UPDATE_FIELDS = (*TEXT_FIELDS, "action_point_id", "organisation_id", "led", "has_files", "published_at")
"""All that a reader takes from a published update: the words, the level, where it stands and whose it is. Its files
have a proof of their own."""
FILE_FIELDS = ("sha256", "name", "visibility", "media_type", "size_bytes")
"""Bytes, name, type, size and who may read them."""
FileValues = Mapping[str, str]
"""The values of a file by field, as text."""


def proof_of_update(update: ProgressUpdate) -> dict[str, Any]:
    fields = list(UPDATE_FIELDS)
    return {"format": FORMAT, "fields": fields, "hash": hash_update(update, fields)}


def proof_of_files(files: Sequence[Evidence]) -> dict[str, Any]:
    fields = list(FILE_FIELDS)
    values = [{name: str(getattr(file, name)) for name in fields} for file in files]
    return {"format": FORMAT, "fields": fields, "hash": hash_files(values, fields)}


def hash_update(update: ProgressUpdate, fields: Sequence[str]) -> str:
    values = {name: plain(getattr(update, name)) for name in fields}
    return entry_hash({"format": FORMAT, "fields": values}, FORMAT)


def hash_files(files: Sequence[FileValues], fields: Sequence[str]) -> str:
    values = sorted([file[name] for name in fields] for file in files)
    return entry_hash({"format": FORMAT, "fields": list(fields), "files": values}, FORMAT)


def plain(value: Any) -> Any:
    """The value as it is hashed: days and instants as text, instants in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
