"""Reads the data files of the seed: JSON arrays of objects, whose values are read with their type.

Every fault is reported with the file, the line of the object and a sentence; nothing is guessed.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from tracker.failures import SeedBroken

Code = TypeVar("Code", bound=StrEnum)
LARGEST_NUMBER = 1_000_000_000
"""The largest number that a file may hold: integer columns of PostgreSQL end at 2,147,483,647."""

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that JSON can hold and a database cannot: NUL (PostgreSQL), half of a surrogate pair (both)."""


@dataclass(frozen=True)
class SeedRow:
    """One object of a file; `line` is where it begins."""

    file: str
    line: int
    values: dict[str, Any]

    def broken(self, sentence: str) -> SeedBroken:
        return SeedBroken(self.file, self.line, sentence)

    def has(self, name: str) -> bool:
        """For the few fields that most objects of a file leave out."""
        return name in self.values

    def text(self, name: str) -> str:
        value = self.free_text(name)
        if not value.strip():
            raise self.broken(f"“{name}” is empty")
        return value

    def free_text(self, name: str) -> str:
        """A text that may be empty."""
        value: str = self._typed(name, str, "a text")
        self._check_characters(name, value)
        return value

    def optional_text(self, name: str) -> str | None:
        return None if self._value(name) is None else self.text(name)

    def number(self, name: str, least: int = -LARGEST_NUMBER, most: int = LARGEST_NUMBER) -> int:
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.broken(f"“{name}” must be a whole number from {least} to {most}, not {value!r}")
        return value

    def optional_number(
        self, name: str, least: int = -LARGEST_NUMBER, most: int = LARGEST_NUMBER
    ) -> int | None:
        return None if self._value(name) is None else self.number(name, least, most)

    def flag(self, name: str) -> bool:
        return self._typed(name, bool, "true or false")  # type: ignore[no-any-return]

    def texts(self, name: str) -> list[str]:
        values = self._typed(name, list, "a list of texts")
        if not all(isinstance(value, str) for value in values):
            raise self.broken(f"“{name}” must be a list of texts")
        self._check_characters(name, "".join(values))
        return values  # type: ignore[no-any-return]

    def names(self, name: str) -> list[str]:
        """Returns a list of texts that each name something; refuses a text that is there twice."""
        values = self.texts(name)
        for position, value in enumerate(values):
            if value in values[:position]:
                raise self.broken(f"“{name}” names {value!r} twice")
        return values

    def by_language(self, name: str, known: Iterable[str]) -> dict[str, str]:
        """A text in some languages, by their codes."""
        values = SeedRow(self.file, self.line, self._typed(name, dict, "an object"))
        for language in values.values:
            self._known(name, language, [*known])
        return {language: values.text(language) for language in values.values}

    def rows(self, name: str, *key: str) -> list["SeedRow"]:
        """Returns the objects inside this one; no two may have the same texts in the fields `key`."""
        values = self._typed(name, list, "a list of objects")
        if not all(isinstance(value, dict) for value in values):
            raise self.broken(f"“{name}” must be a list of objects")
        return _each_once([SeedRow(self.file, self.line, value) for value in values], key)

    def day(self, name: str) -> date:
        try:
            return datetime.strptime(self.text(name), "%Y-%m-%d").date()  # noqa: DTZ007 - a day, no instant
        except ValueError as error:
            raise self.broken(
                f"“{name}” must be a date such as 2026-11-30, not {self.text(name)!r}"
            ) from error

    def optional_day(self, name: str) -> date | None:
        return None if self._value(name) is None else self.day(name)

    def one_of(self, name: str, known: Iterable[str]) -> str:
        return self._known(name, self.text(name), [*known])

    def code(self, name: str, kind: type[Code]) -> Code:
        return kind(self.one_of(name, kind))

    def optional_code(self, name: str, kind: type[Code]) -> Code | None:
        return None if self._value(name) is None else self.code(name, kind)

    def codes(self, name: str, kind: type[Code]) -> list[Code]:
        """Returns at least one code, and each only once."""
        values = [kind(self._known(name, value, [*kind])) for value in self.names(name)]
        if not values:
            raise self.broken(f"“{name}” is empty, but must hold at least one of {', '.join(kind)}")
        return values

    def _known(self, name: str, value: str, known: list[str]) -> str:
        if value not in known:
            raise self.broken(f"“{name}” is {value!r}, but must be one of {', '.join(known)}")
        return value

    def _check_characters(self, name: str, value: str) -> None:
        if UNSTORABLE.search(value):
            raise self.broken(f"“{name}” holds a character that cannot be stored")

    def _value(self, name: str) -> Any:
        if name not in self.values:
            raise self.broken(f"“{name}” is missing")
        return self.values[name]

    def _typed(self, name: str, kind: type, description: str) -> Any:
        value = self._value(name)
        if not isinstance(value, kind):
            raise self.broken(f"“{name}” must be {description}, not {value!r}")
        return value


