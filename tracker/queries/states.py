"""States, as everybody knows them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.language import sort_key
from tracker.models.states import State


def list_states(session: Session) -> Sequence[State]:
    """By name."""
    return sorted(session.scalars(select(State)), key=lambda state: (sort_key(state.name), state.code))
