"""An action that is refused changes nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.failures import Failure
from tracker.models.base import Base
from tracker.models.history import HistoryLine


def everything(session: Session, model: type[Base]) -> list[object]:
    """Every column of every row of the table, and how many lines of history there are."""
    session.flush()
    columns = list(model.__table__.columns)
    rows = session.execute(select(*columns).order_by(*model.__table__.primary_key))
    return [[tuple(row) for row in rows], session.scalar(select(func.count()).select_from(HistoryLine))]


def refused(
    session: Session, model: type[Base], failure: type[Failure], action: Callable[[], object]
) -> Failure:
    """The action raises the failure and leaves every row as it was."""
    before = everything(session, model)
    with pytest.raises(failure) as found:
        action()
    assert everything(session, model) == before
    return found.value
