"""States, as everybody knows them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.states import State


def list_states(session: Session) -> Sequence[State]:
    """By their English names."""
    return session.scalars(select(State).order_by(State.name_en, State.code)).all()
