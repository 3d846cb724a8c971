"""A process of its own for what opens a stranger's file: a small file can be made to take hours or all memory of
whoever opens it, or to end its process. The file goes in and the answer comes out through pipes, so that nothing of it
is on a disk: a line of JSON, then bytes.

The process is given no settings, because libraries read a stranger's file there. It speaks the reader's language.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tracker.language import current

_FOLDER = Path(__file__).parents[2]
_GIVEN = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What Python may need to find itself and its libraries."""


class TookTooMuch(Exception):
    """It took too long, or a signal ended it: of the system, when it has used up its time, or of its own."""


class Crashed(Exception):
    """It ended with another status than 0."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def program(module: str) -> tuple[str, ...]:
    """The command that runs a module, which calls `serve`."""
    return (sys.executable, "-W", "ignore", "-m", module)


def ask(
    command: Sequence[str],
    facts: dict[str, Any],
    content: bytes,
    *,
    processor_seconds: int,
    seconds: float,
    memory: int,
) -> tuple[dict[str, Any], bytes]:
    """What the process answers to a file and the facts about it. `memory`: bytes of addresses, which are counted before
    they are used. `seconds`: on the clock, where others use the processor, too. Raises `TookTooMuch` and `Crashed`."""
    told = {**facts, "language": current(), "seconds": processor_seconds, "memory": memory}
    given = {each: os.environ[each] for each in _GIVEN if each in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            list(command),
            input=join(told, content),
            stdout=subprocess.PIPE,
            cwd=_FOLDER,
            env=given,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooMuch from error
    if done.returncode < 0:
        raise TookTooMuch
    if done.returncode:
        raise Crashed(done.returncode)
    return split(done.stdout)


def serve(answer: Callable[[dict[str, Any], bytes], bytes]) -> None:
    """Runs in the process: answers the one message that comes in."""
    asked = json.loads(sys.stdin.buffer.readline())
    limit(asked["seconds"], asked["memory"])
    try:
        said = answer(asked, sys.stdin.buffer.read())
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)  # as the system ends a process that takes too much
        return
    except Exception as error:  # noqa: BLE001 - its text may repeat what the file holds, and must be in no log
        frames = "".join(traceback.format_tb(error.__traceback__))
        sys.stderr.write(f"{type(error).__name__}\n{frames}")
        sys.exit(1)
    sys.stdout.buffer.write(said)


def join(facts: dict[str, Any], content: bytes) -> bytes:
    return json.dumps(facts).encode() + b"\n" + content


def split(message: bytes) -> tuple[dict[str, Any], bytes]:
    facts, _, content = message.partition(b"\n")
    return json.loads(facts), content


def limit(seconds: int, memory: int) -> None:
    """Where the system has such limits. The process leaves no picture of its memory on the disk when it dies."""
    import resource

    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
