"""Columns whose values only a holder of the key folder can read or look up. The keys are an attribute of the engine's
dialect (`tracker.database`), so that statements need not pass them."""

from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator

from tracker.failures import KeyMissing
from tracker.keys import SEALED, Keys


class _Keyed(TypeDecorator[str]):
    """`purpose` differs between columns: a value that is copied to another column does not open or match."""

    impl = Text

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose


class Sealed(_Keyed):
    """A text that is sealed when it is written and opened when it is read. No query can search it."""

    cache_ok = True  # SQLAlchemy reads this from each class itself

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
    keys: Keys | None = getattr(dialect, "keys", None)
    if keys is None:
        raise KeyMissing("This needs the key folder, and the database was opened without it.")
    return keys
