"""What a database is asked, by readers and writers alike; not how a transaction begins."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tracker.database import Database


@contextmanager
def watching(database: Database, note: Callable[[str, Any], object]) -> Iterator[None]:
    """`note` gets each statement and its values, before the driver does."""

    def heard(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            note(statement, values)

    event.listen(database.engine, "before_cursor_execute", heard)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", heard)
