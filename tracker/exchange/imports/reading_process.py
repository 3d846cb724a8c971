"""The process that reads a file of recommendations for `reading_apart.py`, and matches it with what stands here."""

import json
from dataclasses import asdict
from typing import Any

from tracker.exchange import limited_process
from tracker.exchange.imports.reading import read_and_match, read_assignments
from tracker.exchange.imports.refusals import TOO_MUCH
from tracker.exchange.imports.rows import Column, NotReadable
from tracker.exchange.imports.rows_as_json import asked_from, known_from, matched_as_json, plain
from tracker.language import gettext, speaking


def answer(asked: dict[str, Any], content: bytes) -> bytes:
    """What the process says: what it read, or the sentence that refuses the file."""
    with speaking(asked["language"]):
        try:
            found = _read(asked, content)
        except NotReadable as error:
            return limited_process.join({"refused": str(error)}, b"")
        except MemoryError:
            return limited_process.join({"refused": gettext(TOO_MUCH, name=asked["name"])}, b"")
    return limited_process.join({}, json.dumps(found).encode())


def _read(asked: dict[str, Any], content: bytes) -> Any:
    if "columns" in asked:
        read = read_assignments(asked["name"], content, tuple(map(Column, asked["columns"])))
        return plain(asdict(read))
    known = known_from(asked["known"])
    return matched_as_json(*read_and_match(asked["name"], content, asked_from(asked["asked"]), known))


def main() -> None:
    limited_process.serve(answer)


if __name__ == "__main__":
    main()
