"""A file is checked and cleaned by a process of its own, which ends with it (`limited_process.py`). What takes too
long, or more memory than any honest file, is refused."""

import logging
from typing import Any, NoReturn

from tracker.exchange import limited_process
from tracker.exchange.cleaning.refusals import DAMAGED, TOO_MUCH
from tracker.exchange.evidence import FileKind, NotTaken, TakenFile, take_file
from tracker.exchange.limited_process import Crashed, TookTooMuch
from tracker.language import gettext, speaking

MOST_PROCESSOR_SECONDS = 10
MOST_SECONDS = 20.0
MOST_MEMORY, MEMORY_FOR_EACH_BYTE = 600_000_000, 6
"""A picture of forty million dots that is turned and brings a profile takes 370 MB, with the program itself."""
_PROGRAM = limited_process.program("tracker.exchange.evidence_process")
log = logging.getLogger("tracker.exchange")


def take_file_apart(name: str, content: bytes, *, of_state: bool) -> TakenFile:
    """`take_file`, in a process of its own."""
    try:
        said, cleaned = limited_process.ask(
            _PROGRAM,
            {"name": name, "of_state": of_state},
            content,
            processor_seconds=MOST_PROCESSOR_SECONDS,
            seconds=MOST_SECONDS,
            memory=MOST_MEMORY + MEMORY_FOR_EACH_BYTE * len(content),
        )
    except (TookTooMuch, Crashed) as error:
        _refuse(name, error)
    if "refused" in said:
        raise NotTaken(said["refused"])
    return TakenFile(said["name"], FileKind(said["kind"]), said["media_type"], cleaned)


def _refuse(name: str, error: TookTooMuch | Crashed) -> NoReturn:
    if isinstance(error, TookTooMuch):
        raise NotTaken(gettext(TOO_MUCH, name=name)) from error
    log.error("The process that cleans files ended with status %s", error.status)
    raise NotTaken(gettext(DAMAGED, name=name)) from error


def answer(asked: dict[str, Any], content: bytes) -> bytes:
    """What the process says: the file as it is stored, or the sentence that refuses it."""
    with speaking(asked["language"]):
        try:
            taken = take_file(asked["name"], content, of_state=asked["of_state"])
        except NotTaken as error:
            return limited_process.join({"refused": str(error)}, b"")
        except MemoryError:
            return limited_process.join({"refused": gettext(TOO_MUCH, name=asked["name"])}, b"")
    facts = {"name": taken.name, "kind": taken.kind.value, "media_type": taken.media_type}
    return limited_process.join(facts, taken.content)


def main() -> None:
    limited_process.serve(answer)


if __name__ == "__main__":
    main()
