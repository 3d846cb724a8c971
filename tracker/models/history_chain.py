"""The pure rules of the history chain: what is hashed, and how. No table lives here.

BLAKE2b with 256 bits. `person` keeps the kinds of hash apart from each other, from every other hash, and from
those of a later format. What is hashed is JSON in UTF-8 with sorted keys, without white space and floats.

A change of what is hashed is a new format with a number and a list of its own. A list that lines were written with
never changes, so that these lines stay provable.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

FIRST = "0" * 64
"""What the first line has in the place of the hash of the line before."""
SHORT = 16
"""So many letters of a hash are shown; `flask verify --expect` takes as many."""
_CONTENT = b"history-text-1"
_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class LineFormat:
    """`fields`: the columns that the hash of a line covers, each with its name in what is hashed. `unused`: the
    columns that a line of this format leaves empty, because its hash does not cover them."""

    person: bytes
    fields: Mapping[str, str]
    unused: tuple[str, ...]


LINE_FORMATS = {
    1: LineFormat(
        person=b"history-line-1",
        fields={
            "id": "number",
            "previous_hash": "previous",
            "at": "at",
            "account_id": "account",
            "verb": "verb",
            "subject": "subject",
            "sentence": "sentence",
            "is_public": "public",
            "content_hash": "content",
        },
        unused=("facts",),
    ),
    2: LineFormat(
        person=b"history-line-2",
        fields={
            name: name
            for name in (
                "format",
                "id",
                "previous_hash",
                "at",
                "account_id",
                "state_code",
                "verb",
                "subject",
                "facts",
                "is_public",
                "content_hash",
            )
        },
        unused=("sentence",),
    ),
}
"""1: lines with a stored sentence, written before revision 0007. They were written without a State, so that their hash
does not cover `state_code`. 2: lines with facts. A line that is given the number of another format has another
`person` and other fields: its hash is wrong."""
LINE_FORMAT = 2
"""Of the lines that are written now."""
_ENTRY_PERSONS = {1: b"history-entry1", 2: b"history-entry2"}


def make_salt() -> str:
    return secrets.token_hex(16)


def content_hash(salt: str, before: Any, after: Any) -> str:
    _refuse_floats([before, after])
    return _hash(_CONTENT, [salt, before, after])


def line_hash(line: Mapping[str, Any], line_format: int) -> str:
    """Of a line as its columns hold it. `before`, `after` and `salt` are covered by `content_hash`."""
    chosen = LINE_FORMATS[line_format]
    values = {name: _plain(line[column]) for column, name in chosen.fields.items()}
    _refuse_floats(values)
    return _hash(chosen.person, values)


def entry_hash(values: dict[str, Any], entry_format: int) -> str:
    """Of what was published, which is no secret: without a salt."""
    return _hash(_ENTRY_PERSONS[entry_format], values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def _hash(person: bytes, values: Any) -> str:
    return hashlib.blake2b(_PLAIN.encode(values).encode(), digest_size=32, person=person).hexdigest()


def _refuse_floats(values: Any) -> None:
    """Databases and languages write them differently."""
    if isinstance(values, float):
        raise TypeError("a line of the history holds no floating-point number")
    inner = values.values() if isinstance(values, dict) else values if isinstance(values, list) else ()
    for each in inner:
        _refuse_floats(each)
