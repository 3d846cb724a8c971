"""Lays a row of a data file into a table without ever overwriting what a person changed since.

What was laid down is remembered (`SeededRow`): a field that still has the remembered value follows the
file, any other belongs to whoever changed it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Base
from tracker.models.settings import SeededRow

Row = TypeVar("Row", bound=Base)


@dataclass
class Outcome:
    """How many rows were added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    reviews: set[int] = field(default_factory=set)

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.removed} removed"

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


class Layer:
    """Lays the rows of one file into one table. `identity` names the columns that find a row again."""

    def __init__(
        self, session: Session, file: str, model: type[Row], identity: tuple[str, ...], outcome: Outcome
    ) -> None:
        self._session, self._file, self._model = session, file, model
        self._identity, self._outcome = identity, outcome
        self._found: dict[tuple[Any, ...], Any] = {
            tuple(getattr(row, name) for name in identity): row for row in session.scalars(select(model))
        }
        self._seeded = {
            row.key: row for row in session.scalars(select(SeededRow).where(SeededRow.file == file))
        }
        self._laid: set[str] = set()

    def lay(self, identity: tuple[Any, ...], values: dict[str, Any]) -> Any:
        """The row; None where a person removed it."""
        key = "|".join(str(part) for part in identity)
        self._laid.add(key)
        plain = {name: _plain(value) for name, value in values.items()}
        row, seeded = self._found.get(identity), self._seeded.get(key)
        if row is None and seeded is not None:
            return None
        if row is None:
            row = self._model(**dict(zip(self._identity, identity, strict=True)), **values)
            self._session.add(row)
            self._found[identity] = row
            self._outcome.added += 1
        elif self._follow(row, values, seeded.values if seeded else {}):
            self._outcome.changed += 1
        if seeded is None:
            self._seeded[key] = SeededRow(file=self._file, key=key, values=plain)
            self._session.add(self._seeded[key])
        elif seeded.values != plain:
            seeded.values = plain
        return row

    def no_longer_laid(self) -> list[Any]:
        """Rows that an earlier seed laid and the file has no more; the memory of them is removed."""
        gone = []
        for key in set(self._seeded) - self._laid:
            self._session.delete(self._seeded.pop(key))
            gone += [row for identity, row in self._found.items() if "|".join(map(str, identity)) == key]
        return gone

    def remove_rest(self) -> None:
        for row in self.no_longer_laid():
            self._session.delete(row)
            self._outcome.removed += 1

    def _follow(self, row: Any, values: dict[str, Any], remembered: dict[str, Any]) -> bool:
        changed = False
        for name, value in values.items():
            current = _plain(getattr(row, name))
            is_ours = name not in remembered or current == remembered[name]
            if is_ours and current != _plain(value):
                setattr(row, name, value)
                changed = True
        return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
