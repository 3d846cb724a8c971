"""The one place where a lost update is refused: the row of an update is written here, at the version it was read at."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.failures import ChangedMeanwhile, NotFound
from tracker.models.updates import ProgressUpdate
from tracker.services.updates.texts import text_of


def store(session: Session, update: ProgressUpdate, **values: object) -> None:
    """Sets the attributes and writes the row. Raises `ChangedMeanwhile` where somebody else wrote it meanwhile."""
    with refuse_lost_update(session, update):
        for name, value in values.items():
            setattr(update, name, value)


@contextmanager
def refuse_lost_update(session: Session, update: ProgressUpdate) -> Iterator[None]:
    """Writes what the block does to the update. Where somebody else has changed the row since it was read (its
    `version` tells), nothing of the block is done and `ChangedMeanwhile` has the text that is stored now.

    The block runs in a savepoint: without one, a flush that fails would end the whole transaction, and nobody could
    read what is stored."""
    update_id = update.id
    try:
        with session.begin_nested():
            yield
    except StaleDataError as error:
        stored = session.get(ProgressUpdate, update_id, populate_existing=True)
        if stored is None:
            raise NotFound from error
        raise ChangedMeanwhile(text_of(stored)) from error
