"""Copies a whole database out of one snapshot while others write. `database_restore.py` is the way back.

The copy is a temporary file, because an archive states the size of a file before its bytes. The file has no name, so
it disappears with the process; until then it lies in clear beside the database (PostgreSQL: the evidence).
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import URL, Connection, func, inspect, make_url, select, table, text
from sqlalchemy.orm import Session

from tracker.failures import BadInput

LEFT_OUT = ("sign_ins", "throttles")
"""Tables whose rows a backup must not bring back: ended sign-ins stay ended, and everybody signs in again."""
BLOCK = 1024 * 1024


def read_revision(session: Session) -> str:
    """Returns the Alembic revision of the tables."""
    if not inspect(session.connection()).has_table("alembic_version"):
        raise BadInput("The database has no tables: there is nothing to back up. Is DATABASE_URL right?")
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def count_rows(connection: Connection) -> dict[str, int]:
    """Counts the rows of every table except `LEFT_OUT`."""
    names = [name for name in sorted(inspect(connection).get_table_names()) if name not in LEFT_OUT]
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


@contextmanager
def open_copy(session: Session, url: str, folder: Path) -> Iterator[IO[bytes]]:
    """Opens a copy of the database as the session's snapshot sees it: an SQLite file, or the output of pg_dump.

    The output of pg_dump takes its room in `folder`, which is made where it does not exist yet."""
    if is_postgresql(session):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            _dump(url, str(session.scalar(select(func.pg_export_snapshot()))), file)
            file.seek(0)
            yield file
        return
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(driver)
    with _copy(driver, sqlite_path(url)) as file:
        yield file


def sqlite_path(url: str) -> Path:
    """Raises `BadInput` for a database in memory."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise BadInput("A database in memory has no backup: DATABASE_URL must name a file.")
    return Path(name)


def _copy(source: sqlite3.Connection, path: Path) -> IO[bytes]:
    """Runs SQLite's online backup in one step on the connection that holds the snapshot; writers are not blocked."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".copy-")  # mode 0600
    file = os.fdopen(handle, "rb")
    try:
        try:
            target = sqlite3.connect(name)
        finally:
            Path(name).unlink()  # before it holds a byte
        with closing(target):
            target.execute("PRAGMA journal_mode = OFF")  # a journal would have a name
            source.backup(target)
    except sqlite3.Error as error:
        file.close()
        raise BadInput(
            f"The database cannot be copied: {error}. Beside it as much must be free as it takes."
        ) from error
    except BaseException:
        file.close()
        raise
    return file


def _dump(url: str, snapshot: str, file: IO[bytes]) -> None:
    left_out = (f"--exclude-table-data={name}" for name in LEFT_OUT)
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", *left_out)
    with tempfile.TemporaryFile() as errors:
        with start_program("pg_dump", url, *options, stdout=subprocess.PIPE, stderr=errors) as process:
            if process.stdout is None:
                raise TypeError(process)
            with process.stdout:  # an error while copying closes it, which ends the program
                shutil.copyfileobj(process.stdout, file, BLOCK)
        if process.returncode:
            raise BadInput(f"pg_dump failed: {last_line(errors)}.")


def find_program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BadInput(
            f"{name} is not on PATH: install PostgreSQL's client programs (Debian: postgresql-client) in the version "
            "of the server."
        )
    return path


def start_program(
    name: str,
    url: str,
    *options: str,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Starts a PostgreSQL program on the database. The password goes into the environment: arguments are public."""
    address: URL = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql")
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    place = address.set(password=None).render_as_string(hide_password=False)
    command = [find_program(name), *options, f"--dbname={place}"]
    return subprocess.Popen(  # noqa: S603 - our own command, without a shell
        command, stdin=stdin, stdout=stdout, stderr=stderr, env={**os.environ, **secret, "LC_ALL": "C.UTF-8"}
    )


def last_line(output: IO[bytes]) -> str:
    output.seek(0)
    lines = output.read()[-2000:].decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing").rstrip(".")
