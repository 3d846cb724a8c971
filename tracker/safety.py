"""What a production process checks before it starts: files that others can read, keys in a folder that backups copy.
The settings themselves are checked in `config.py`, the database in `app.py`; `flask doctor` shows all."""

import logging
import os
import resource
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tracker.failures import KeyMissing
from tracker.keys import read_keys

log = logging.getLogger("tracker.safety")
OTHERS = 0o077
"""The bits of a mode by which the group or everybody reads, writes or enters."""
SWAPS = Path("/proc/swaps")
SWAP = "Swap is on: what people write may lie on the disk in clear. Encrypt it or switch it off (swapoff -a)."


@dataclass(frozen=True)
class Places:
    """The paths of secrets and data."""

    keys: Path
    storage: Path
    database: Path | None
    """SQLite's file; None for a server."""
    secret: Path
    demo_accounts: Path


def database_file(url: str) -> Path | None:
    """The file of an SQLite database, which may not be there yet."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # config.py reports it
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if is_file else None


def find_unsafe_files(places: Places) -> list[str]:
    """One line for each reason why production must not start. Of files that do not exist yet, only missing keys are
    reported."""
    return [*_find_readable(places), *find_misplaced(places), *_find_keys_missing(places.keys)]


def is_open_to_others(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)
    except OSError:
        return False


def find_full_disks(places: Places, least_megabytes: int) -> list[str]:
    """One line for each disk that holds data and has less free space than this."""
    lines: dict[int, str] = {}
    for path in filter(None, (places.database, places.storage)):
        existing = nearest(path)
        free = shutil.disk_usage(existing).free // 2**20
        if free < least_megabytes:
            lines[existing.stat().st_dev] = f"only {free} MB beside {path}: make room before writing stops."
    return list(lines.values())


def nearest(path: Path) -> Path:
    """The path, or the first folder above it that exists."""
    return next(each for each in (path, *path.absolute().parents) if each.exists())


def is_swap_on(swaps: Path = SWAPS) -> bool:
    """With swap, memory may be written to a disk. The first line of the file is a heading."""
    try:
        return len(swaps.read_text().splitlines()) > 1
    except OSError:
        return False


def warn_of_swap(swaps: Path = SWAPS) -> None:
    """Only a line in the log: not every operator may switch swap off."""
    if is_swap_on(swaps):
        log.warning("%s", SWAP)


def harden_process() -> None:
    """Files that this process and its children write are readable by their owner alone, and a process that dies leaves
    no core dump."""
    os.umask(OTHERS)
    _, hard_limit = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard_limit))


def _find_readable(places: Places) -> list[str]:
    database = places.database
    database_files = [Path(f"{database}{end}") for end in ("", "-wal", "-shm")] if database else []
    files = [*sorted(places.keys.glob("*.key")), places.secret, *database_files, places.demo_accounts]
    modes = [(places.keys, "700"), *((file, "600") for file in files)]
    return [
        f"{path} is open to other users of this machine: chmod {mode} {path}"
        for path, mode in modes
        if is_open_to_others(path)
    ]


def find_misplaced(places: Places) -> list[str]:
    """A copy of the data must not contain the keys: a stolen backup could then be opened."""
    keys, storage = places.keys.resolve(), places.storage.resolve()
    if keys.is_relative_to(storage):
        return [f"The key folder {keys} lies in STORAGE_DIR, which backups take: move it and set KEY_DIR."]
    if storage.is_relative_to(keys):
        return [f"STORAGE_DIR {storage} lies in the key folder: move it, the folder is for keys alone."]
    if places.database and places.database.resolve().is_relative_to(keys):
        return [
            f"The database {places.database} lies in the key folder: move it, the folder is for keys alone."
        ]
    return []


def _find_keys_missing(folder: Path) -> list[str]:
    try:
        read_keys(folder)
    except KeyMissing as error:
        if any(folder.glob("*.key")):
            return [f"{error} Put your copy of it there."]
        return [f"{error} “flask make-key --first” makes one; for a database of before, put your copy there."]
    return []
