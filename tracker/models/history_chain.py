"""The pure rules of the history chain: what is hashed, and how. No table lives here.

BLAKE2b with 256 bits. `person` makes the hashes of each kind and format differ from each other and from all others.
What is hashed is JSON in UTF-8 with sorted keys, without white space and floats.

To hash something else, add a format with a number and a list of fields of its own. The list of a format that lines were
written with never changes, so that these lines can still be verified.
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
"""The `previous_hash` of the first line."""
SHORT = 16
"""How many characters of a hash are shown, and accepted by `flask verify --expect`."""
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
"""1: lines with a stored sentence, written before revision 0007. They had no State, so their hash does not cover
`state_code`. 2: lines with facts. If somebody changes the format of a line, its hash is wrong, because `person` and the
fields are others."""
LINE_FORMAT = 2
"""The format of new lines."""
_ENTRY_PERSONS = {1: b"history-entry1", 2: b"history-entry2"}


def make_salt() -> str:
    return secrets.token_hex(16)


def content_hash(salt: str, before: Any, after: Any) -> str:
    _refuse_floats([before, after])
    return _hash(_CONTENT, [salt, before, after])


def line_hash(line: Mapping[str, Any], line_format: int) -> str:
    """The hash of the columns of a line. `content_hash` covers `before`, `after` and `salt`."""
    chosen = LINE_FORMATS[line_format]
    values = {name: _plain(line[column]) for column, name in chosen.fields.items()}
    _refuse_floats(values)
    return _hash(chosen.person, values)


def entry_hash(values: dict[str, Any], entry_format: int) -> str:
    """The hash of what was published. That is no secret, so it needs no salt."""
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
