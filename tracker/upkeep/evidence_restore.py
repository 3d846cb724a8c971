"""Restores evidence: fills an empty folder with the files of a backup."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from tracker.failures import BadInput
from tracker.storage import LOCKS

FREE = ("lost+found", *LOCKS)
"""Names in the topmost folder that are no evidence: one of the file system, the others of the storage."""
UNFINISHED = ".restore-"
"""The prefix of what a restore writes before it puts it in its place."""


def find_unfinished_restores(folder: Path) -> list[str]:
    """Returns a sentence for each thing that a restore has not put in its place: it still runs, or it was killed."""
    return [
        f"{path} is what a restore left that was killed, in clear: remove it, unless one is at work just now."
        for path in sorted(folder.glob(f"{UNFINISHED}*"))
    ]


class EvidenceTarget:
    """Fills an empty folder. It first writes into a hidden folder inside: a rename out of there works even where the
    folder is a mount point."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stage, self._is_made = folder, folder, False
        self._placed: list[Path] = []

    def check_empty(self) -> None:
        for sentence in find_unfinished_restores(self._folder):
            raise BadInput(sentence)
        if self._folder.exists() and any(path.name not in FREE for path in self._folder.iterdir()):
            raise BadInput(f"The folder {self._folder} is not empty: move away what is there.")

    def write(self, name: str, source: IO[bytes]) -> None:
        if self._stage == self._folder:
            self._is_made = not self._folder.exists()
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._stage = Path(tempfile.mkdtemp(dir=self._folder, prefix=UNFINISHED))
        path = self._stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - a mode
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())

    def place(self) -> None:
        if self._stage == self._folder:
            return
        for path in sorted(self._stage.iterdir()):
            path.rename(self._folder / path.name)
            self._placed.append(self._folder / path.name)
        self._stage.rmdir()
        self._stage = self._folder

    def abort(self) -> None:
        """Leaves the folder as it was."""
        for path in self._placed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if self._stage != self._folder:
            shutil.rmtree(self._stage)
        if self._is_made:
            self._folder.rmdir()
        self._placed, self._stage, self._is_made = [], self._folder, False
