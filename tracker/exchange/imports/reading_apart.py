"""A file of recommendations is read by a process of its own (`limited_process.py`): one that ends it, or takes too
long or too much memory, is refused. Whoever asks never loads the libraries that open a stranger's file."""

import json
import logging
from dataclasses import asdict
from typing import Any, NoReturn

from tracker.exchange import limited_process
from tracker.exchange.imports.assignments import ReadAssignments
from tracker.exchange.imports.matching import Known, Match
from tracker.exchange.imports.refusals import DAMAGED, TOO_MUCH, refuse
from tracker.exchange.imports.rows import Asked, Column, NotReadable, ReadFile
from tracker.exchange.imports.rows_as_json import assignments_from, known_as_json, matched_from, plain
from tracker.exchange.limited_process import Crashed, TookTooMuch

MOST_PROCESSOR_SECONDS = 120
MOST_SECONDS = 180.0
MOST_MEMORY, MEMORY_FOR_EACH_BYTE = 700_000_000, 4
"""Of addresses, of which a workbook of 20,000 rows uses a third in fact."""
_PROGRAM = limited_process.program("tracker.exchange.imports.reading_process")
log = logging.getLogger("tracker.exchange")


def read_apart(name: str, content: bytes, asked: Asked, known: Known) -> tuple[ReadFile, tuple[Match, ...]]:
    """`read_and_match`, in a process of its own. Raises `NotReadable`."""
    said = _ask(name, content, {"asked": plain(asdict(asked)), "known": known_as_json(known)})
    return matched_from(said)


def read_assignments_apart(name: str, content: bytes, columns: tuple[Column, ...] = ()) -> ReadAssignments:
    """`read_assignments`, in a process of its own. Raises `NotReadable`."""
    return assignments_from(_ask(name, content, {"columns": columns}))


def _ask(name: str, content: bytes, facts: dict[str, Any]) -> dict[str, Any]:
    try:
        said, found = limited_process.ask(
            _PROGRAM,
            {"name": name, **facts},
            content,
            processor_seconds=MOST_PROCESSOR_SECONDS,
            seconds=MOST_SECONDS,
            memory=MOST_MEMORY + MEMORY_FOR_EACH_BYTE * len(content),
        )
    except (TookTooMuch, Crashed) as error:
        _refuse(name, error)
    if "refused" in said:
        raise NotReadable(said["refused"])
    return dict(json.loads(found))


def _refuse(name: str, error: TookTooMuch | Crashed) -> NoReturn:
    if isinstance(error, TookTooMuch):
        raise refuse(TOO_MUCH, name) from error
    log.error("The process that reads files of recommendations ended with status %s", error.status)
    raise refuse(DAMAGED, name) from error
