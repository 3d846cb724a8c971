"""Upserts the rows of a data file into a table and never overwrites what a person changed since.

`SeededRow` remembers the values that the last seed wrote. A field that still has the remembered value follows the
file; any other value belongs to the person who changed it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self, TypeVar

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Session

from tracker.exchange.seed_files import LARGEST_NUMBER, SeedRow
from tracker.failures import BadInput, NotAllowed, ValidationFailed
from tracker.models import Base
from tracker.models.settings import SeededRow
from tracker.models.states import State

Value = TypeVar("Value")
Row = TypeVar("Row", bound=Base)


@dataclass
class Outcome:
    """Counts the rows that were added, changed and removed; `left` names rows that stay though no file has them now."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.removed} removed"

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


def look_up(row: SeedRow, name: str, known: Mapping[str, Value]) -> Value:
    """Returns what the field `name` of the row refers to; raises `SeedBroken` where there is no such thing."""
    if row.text(name) not in known:
        raise row.broken(f"“{name}” names {row.text(name)!r}, which is not there")
    return known[row.text(name)]


def look_up_each(row: SeedRow, name: str, known: Mapping[str, Value]) -> list[Value]:
    """Returns what the list in the field `name` refers to; raises `SeedBroken` at the first unknown code."""
    for code in row.names(name):
        if code not in known:
            raise row.broken(f"“{name}” names {code!r}, which is not there")
    return [known[code] for code in row.names(name)]


