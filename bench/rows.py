"""Rows by table, made in memory and inserted in bulk, with numbers that begin after those of the seed."""

from collections import defaultdict
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from tracker.models.accounts import Account, AccountRole
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.assignments import Assignment
from tracker.models.current_entries import CurrentEntry
from tracker.models.milestones import Milestone
from tracker.models.organisations import Organisation
from tracker.models.recommendations import (
    Recommendation,
    RecommendationGroup,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.reviews import Review, Source
from tracker.models.updates import ProgressUpdate

TABLES: tuple[Any, ...] = (
    Organisation, Account, AccountRole, Review, Source, Milestone, Recommendation, RecommendationTheme,
    RecommendationGroup, RecommendationSdgTarget, RecommendingState, Assignment, ActionPoint, ProgressUpdate,
    Assessment, CurrentEntry,
)  # fmt: skip
"""In the order in which rows may refer to each other."""


def make_uuid(pick: Random) -> UUID:
    return UUID(int=pick.getrandbits(128), version=4)


class RowBuffer:
    """Rows wait in memory until `write`, which a large corpus calls again and again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._written: dict[Any, int] = defaultdict(int)
        self._by_table: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self._last = {
            table: session.scalar(select(func.max(table.id))) or 0
            for table in TABLES
            if "id" in table.__table__.c and table.__table__.c.id.type.python_type is int
        }

    def add(self, table: Any, **values: Any) -> int:
        """Gives the number of the row, 0 where the table counts otherwise."""
        if table in self._last:
            self._last[table] += 1
            values["id"] = self._last[table]
        self._by_table[table].append(values)
        return self._last.get(table, 0)

    def newest(self, table: Any) -> dict[str, Any]:
        """The row that was added last; it may still be changed."""
        return self._by_table[table][-1]

    def count(self, table: Any) -> int:
        return self._written[table] + len(self._by_table[table])

    def write(self) -> None:
        """Inserts what waits, in one statement a table."""
        for table in TABLES:
            if rows := self._by_table.pop(table, None):
                self._session.execute(insert(table.__table__), rows)
                self._written[table] += len(rows)

    def move_counters(self) -> None:
        """The counters of PostgreSQL do not see numbers that were given here."""
        if self._session.get_bind().dialect.name != "postgresql":
            return
        for table in self._last:
            name = table.__tablename__
            moved = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
            self._session.execute(text(moved))
