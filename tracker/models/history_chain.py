"""The pure rules of the history chain: what is hashed, and how. No table lives here.

BLAKE2b with 256 bits. `person` keeps the kinds of hash apart from each other, from every other hash, and from
those of a later form. What is hashed is JSON in UTF-8 with sorted keys, without white space and floats.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

FIRST = "0" * 64
"""What the first line has in the place of the hash of the line before."""
SHORT = 16
"""So many letters of a hash are shown; `flask verify --expect` takes as many."""
_LINE, _CONTENT, _ENTRY = b"history-line-1", b"history-text-1", b"history-entry1"
_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def make_salt() -> str:
    return secrets.token_hex(16)


def content_hash(salt: str, before: Any, after: Any) -> str:
    _refuse_floats([before, after])
    return _hash(_CONTENT, [salt, before, after])


def line_hash(
    number: int,
    previous_hash: str,
    at: datetime,
    account_id: UUID | None,
    verb: str,
    subject: str,
    sentence: str,
    is_public: bool,
    content_hash: str,
) -> str:
    """Covers every column of the line; `before`, `after` and `salt` through their own hash."""
    said = {
        "number": number,
        "previous": previous_hash,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "account": None if account_id is None else str(account_id),
        "verb": verb,
        "subject": subject,
        "sentence": sentence,
        "public": is_public,
        "content": content_hash,
    }
    return _hash(_LINE, said)


def entry_hash(said: dict[str, Any]) -> str:
    """Of what was published, which is no secret: without a salt."""
    return _hash(_ENTRY, said)


def _hash(person: bytes, said: Any) -> str:
    return hashlib.blake2b(_PLAIN.encode(said).encode(), digest_size=32, person=person).hexdigest()


def _refuse_floats(said: Any) -> None:
    """Databases and languages write them differently."""
    if isinstance(said, float):
        raise TypeError("a line of the history holds no floating-point number")
    for each in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        _refuse_floats(each)
