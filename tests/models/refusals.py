"""Rows that a database refuses, and by which constraint."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.models.base import Base


def insert(session: Session, row: Base) -> None:
    with session.begin_nested():
        session.add(row)
        session.flush()


def refused(session: Session, row: Base, constraint: str) -> None:
    """The row is refused by the constraint of that name and nothing of it is left."""
    model = type(row)
    before = session.scalar(select(func.count()).select_from(model))
    with pytest.raises(IntegrityError) as found:
        insert(session, row)
    said = str(found.value.orig)
    if said.startswith("UNIQUE constraint failed"):  # where SQLite names the columns, not the constraint
        assert constraint.startswith("uq_"), said
    else:
        assert constraint in said, said
    assert session.scalar(select(func.count()).select_from(model)) == before
