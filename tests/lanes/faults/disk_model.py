"""What a disk holds after a power cut, by a recording of what processes wrote to it.

A write is on the disk once a later fsync of its file has come back. Of the writes after that, each may be there, or
not, or in part: any of its sectors. Files that were made and never synchronised may be there or not. That is harder
than most disks are; what survives it survives them. The recording is strace's, of all processes in one order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
STRACE = ("strace", "-f", "-y", "-xx", "-s", "10000000", "-e", "signal=none")
CALLS = "trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat2"
"""Everything by which SQLite changes a file but the shared memory, which no disk keeps."""
_STARTED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_WRITE = re.compile(r'^(\d+)<([^>]*)>, "((?:\\x[0-9a-f]{2})*)", (\d+)(?:, (\d+))?$')
_OF_FILE = re.compile(r"^\d+<([^>]*)>(?:, (\d+))?$")


@dataclass(frozen=True)
class Write:
    path: Path
    at: int
    content: bytes


@dataclass(frozen=True)
class Cut:
    """The file is shorter from here on."""

    path: Path
    length: int


@dataclass(frozen=True)
class Synced:
    path: Path


@dataclass(frozen=True)
class Printed:
    """What a process told the world."""

    text: str


Event = Write | Cut | Synced | Printed


def read_recording(file: Path) -> Iterator[Event]:
    """In the order in which the calls came back. Raises `ValueError` at a call that the model does not know."""
    for name, arguments in _calls(file):
        if name in ("write", "pwrite64"):
            found = _WRITE.match(arguments)
            if found is None:
                raise ValueError(arguments[:200])
            content = bytes.fromhex(found[3].replace("\\x", ""))
            if found[1] == "1":
                yield Printed(content.decode())
            elif found[5] is not None:
                yield Write(_path(found[2]), int(found[5]), content)
        elif name in ("fsync", "fdatasync", "ftruncate"):
            found = _OF_FILE.match(arguments)
            if found is None:
                raise ValueError(arguments[:200])
            yield Cut(_path(found[1]), int(found[2])) if name == "ftruncate" else Synced(_path(found[1]))
        else:
            raise ValueError(f"{name}({arguments[:200]}: the model knows no other change of a file")


def _calls(file: Path) -> Iterator[tuple[str, str]]:
    begun: dict[str, str] = {}
    for line in file.read_text().splitlines():
        if started := _STARTED.match(line):
            begun[started[1]] = f"{started[1]} {started[2]}"
            continue
        resumed = _RESUMED.match(line)
        whole = begun.pop(resumed[1]) + resumed[2] if resumed else line
        found = _CALL.match(whole)
        if found and int(found[3]) >= 0:
            yield found[1], found[2]


def _path(quoted: str) -> Path:
    return Path(bytes.fromhex(quoted.replace("\\x", "")).decode() if quoted.startswith("\\x") else quoted)


@dataclass
class Disk:
    """The files below a folder: what is certain, and what happened since."""

    certain: dict[Path, bytes]
    pending: dict[Path, list[Write | Cut]] = field(default_factory=dict)

    def see(self, event: Event) -> None:
        if isinstance(event, Write | Cut):
            self.pending.setdefault(event.path, []).append(event)
        elif isinstance(event, Synced):
            content = bytearray(self.certain.get(event.path, b""))
            for each in self.pending.pop(event.path, []):
                _apply(content, each)
            self.certain[event.path] = bytes(content)

    def after_a_cut(self, chance: Random) -> dict[Path, bytes]:
        """One of the states that the files may be in when the power comes back."""
        found = {}
        for path in {*self.certain, *self.pending}:
            content = bytearray(self.certain.get(path, b""))
            for each in self.pending.get(path, []):
                for part in _survivors(each, chance):
                    _apply(content, part)
            if content or path in self.certain:
                found[path] = bytes(content)
        return found


def _survivors(event: Write | Cut, chance: Random) -> Iterator[Write | Cut]:
    written = chance.choice(("whole", "nothing", "sectors"))
    if written == "whole":
        yield event
    elif written == "sectors" and isinstance(event, Write):
        for start in range(0, len(event.content), SECTOR):
            if chance.random() < 0.5:
                yield Write(event.path, event.at + start, event.content[start : start + SECTOR])


def _apply(content: bytearray, event: Write | Cut) -> None:
    if isinstance(event, Cut):
        del content[event.length :]
        content.extend(bytes(event.length - len(content)))
        return
    end = event.at + len(event.content)
    content.extend(bytes(max(0, end - len(content))))
    content[event.at : end] = event.content
