"""Waits until a transaction of PostgreSQL waits for another one."""

from time import monotonic, sleep

from sqlalchemy import text

from tracker.database import Database

SECONDS = 5


def wait_until_somebody_waits(database: Database) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    end = monotonic() + SECONDS
    while monotonic() < end:
        with database.reading() as session:
            if session.scalar(waiting):
                return
        sleep(0.02)
    raise TimeoutError("nobody waits for a lock")
