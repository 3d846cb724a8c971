"""Reads a file that was just stored, while its sender waits.

Reading takes seconds, in which nobody else could write. So these forms store what was sent in a transaction of their
own and read the file after it; a process that dies meanwhile leaves a file that waits, and the scheduler reads it.
"""

from uuid import UUID

from flask import current_app

from tracker.models.imports import ImportState
from tracker.queries.imports import get_import
from tracker.services.imports.reading import prepare_reading, read_file, store_read
from tracker.web.access import actor
from tracker.web.transactions import database

SMALL_BYTES = 1_000_000
"""Larger files are read by the job `read_imports`: nobody waits for them in front of a page that loads."""


def read_if_small(import_id: UUID) -> None:
    most_rows = current_app.config["TRACKER"].IMPORT_MAX_ROWS
    with database().reading() as session:
        found = get_import(session, actor(), import_id)
        if found.state != ImportState.WAITING or len(found.content or b"") > SMALL_BYTES:
            return
        to_read = prepare_reading(session, found, most_rows)
    outcome = read_file(to_read)
    with database().transaction() as session:
        store_read(session, import_id, to_read, outcome)
