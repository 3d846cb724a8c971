"""What a job needs from the outside, given once by the command that runs it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar

from tracker.database import Database, Session

T = TypeVar("T")


@dataclass(frozen=True)
class JobContext:
    """`stopping` is set when the process is asked to end: a job that does many things does no further one."""

    database: Database
    base_url: str
    mail_url: str
    mail_from: str
    timezone: str
    stopping: Event = field(default_factory=Event)

    def in_transaction(self, verb: Callable[[Session], T]) -> T:
        """One transaction per item: the runner is the only one that commits here."""
        with self.database.transaction() as session:
            return verb(session)
