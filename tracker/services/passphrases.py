"""Passphrases: Argon2id through PyNaCl (RFC 9106). Verification reads its parameters from the hash."""

import secrets
from dataclasses import dataclass
from functools import lru_cache

from nacl import pwhash
from nacl.exceptions import InvalidkeyError

# Letters that nobody confuses when they are read from paper: no 0 o 1 l i.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 5
LETTERS_A_GROUP = 4
MOST_CHARACTERS = 256


@dataclass(frozen=True)
class Hashing:
    """Passes over the memory, and bytes of it."""

    operations: int
    memory: int


STRONG = Hashing(operations=3, memory=64 * 1024 * 1024)
CHEAP = Hashing(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
"""For tests (TRACKER_ENV=testing) only: a story signs in a hundred times."""


def make_passphrase() -> str:
    """20 characters in groups, about 99 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(LETTERS_A_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def hash_passphrase(passphrase: str, hashing: Hashing = STRONG) -> str:
    return pwhash.argon2id.str(
        passphrase.encode(), opslimit=hashing.operations, memlimit=hashing.memory
    ).decode()


def is_passphrase(passphrase: str, hashed: str | None) -> bool:
    """Takes the same time for an unknown person (`hashed` None), so that handles cannot be guessed."""
    if len(passphrase) > MOST_CHARACTERS:
        return False
    try:
        pwhash.argon2id.verify((hashed or _nobody()).encode(), passphrase.encode())
    except InvalidkeyError:
        return False
    return hashed is not None


@lru_cache
def _nobody() -> str:
    return hash_passphrase(make_passphrase())