@contextmanager
def errors_at(row: SeedRow) -> Iterator[None]:
    """Turns a refusal of a service into `SeedBroken` at the line of this row."""
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
    """Upserts the rows of one file into one table. Use it in a `with` block: the end of the block checks and writes.

    `identity` names the columns by which a row of the file finds its row of the table. `adopts` False: a row that no
    seed has written is a person's, and stays as it is. `together` names columns that make sense only together: where a
    person changed one of them, all of them are that person's.
    """

    def __init__(
        self,
        session: Session,
        file: str,
        model: type[Row],
        identity: tuple[str, ...],
        outcome: Outcome,
        *,
        adopts: bool = True,
        together: tuple[str, ...] = (),
    ) -> None:
        self._adopts, self._together = adopts, together
        self._session, self._file, self._model = session, file, model
        self._identity, self._outcome = identity, outcome
        self._rows: dict[tuple[Any, ...], Any] = {
            tuple(getattr(row, name) for name in identity): row for row in session.scalars(select(model))
        }
        self._seeded = {
            row.key: row for row in session.scalars(select(SeededRow).where(SeededRow.file == file))
        }
        self._upserted: dict[tuple[Any, ...], tuple[SeedRow, dict[str, Any]]] = {}
        self._changed: list[tuple[Any, set[str]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write()

    def upsert(self, entry: SeedRow, identity: tuple[Any, ...], values: dict[str, Any]) -> Any:
        """Returns the row of the table; None where a person removed it after an earlier seed, or made it."""
        key = _key(identity)
        plain = {name: _plain(value) for name, value in values.items()}
        row, seeded = self._rows.get(identity), self._seeded.get(key)
        if row is not None and seeded is None and identity not in self._upserted and not self._adopts:
            return None
        self._upserted[identity] = entry, values
        if row is None and seeded is not None:
            return None
        if row is None:
            row = self._model(**dict(zip(self._identity, identity, strict=True)), **values)
            self._session.add(row)
            self._rows[identity] = row
            self._outcome.added += 1
        elif changed := self._update(row, values, seeded.values if seeded else {}):
            self._changed.append((row, changed))
            self._outcome.changed += 1
        if seeded is None:
            self._seeded[key] = SeededRow(file=self._file, key=key, values=plain)
            self._session.add(self._seeded[key])
        elif seeded.values != plain:
            seeded.values = plain
        return row

    def remove_missing(self, stays: Callable[[Any], bool] = lambda _row: False) -> None:
        """Deletes each row that an earlier seed wrote and the file no longer has, with its `SeededRow`. A row for which
        `stays` is true is kept; so is one of which a person changed what belongs together, and the outcome names it."""
        for row, seeded in self._list_missing():
            if row is not None and stays(row):
                continue
            if row is not None and self._persons(row, seeded.values):
                self._outcome.left.append(f"{self._file} {seeded.key.rpartition('|')[2]}")
                continue
            self._session.delete(seeded)
            if row is not None:
                self._session.delete(row)
                self._outcome.removed += 1

    def retire_missing(self, now: datetime) -> None:
        """Retires those rows instead, unless a person already did. Their `SeededRow` stays: a row that comes back to
        the file keeps what a person changed."""
        for row, seeded in self._list_missing():
            if row is None or seeded.values["retired_at"] is not None:
                continue
            if row.retired_at is None:
                row.retired_at = now
                self._outcome.removed += 1
            seeded.values = seeded.values | {"retired_at": now.isoformat()}

    def keep_missing(self) -> None:
        """Leaves those rows as they are, because other rows may refer to them, and names them in the outcome."""
        for row, seeded in self._list_missing():
            if row is not None:
                self._outcome.left.append(f"{self._file} {seeded.key.rpartition('|')[2]}")

    def _list_missing(self) -> list[tuple[Any, SeededRow]]:
        """Returns each row that only an earlier seed had, with its `SeededRow`; None where a person removed the row."""
        rows = {_key(identity): row for identity, row in self._rows.items()}
        upserted = {_key(identity) for identity in self._upserted}
        return [(rows.get(key), seeded) for key, seeded in self._seeded.items() if key not in upserted]

    def _update(self, row: Any, values: dict[str, Any], remembered: dict[str, Any]) -> set[str]:
        """Sets the fields that no person changed; returns the names of those that got another value."""
        changed, persons = set(), self._persons(row, remembered)
        for name, value in values.items():
            current = _plain(getattr(row, name))
            if isinstance(value, dict):
                wanted, is_ours = _merged(current, value, remembered.get(name)), True
            else:
                wanted, is_ours = value, name not in remembered or current == remembered[name]
            if is_ours and name not in persons and current != _plain(wanted):
                setattr(row, name, wanted)
                changed.add(name)
        return changed

    def _persons(self, row: Any, remembered: dict[str, Any]) -> tuple[str, ...]:
        """The columns that belong together, where a person changed one of them."""
        is_changed = any(
            name in remembered and _plain(getattr(row, name)) != remembered[name] for name in self._together
        )
        return self._together if is_changed else ()

    def _write(self) -> None:
        """Writes changed unique values in two steps: first a placeholder, then the final value.

        Rows are written one after the other, so two rows that swap a unique value would break the constraint halfway.
        (A deferred constraint would need one step only; SQLite has none.)"""
        moving = []
        for names in self._unique_columns():
            self._refuse_duplicates(names)
            moving += [(row, names[-1]) for row, changed in self._changed if changed.intersection(names)]
        finals = [(row, name, getattr(row, name)) for row, name in moving]
        for number, (row, name, value) in enumerate(finals):
            setattr(row, name, f"aside {number}" if isinstance(value, str) else PLACEHOLDERS + number)
        self._session.flush()
        for row, name, value in finals:
            setattr(row, name, value)
        self._session.flush()

    def _unique_columns(self) -> list[tuple[str, ...]]:
        """Returns the columns of each unique constraint, except the identity."""
        constraints = [
            tuple(each.columns.keys())
            for each in Base.metadata.tables[self._model.__tablename__].constraints
            if isinstance(each, UniqueConstraint)
        ]
        return [names for names in sorted(constraints) if not set(names) <= set(self._identity)]

    def _refuse_duplicates(self, names: tuple[str, ...]) -> None:
        """Raises `SeedBroken` at the entry of the file, never at a value that a person has set."""
        following = {
            identity: entry.line
            for identity, (entry, _) in self._upserted.items()
            if self._follows_file(identity, names)
        }
        owners: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for identity in [*(each for each in self._rows if each not in following), *following]:
            value = tuple(getattr(self._rows[identity], name) for name in names)
            other = owners.setdefault(value, identity)
            if other != identity:
                place = f"line {following[other]}" if other in following else "the database"
                sentence = f"“{names[-1]}” is {value[-1]!r}, which {other[-1]!r} in {place} has too"
                raise self._upserted[identity][0].broken(sentence)

    def _follows_file(self, identity: tuple[Any, ...], names: tuple[str, ...]) -> bool:
        row, values = self._rows.get(identity), self._upserted[identity][1]
        return row is not None and all(
            getattr(row, name) == values.get(name, getattr(row, name)) for name in names
        )


PLACEHOLDERS = LARGEST_NUMBER + 1
"""The first placeholder: larger than every number of a file, and small enough for both databases."""


def _merged(
    current: dict[str, Any], value: dict[str, Any], remembered: dict[str, Any] | None
) -> dict[str, Any]:
    """Of names in several languages each is a value of its own: those that no person changed follow the file."""
    if remembered is None:
        return {**current, **value}
    persons = {key: each for key, each in current.items() if each != remembered.get(key)}
    is_emptied = {key for key in remembered if key not in current}
    return {key: each for key, each in value.items() if key not in is_emptied} | persons


def _key(identity: tuple[Any, ...]) -> str:
    return "|".join(str(part) for part in identity)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
