"""A JSON array of records, read one by one: UHRI's export is one line of 360 MB."""

import codecs
import json
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO

_BLOCK = 1 << 20
MOST_RECORD = 4_000_000
"""Signs of one record. What does not end within these is damaged: it would fill the memory."""
_BETWEEN = " \t\r\n,"


class DamagedRecord(Exception):
    """`number`: of the record that cannot be read, from 1; nothing behind it can be found."""

    def __init__(self, number: int) -> None:
        super().__init__(f"record {number}")
        self.number = number


def read_array(file: BinaryIO) -> Iterator[Any]:
    """The elements of the outer array. Raises `DamagedRecord`, also where the file ends before its array does."""
    text, number = _Text(file), 1
    if not text.skip("\ufeff" + _BETWEEN) or text.take() != "[":
        raise DamagedRecord(number)
    while text.skip(_BETWEEN):
        if text.peek() == "]":
            return
        yield text.record(number)
        number += 1
    raise DamagedRecord(number)


class _Text:
    """The part of the text that is read and not used yet."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._scan = JSONDecoder().raw_decode
        self._text, self._at, self._has_ended = "", 0, False

    def _more(self) -> None:
        block = self._file.read(_BLOCK)
        self._has_ended = not block
        self._text = self._text[self._at :] + self._decode(block, final=self._has_ended)
        self._at = 0

    def skip(self, signs: str) -> bool:
        """Passes over signs; whether something is behind them."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in signs:
                    return True
                self._at += 1
            if self._has_ended:
                return False
            self._more()

    def peek(self) -> str:
        return self._text[self._at]

    def take(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def record(self, number: int) -> Any:
        while True:
            try:
                value, self._at = self._scan(self._text, self._at)
            except JSONDecodeError as error:
                if self._has_ended or len(self._text) - self._at > MOST_RECORD:
                    raise DamagedRecord(number) from error
                self._more()
            except (ValueError, RecursionError) as error:  # a number of more digits than any, or too deep
                raise DamagedRecord(number) from error
            else:
                return value


def read_object(content: bytes) -> dict[str, Any] | None:
    """A whole JSON object; None where there is none."""
    try:
        value = json.loads(content.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
