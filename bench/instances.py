"""An instance of its own in a temporary folder, whose commands run as processes: for backups and the drill."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bench.processes import tree
from config import ROOT
from tests.servers import PostgreSQL, find_binaries, postgresql
from tracker import clock
from tracker.database import Database
from tracker.models.evidence import Evidence, Visibility
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.evidence.stored_bytes import keep_bytes
from tracker.storage import Storage

FLASK = (sys.executable, "-m", "flask", "--app", "tracker.app")
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Instance:
    """Its place, as settings. `private_key` lies beside it, as an operator's stick would."""

    folder: Path
    url: str
    public_key: str
    private_key: Path

    @property
    def storage(self) -> Path:
        return self.folder / "storage"

    @property
    def key_folder(self) -> Path:
        return self.folder / "keys"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PATH": f"{find_binaries()}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "TRACKER_ENV": "development",
            "SECRET_KEY": "for-measurements-only-" * 2,
            "DATABASE_URL": self.url,
            "STORAGE_DIR": str(self.storage),
            "KEY_DIR": str(self.key_folder),
            "MAIL_URL": f"file://{self.folder / 'mail'}",
            "DEMO_ACCOUNTS_FILE": str(self.folder / "demo-accounts.json"),
            "BACKUP_PUBLIC_KEY": self.public_key,
        }

    def add_evidence(self, files: int, each_bytes: int) -> None:
        """Files of random bytes, which no compression makes smaller, behind a draft of the demonstration: `verify`
        would find them behind what is published."""
        database = Database(self.url, storage=Storage(self.storage))
        drafts = select(ProgressUpdate.id).where(ProgressUpdate.state == UpdateState.DRAFT).limit(1)
        for number in range(files):
            content = os.urandom(each_bytes)
            with database.transaction() as session:
                session.add(
                    Evidence(
                        update_id=session.scalars(drafts).one(),
                        sha256=keep_bytes(session, content),
                        size_bytes=each_bytes,
                        media_type="application/octet-stream",
                        name=f"{number}.bin",
                        visibility=Visibility.CONFIDENTIAL,
                        added_at=clock.now(),
                    )
                )
        database.dispose()

    def run(self, *arguments: object) -> str:
        """A flask command; what it said on standard output."""
        command = [*FLASK, *map(str, arguments)]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            raise RuntimeError(f"flask {arguments[0]} ended with status {done.returncode}")
        return done.stdout

    def measure(self, *arguments: object) -> tuple[float, float]:
        """Seconds, and the sum of the highest resident sets (megabytes) of the command and what it started."""
        begun, highest = time.perf_counter(), {0: 0.0}
        process = subprocess.Popen([*FLASK, *map(str, arguments)], cwd=ROOT, env=self.environment)
        while process.poll() is None:
            highest |= {each: peak for each in tree(process.pid) if (peak := _peak_megabytes(each))}
            time.sleep(POLL_SECONDS)
        if process.returncode:
            raise RuntimeError(f"flask {arguments[0]} ended with status {process.returncode}")
        return time.perf_counter() - begun, sum(highest.values())


def _peak_megabytes(process: int) -> float:
    """The kernel keeps the highest value, so that nothing is missed between two looks."""
    try:
        said = Path(f"/proc/{process}/status").read_text()
    except OSError:  # it has ended meanwhile
        return 0.0
    found = re.search(r"^VmHWM:\s+(\d+) kB", said, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def places(folder: Path, kind: str) -> Iterator["InstanceMaker"]:
    """Instances of a kind of database, as many as are asked for."""
    if kind == "sqlite":
        yield InstanceMaker(folder, None)
    else:
        with postgresql() as server:
            yield InstanceMaker(folder, server)


class InstanceMaker:
    def __init__(self, folder: Path, server: PostgreSQL | None) -> None:
        self._folder, self._server = folder, server
        self._private = folder / "private.key"
        first = Instance(folder / "of-the-operator", f"sqlite:///{folder / 'none'}", "", self._private)
        self._public = first.run("make-backup-keys", self._private).strip().partition("=")[2]

    def empty(self, name: str) -> Instance:
        """A folder and, on PostgreSQL, an empty database of this name."""
        folder = self._folder / name
        folder.mkdir()
        url = f"sqlite:///{folder / 'tracker.sqlite3'}"
        if self._server is not None:
            self._server.execute(f"CREATE DATABASE {name}")
            url = self._server.url(name)
        return Instance(folder, url, self._public, self._private)

    def wipe(self, instance: Instance) -> None:
        """As after a fire: nothing is left of it."""
        if self._server is not None:
            self._server.execute(f"DROP DATABASE {instance.folder.name} WITH (FORCE)")
        subprocess.run(["rm", "-r", str(instance.folder)], check=True)
