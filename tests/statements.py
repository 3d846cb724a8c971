"""What a database is asked, whichever of its engines asks it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tracker.database import Database


@contextmanager
def watching(database: Database, note: Callable[[str, Any], object]) -> Iterator[None]:
    """`note` gets each statement and its values, before the driver does."""

    def heard(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        note(statement, values)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", heard)
    try:
        yield
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", heard)