def read_rows(path: Path, *key: str) -> list[SeedRow]:
    """Returns all objects of a file, with their lines (from 1); no two may have the same texts in the fields `key`."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8-sig")  # as some editors save it, too
    except FileNotFoundError as error:
        raise SeedBroken(name, 1, "the file is missing") from error
    except OSError as error:
        raise SeedBroken(name, 1, f"the file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SeedBroken(name, line, "the file is not UTF-8") from error
    try:
        return _each_once([*_objects(name, text)], key)
    except json.JSONDecodeError as error:
        raise SeedBroken(name, error.lineno, f"not valid JSON: {error.msg}") from error


def _each_once(rows: list[SeedRow], key: tuple[str, ...]) -> list[SeedRow]:
    lines: dict[tuple[str, ...], int] = {}
    for row in rows if key else ():
        values = tuple(row.text(name) for name in key)
        if values in lines:
            fields = ", ".join(f"“{name}” {value!r}" for name, value in zip(key, values, strict=True))
            raise row.broken(f"{fields} is there twice: first in line {lines[values]}")
        lines[values] = row.line
    return rows


def _objects(name: str, text: str) -> Iterator[SeedRow]:
    """Decodes the array object by object, to know the line of each."""
    place = _skip(text, 0)
    if text[place : place + 1] != "[":
        raise SeedBroken(name, 1, "the file must be a JSON array of objects")
    place = _skip(text, place + 1)
    has_more = text[place : place + 1] != "]"
    while has_more:
        row, place = _object(name, text, place)
        yield row
        place = _skip(text, place)
        has_more = text[place : place + 1] == ","
        place = _skip(text, place + 1) if has_more else place
    if text[place : place + 1] != "]":
        raise json.JSONDecodeError("expecting ',' or ']'", text, place)
    if _skip(text, place + 1) < len(text):
        raise json.JSONDecodeError("nothing may follow the array", text, _skip(text, place + 1))


def _object(name: str, text: str, place: int) -> tuple[SeedRow, int]:
    """Returns the object that begins at `place`, and where it ends."""
    line = text.count("\n", 0, place) + 1
    try:
        value, end = DECODER.raw_decode(text, place)
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # a name twice, or a number of thousands of digits
        raise SeedBroken(name, line, str(error)) from error
    except RecursionError as error:
        raise SeedBroken(name, line, "lists within lists go too deep") from error
    if not isinstance(value, dict):
        raise SeedBroken(name, line, "every entry of the array must be an object")
    return SeedRow(name, line, value), end


def _refuse_repeated_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses a name that an object holds twice: JSON allows it and keeps the last value, but one is a mistake."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise ValueError(f"the name {name!r} is there twice in one object")
        values[name] = value
    return values


DECODER = json.JSONDecoder(object_pairs_hook=_refuse_repeated_names)


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place
