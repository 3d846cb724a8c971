"""Lays a row of a data file into a table without ever overwriting what a person changed since.

What was laid down is remembered (`SeededRow`): a field that still has the remembered value follows the
file, any other belongs to whoever changed it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self, TypeVar

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import LARGEST, SeedRow
from tracker.failures import BadInput, NotAllowed, ValidationFailed
from tracker.models import Base
from tracker.models.settings import SeededRow
from tracker.models.states import State

Found = TypeVar("Found")
Row = TypeVar("Row", bound=Base)


@dataclass
class Outcome:
    """How many rows were added, changed and removed; and by name those that stay though no file has them any more."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.removed} removed"

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


def look_up(row: SeedRow, name: str, known: Mapping[str, Found]) -> Found:
    """The thing that a row names, or a sentence that there is none."""
    if row.text(name) not in known:
        raise row.broken(f"“{name}” names {row.text(name)!r}, which is not there")
    return known[row.text(name)]


def look_up_each(row: SeedRow, name: str, known: Mapping[str, Found]) -> list[Found]:
    """The things that a list of a row names."""
    for code in row.names(name):
        if code not in known:
            raise row.broken(f"“{name}” names {code!r}, which is not there")
    return [known[code] for code in row.names(name)]


@contextmanager
def blaming(row: SeedRow) -> Iterator[None]:
    """What a verb refuses is wrong in the row that asks for it."""
    try:
        yield
    except NotAllowed as error:
        raise row.broken(
            "who is named here may not do this: see the role, organisation and assignments"
        ) from error
    except ValidationFailed as error:
        raise row.broken(". ".join(error.sentences.values())) from error
    except BadInput as error:
        raise row.broken(str(error)) from error


def state_codes(session: Session) -> dict[str, str]:
    return {code: code for code in session.scalars(select(State.code))}


class SeedTable:
    """Lays the rows of one file into one table; they are checked and written when its block ends.

    `identity` names the columns that find a row again.
    """

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
        self._laid: dict[tuple[Any, ...], tuple[SeedRow, dict[str, Any]]] = {}
        self._changed: list[tuple[Any, set[str]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write()

    def upsert(self, entry: SeedRow, identity: tuple[Any, ...], values: dict[str, Any]) -> Any:
        """The row; None where a person removed it."""
        key = _key(identity)
        self._laid[identity] = entry, values
        plain = {name: _plain(value) for name, value in values.items()}
        row, seeded = self._found.get(identity), self._seeded.get(key)
        if row is None and seeded is not None:
            return None
        if row is None:
            row = self._model(**dict(zip(self._identity, identity, strict=True)), **values)
            self._session.add(row)
            self._found[identity] = row
            self._outcome.added += 1
        elif changed := self._follow(row, values, seeded.values if seeded else {}):
            self._changed.append((row, changed))
            self._outcome.changed += 1
        if seeded is None:
            self._seeded[key] = SeededRow(file=self._file, key=key, values=plain)
            self._session.add(self._seeded[key])
        elif seeded.values != plain:
            seeded.values = plain
        return row

    def remove_missing(self, stays: Callable[[Any], bool] = lambda _row: False) -> None:
        """Removes the rows that an earlier seed laid and the file has no more, and the memory of them; not those that
        belong to something that `stays`."""
        for row, seeded in self._no_longer_laid():
            if row is not None and stays(row):
                continue
            self._session.delete(seeded)
            if row is not None:
                self._session.delete(row)
                self._outcome.removed += 1

    def retire_missing(self, now: datetime) -> None:
        """Those rows stay, retired unless a person retired them before; what was laid stays remembered, so that
        one that comes back still has what a person changed."""
        for row, seeded in self._no_longer_laid():
            if row is None or seeded.values["retired_at"] is not None:
                continue
            if row.retired_at is None:
                row.retired_at = now
                self._outcome.removed += 1
            seeded.values = seeded.values | {"retired_at": now.isoformat()}

    def keep_missing(self) -> None:
        """Those rows stay as they are, because entries, history or other rows may refer to them, and are named."""
        for row, seeded in self._no_longer_laid():
            if row is not None:
                self._outcome.left.append(f"{self._file} {seeded.key.rpartition('|')[2]}")

    def _no_longer_laid(self) -> list[tuple[Any, SeededRow]]:
        """The row (None where a person removed it) and the memory of what an earlier seed laid."""
        rows = {_key(identity): row for identity, row in self._found.items()}
        laid = {_key(identity) for identity in self._laid}
        return [(rows.get(key), seeded) for key, seeded in self._seeded.items() if key not in laid]

    def _follow(self, row: Any, values: dict[str, Any], remembered: dict[str, Any]) -> set[str]:
        """The names of the columns that changed."""
        changed = set()
        for name, value in values.items():
            current = _plain(getattr(row, name))
            is_ours = name not in remembered or current == remembered[name]
            if is_ours and current != _plain(value):
                setattr(row, name, value)
                changed.add(name)
        return changed

    def _write(self) -> None:
        """In two steps, because rows are written one after the other and those that swap a unique value would
        meet halfway: first whatever moves is set aside, then it takes its place. (A constraint that is checked
        at the commit would do it in one; SQLite has none.)"""
        moving = []
        for names in self._uniques():
            self._refuse_two_alike(names)
            moving += [(row, names[-1]) for row, changed in self._changed if changed.intersection(names)]
        finals = [(row, name, getattr(row, name)) for row, name in moving]
        for number, (row, name, value) in enumerate(finals):
            setattr(row, name, f"aside {number}" if isinstance(value, str) else ASIDE + number)
        self._session.flush()
        for row, name, value in finals:
            setattr(row, name, value)
        self._session.flush()

    def _uniques(self) -> list[tuple[str, ...]]:
        """Columns of which no two rows may have the same values, besides those that find a row again."""
        found = [
            tuple(each.columns.keys())
            for each in Base.metadata.tables[self._model.__tablename__].constraints
            if isinstance(each, UniqueConstraint)
        ]
        return [names for names in sorted(found) if not set(names) <= set(self._identity)]

    def _refuse_two_alike(self, names: tuple[str, ...]) -> None:
        """The blame is on an entry of the file, never on a value that a person has set."""
        following = {
            identity: entry.line
            for identity, (entry, _) in self._laid.items()
            if self._is_as_laid(identity, names)
        }
        owners: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for identity in [*(each for each in self._found if each not in following), *following]:
            value = tuple(getattr(self._found[identity], name) for name in names)
            other = owners.setdefault(value, identity)
            if other != identity:
                place = f"line {following[other]}" if other in following else "the database"
                sentence = f"“{names[-1]}” is {value[-1]!r}, which {other[-1]!r} in {place} has too"
                raise self._laid[identity][0].broken(sentence)

    def _is_as_laid(self, identity: tuple[Any, ...], names: tuple[str, ...]) -> bool:
        row, values = self._found.get(identity), self._laid[identity][1]
        return row is not None and all(
            getattr(row, name) == values.get(name, getattr(row, name)) for name in names
        )


ASIDE = LARGEST + 1
"""Larger than every number of a file, and still a number that both databases hold."""


def _key(identity: tuple[Any, ...]) -> str:
    return "|".join(str(part) for part in identity)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
