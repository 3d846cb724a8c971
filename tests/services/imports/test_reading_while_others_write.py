"""A file is matched with what stands before anything is locked. Where somebody changed the review meanwhile, nothing of
that is stored."""

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.services.imports.files import (
    COLUMNS,
    ROWS,
    bring,
    items_of,
    kinds_of,
    open_empty,
    read_here,
    recommendations,
    table,
)
from tracker.exchange.imports.rows import Layout
from tracker.models.imports import ImportState
from tracker.services.imports.comparing import ReviewChanged
from tracker.services.imports.reading import prepare_reading, store_outcome, store_read
from tracker.services.imports.uploads import FileSent, upload_import

pytestmark = pytest.mark.database


def test_what_was_matched_with_another_review_is_not_stored(session: Session, cast: Cast) -> None:
    review, coordinator = open_empty(session), cast["coordinator"]
    bring(session, coordinator, review, table(), *COLUMNS)
    sent = FileSent("list.xlsx", table((*ROWS[:1], ("140.11", "Mend the bridge", "Mali", "Noted", ""))))
    found = upload_import(session, coordinator, review, sent, None, NOW)
    found.layout, found.columns = Layout.TABLE, [column.value for column in COLUMNS]
    to_read = prepare_reading(session, found, 20_000)
    outcome = read_here(to_read)
    changed = recommendations(session, review)[0]
    text, changed.text = changed.text, "Another text by now"
    session.flush()
    with pytest.raises(ReviewChanged):
        store_outcome(session, found, outcome)
    store_read(session, found.id, to_read, outcome)
    assert (found.state, items_of(session, found)) == (ImportState.WAITING, [])
    changed.text = text
    session.flush()
    store_read(session, found.id, to_read, outcome)
    assert kinds_of(session, found) == {"new": 1, "unchanged": 1}
