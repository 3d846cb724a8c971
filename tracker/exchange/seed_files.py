"""Reads the data files of the seed: JSON arrays of objects, each value fetched with its type.

Whatever is wrong is reported with the file, the line of the object and a sentence; nothing is guessed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from tracker.failures import SeedBroken

Code = TypeVar("Code", bound=StrEnum)
LARGEST = 1_000_000_000
"""No number of a file is larger: PostgreSQL's columns end at 2,147,483,647."""


@dataclass(frozen=True)
class SeedRow:
    """One object of a file; `line` is where it begins."""

    file: str
    line: int
    values: dict[str, Any]

    def broken(self, sentence: str) -> SeedBroken:
        return SeedBroken(self.file, self.line, sentence)

    def text(self, name: str) -> str:
        return self._typed(name, str, "a text")  # type: ignore[no-any-return]

    def optional_text(self, name: str) -> str | None:
        return None if self._value(name) is None else self.text(name)

    def number(self, name: str, least: int = -LARGEST, most: int = LARGEST) -> int:
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            said = f"“{name}” must be a whole number from {least} to {most}, not {value!r}"
            raise self.broken(said)
        return value

    def optional_number(self, name: str) -> int | None:
        return None if self._value(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        return self._typed(name, bool, "true or false")  # type: ignore[no-any-return]

    def texts(self, name: str) -> list[str]:
        values = self._typed(name, list, "a list of texts")
        if not all(isinstance(value, str) for value in values):
            raise self.broken(f"“{name}” must be a list of texts")
        return values  # type: ignore[no-any-return]

    def rows(self, name: str) -> list["SeedRow"]:
        values = self._typed(name, list, "a list of objects")
        if not all(isinstance(value, dict) for value in values):
            raise self.broken(f"“{name}” must be a list of objects")
        return [SeedRow(self.file, self.line, value) for value in values]

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise self.broken(
                f"“{name}” must be a date such as 2026-11-30, not {self.text(name)!r}"
            ) from error

    def optional_day(self, name: str) -> date | None:
        return None if self._value(name) is None else self.day(name)

    def code(self, name: str, kind: type[Code]) -> Code:
        try:
            return kind(self.text(name))
        except ValueError as error:
            known = ", ".join(kind)
            raise self.broken(f"“{name}” is {self.text(name)!r}, but must be one of {known}") from error

    def optional_code(self, name: str, kind: type[Code]) -> Code | None:
        return None if self._value(name) is None else self.code(name, kind)

    def _value(self, name: str) -> Any:
        if name not in self.values:
            raise self.broken(f"“{name}” is missing")
        return self.values[name]

    def _typed(self, name: str, kind: type, said: str) -> Any:
        value = self._value(name)
        if not isinstance(value, kind):
            raise self.broken(f"“{name}” must be {said}, not {value!r}")
        return value


def read_rows(path: Path) -> list[SeedRow]:
    """All objects of a file, with their lines (from 1)."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SeedBroken(name, 1, "the file is missing") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SeedBroken(name, line, "the file is not UTF-8") from error
    try:
        return list(_objects(name, text))
    except json.JSONDecodeError as error:
        raise SeedBroken(name, error.lineno, f"not valid JSON: {error.msg}") from error


def _objects(name: str, text: str) -> Iterator[SeedRow]:
    """Walks the array object by object, because the line of each is wanted."""
    decoder = json.JSONDecoder()
    place = _skip(text, 0)
    if text[place : place + 1] != "[":
        raise SeedBroken(name, 1, "the file must be a JSON array of objects")
    place = _skip(text, place + 1)
    while text[place : place + 1] != "]":
        line = text.count("\n", 0, place) + 1
        value, place = decoder.raw_decode(text, place)
        if not isinstance(value, dict):
            raise SeedBroken(name, line, "every entry of the array must be an object")
        yield SeedRow(name, line, value)
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
        elif text[place : place + 1] != "]":
            raise json.JSONDecodeError("expecting ',' or ']'", text, place)


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place
