"""A history to tamper with."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from tests import cast as people
from tests.cast import GOOD_UPDATE, Cast, make_update
from tracker.database import Database
from tracker.models.updates import UpdateState
from tracker.services.updates.workflow import change_update, discard_update


@pytest.fixture
def written(database: Database, cast: Cast) -> Database:
    """A history with texts, and with one draft whose texts were purged."""
    with database.transaction() as session:
        draft = make_update(session, cast, UpdateState.DRAFT)
        for words in ("Ten officers were trained.", "Eleven officers were trained."):
            text = replace(GOOD_UPDATE, done=words)
            change_update(session, cast["focal_point"], draft, draft.version, text, people.NOW)
            session.flush()
        discard_update(session, cast["focal_point"], draft, people.NOW)
        for state in (UpdateState.PUBLISHED, UpdateState.RETURNED, UpdateState.PUBLISHED, UpdateState.DRAFT):
            make_update(session, cast, state)
    return database


@pytest.fixture
def connection(written: Database) -> Iterator[Connection]:
    """What is done on it is never committed."""
    with written.engine.connect() as found:
        yield found
