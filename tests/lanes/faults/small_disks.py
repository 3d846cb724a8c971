"""Disks of a few megabytes, and files of which a file system is made: what only root may mount."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BLOCK = 4096
needs_mounts = pytest.mark.skipif(
    os.geteuid() != 0 and not os.environ.get("REQUIRE_ALL"),
    reason="only root may mount a small disk: sudo make faults",
)


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own at the place, in memory."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def fill(folder: Path) -> Path:
    """Takes all that is free; the file that holds it."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        while True:
            try:
                file.write(bytes(BLOCK))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return filler
