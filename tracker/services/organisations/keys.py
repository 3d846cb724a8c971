"""Keys: the short names of organisations in addresses.

What a coordinator makes has the code of the State before its key (`kgz-ministry-of-justice`), and no independent
organisation may have such a key. Without this, a coordinator who tries a key would learn from “taken already” that an
independent organisation exists which nobody of the State may know."""

import re
from itertools import count
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import BadInput
from tracker.language import gettext
from tracker.models.organisations import Organisation
from tracker.models.states import State

KEY = re.compile(r"[^\W_][\w-]*")
LONGEST = 60


def key_of_state(session: Session, state_code: str, typed: str, name: str) -> str:
    """The typed key behind the code of the State; where none was typed, one made of the English name, with a number
    behind it where it is taken."""
    prefix = prefix_of(state_code)
    typed = typed.strip().casefold().removeprefix(prefix)
    if typed and not KEY.fullmatch(typed):
        raise BadInput(
            gettext("Write the short name in addresses with letters, digits and hyphens, or leave it empty.")
        )
    if typed:
        return prefix + typed
    proposed = prefix + slug_of(name)
    taken = set(session.scalars(select(Organisation.key).where(Organisation.key.startswith(proposed))))
    numbered = (f"{proposed}-{number}" for number in count(2))
    return proposed if proposed not in taken else next(key for key in numbered if key not in taken)


def slug_of(name: str) -> str:
    """ministry-of-justice"""
    plain = normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain.replace("'", "")).split()
    slug = "-".join(words) or "organisation"
    return slug if len(slug) <= LONGEST else slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]


def prefix_of(state_code: str) -> str:
    return f"{state_code.casefold()}-"


def refuse_taken_key(session: Session, key: str) -> None:
    if session.scalar(select(Organisation.id).where(Organisation.key == key)) is not None:
        raise BadInput(gettext("There is an organisation %(key)s already: choose another key.", key=key))


def begins_like_a_state(session: Session, key: str) -> bool:
    code, hyphen, _ = key.partition("-")
    return bool(hyphen) and len(code) == 3 and session.get(State, code.upper()) is not None
