"""Columns whose values only a holder of the key folder can read or look up. The database carries its keys in its
dialect (`tracker.database`), so that a statement needs no word about them."""

from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator

from tracker.failures import KeyMissing
from tracker.keys import SEALED, Keys


class _Keyed(TypeDecorator[str]):
    """`purpose` is sealed or digested along: no value stands for one of another column."""

    impl = Text

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose


class Sealed(_Keyed):
    """A text that is sealed when it is written and opened when it is read. It cannot be searched for."""

    cache_ok = True  # SQLAlchemy asks each class itself

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keys_of(dialect).seal(self.purpose, value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """A value without a seal is older than the key folder; `db upgrade` seals it."""
        if value is None or not value.startswith(SEALED):
            return value  # type: ignore[no-any-return]
        return keys_of(dialect).open(self.purpose, value)


class KeyedDigest(_Keyed):
    """A text of which only the keyed digest is stored: equal texts can be found again, none can be read."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keys_of(dialect).digest(self.purpose, value)


def keys_of(dialect: Dialect) -> Keys:
    found: Keys | None = getattr(dialect, "keys", None)
    if found is None:
        raise KeyMissing("This needs the key folder, and the database was opened without it.")
    return found
