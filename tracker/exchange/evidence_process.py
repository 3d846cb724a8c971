"""A file is checked and cleaned by a process of its own, which ends with it: a small file can be made to take hours or
all memory of whoever opens it. What takes too long, or more memory than any honest file, is refused.

The file goes in and comes out through pipes, so that nothing of it is on a disk: a line of JSON, then its bytes. The
process is given no settings, because libraries read a stranger's file there. It speaks the reader's language.
"""

import json
import logging
import os
import subprocess
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from tracker.exchange.cleaning.refusals import DAMAGED, TOO_MUCH
from tracker.exchange.evidence import FileKind, NotTaken, TakenFile, take_file
from tracker.language import current, gettext, speaking

MOST_PROCESSOR_SECONDS = 10
MOST_SECONDS = 20.0
"""On the clock, where others use the processor, too."""
MOST_MEMORY, MEMORY_FOR_EACH_BYTE = 600_000_000, 6
"""Of addresses, which are counted before they are used. A picture of forty million dots that is turned and brings a
profile takes 370 MB, with the program itself."""
_PROGRAM = (sys.executable, "-W", "ignore", "-m", "tracker.exchange.evidence_process")
_FOLDER = Path(__file__).parents[2]
_GIVEN = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What Python may need to find itself and its libraries."""
log = logging.getLogger("tracker.exchange")


def take_file_apart(name: str, content: bytes, *, of_state: bool) -> TakenFile:
    """`take_file`, in a process of its own."""
    asked = {
        "name": name,
        "of_state": of_state,
        "language": current(),
        "seconds": MOST_PROCESSOR_SECONDS,
        "memory": MOST_MEMORY + MEMORY_FOR_EACH_BYTE * len(content),
    }
    said, cleaned = _split(_run(name, _joined(asked, content)))
    if "refused" in said:
        raise NotTaken(said["refused"])
    return TakenFile(said["name"], FileKind(said["kind"]), said["media_type"], cleaned)


def _run(name: str, message: bytes) -> bytes:
    given = {each: os.environ[each] for each in _GIVEN if each in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            _PROGRAM,
            input=message,
            stdout=subprocess.PIPE,
            cwd=_FOLDER,
            env=given,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotTaken(gettext(TOO_MUCH, name=name)) from error
    if done.returncode < 0:  # by a signal: of the system, when it has used up its time, or of its own
        raise NotTaken(gettext(TOO_MUCH, name=name))
    if done.returncode:
        log.error("The process that cleans files ended with status %s", done.returncode)
        raise NotTaken(gettext(DAMAGED, name=name))
    return done.stdout


def answer(message: bytes) -> bytes:
    """What the process says to a message: the file as it is stored, or the sentence that refuses it."""
    asked, content = _split(message)
    with speaking(asked["language"]):
        try:
            taken = take_file(asked["name"], content, of_state=asked["of_state"])
        except NotTaken as error:
            return _joined({"refused": str(error)}, b"")
        except MemoryError:
            return _joined({"refused": gettext(TOO_MUCH, name=asked["name"])}, b"")
    facts = {"name": taken.name, "kind": taken.kind.value, "media_type": taken.media_type}
    return _joined(facts, taken.content)


def _joined(facts: dict[str, Any], content: bytes) -> bytes:
    return json.dumps(facts).encode() + b"\n" + content


def _split(message: bytes) -> tuple[dict[str, Any], bytes]:
    facts, _, content = message.partition(b"\n")
    return json.loads(facts), content


def _limit(seconds: int, memory: int) -> None:
    """Where the system has such limits. It leaves no picture of its memory on the disk when it dies."""
    import resource

    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def main() -> None:
    message = sys.stdin.buffer.read()
    asked, _ = _split(message)
    _limit(asked["seconds"], asked["memory"])
    try:
        said = answer(message)
    except Exception as error:  # noqa: BLE001 - its text may repeat what the file holds, and must be in no log
        frames = "".join(traceback.format_tb(error.__traceback__))
        sys.stderr.write(f"{type(error).__name__}\n{frames}")
        sys.exit(1)
    sys.stdout.buffer.write(said)


if __name__ == "__main__":
    main()
