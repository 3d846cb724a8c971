"""What a job needs from the outside: the command that runs it passes this in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar

from tracker.database import Database, Session

T = TypeVar("T")


@dataclass(frozen=True)
class JobContext:
    """`stopping` is set when the process is asked to end: a job with many items then starts no further one."""

    database: Database
    base_url: str
    mail_url: str
    mail_from: str
    timezone: str
    import_max_rows: int = 20_000
    stopping: Event = field(default_factory=Event)

    def in_transaction(self, verb: Callable[[Session], T]) -> T:
        """Runs a service in a transaction of its own, one for each item; nothing else in the jobs commits."""
        with self.database.transaction() as session:
            return verb(session)
