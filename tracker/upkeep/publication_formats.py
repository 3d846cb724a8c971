"""Is a published update still what the proof in its history line was made of? Knows every format of a proof; what new
proofs hold is in `services/updates/publication_hashes.py`.

A proof is checked over the fields that it lists, and every other field that readers see must be empty: so a field that
is added to updates or files changes no older proof, and nobody forges a text in it. (A column that held values before
readers saw it needs a rule of its own here.)
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session, class_mapper

from tracker.models.evidence import Evidence
from tracker.models.history_chain import entry_hash
from tracker.models.updates import ProgressUpdate
from tracker.services.updates.publication_hashes import (
    FILE_FIELDS,
    UPDATE_FIELDS,
    FileValues,
    hash_files,
    hash_update,
    plain,
)

FORMAT_1_FIELDS = {
    "level": "level",
    "reason": "reason",
    "done": "done",
    "obstacles": "obstacles",
    "support_needed": "support_needed",
    "next_step": "next_step",
    "next_step_on": "next_step_on",
    "as_of_on": "as_of_on",
    "source_link": "source_link",
    "language": "language",
    "point": "action_point_id",
    "organisation": "organisation_id",
    "led": "led",
    "has_files": "has_files",
    "published_at": "published_at",
}
"""By their name in what is hashed. A proof of format 1 is only a hash, so this list and the next never change."""
FORMAT_1_FILE_FIELDS = ("sha256", "name", "visibility", "media_type", "size_bytes")
_FILE_COLUMNS = tuple(type_coerce(column, Text).label(column.name) for column in Evidence.__table__.c)
"""Read as text, so that a value that its column cannot hold is a difference, too."""


def is_as_published(update: ProgressUpdate, proof: Any) -> bool:
    """Is the update still what its proof was made of? It is not if a listed field no longer exists."""
    match proof:
        case str():
            listed = set(FORMAT_1_FIELDS.values())
            values = {name: plain(getattr(update, field)) for name, field in FORMAT_1_FIELDS.items()}
            is_same = entry_hash(values, 1) == proof
        case {"format": 2, "fields": [*fields], "hash": str(expected)} if _exist(fields, ProgressUpdate):
            listed, is_same = set(fields), hash_update(update, fields) == expected
        case _:
            return False
    return is_same and all(not getattr(update, name) for name in UPDATE_FIELDS if name not in listed)


def are_as_published(files: Sequence[FileValues], proof: Any) -> bool:
    """Are these exactly the files that the proof was made of?"""
    match proof:
        case str():
            listed = set(FORMAT_1_FILE_FIELDS)
            values = [[file[name] for name in FORMAT_1_FILE_FIELDS] for file in files]
            is_same = entry_hash({"files": sorted(values)}, 1) == proof
        case {"format": 2, "fields": [*fields], "hash": str(expected)} if _exist(fields, Evidence):
            listed, is_same = set(fields), hash_files(files, fields) == expected
        case _:
            return False
    unlisted = [file[name] for file in files for name in FILE_FIELDS if name not in listed]
    return is_same and all(value in ("", "None") for value in unlisted)


def list_files(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[FileValues]]:
    """By update, all its files, each with all columns as text."""
    files: dict[UUID, list[FileValues]] = defaultdict(list)
    rows = session.execute(
        select(Evidence.update_id.label("of"), *_FILE_COLUMNS).where(Evidence.update_id.in_(ids))
    )
    for row in rows:
        files[row.of].append({name: str(value) for name, value in row._mapping.items()})
    return {each: files[each] for each in ids}


def _exist(fields: Sequence[Any], model: type[ProgressUpdate | Evidence]) -> bool:
    known = class_mapper(model).column_attrs.keys()
    return all(field in known for field in fields)
