"""What an upload leaves behind: nothing of a file that nobody applied, and of an applied one what the undo needs."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.exchange.imports import table_files
from tests.services.imports.files import COLUMNS, HEADER, ROWS, open_empty, preview, table
from tracker.exchange.imports.rows import Column
from tracker.models.imports import Import, ImportItem, ImportState
from tracker.services.imports.applying import apply_import, undo_import
from tracker.services.imports.reading import Outcome, prepare_reading, read_file, store_outcome
from tracker.services.imports.uploads import FileSent, discard_old_imports, upload_import

pytestmark = pytest.mark.database
DAYS = timedelta(days=30)


def test_a_file_that_nobody_applied_is_gone_after_thirty_days(session: Session, cast: Cast) -> None:
    coordinator, review = cast["coordinator"], open_empty(session)
    applied, read, columns = (
        preview(session, coordinator, review, table(), *COLUMNS),
        preview(session, coordinator, review, table(), *COLUMNS),
        preview(session, coordinator, review, table()),
    )
    apply_import(session, coordinator, applied, NOW)
    scan = FileSent("scan.pdf", b"%PDF-1.7 and so on")
    waiting, refused, newer = (
        upload_import(session, coordinator, review, scan, None, NOW + later)
        for later in (timedelta(0), timedelta(0), timedelta(seconds=1))
    )
    store_outcome(session, refused, Outcome(None, "It cannot be read."))
    session.flush()
    states = [each.state for each in (read, columns, waiting, refused)]
    assert states == [ImportState.READ, ImportState.COLUMNS, ImportState.WAITING, ImportState.REFUSED]
    assert discard_old_imports(session, read.kept_until) == 0
    assert discard_old_imports(session, newer.uploaded_at + DAYS) == 4
    left = session.scalars(select(Import.id).order_by(Import.uploaded_at)).all()
    assert left == [applied.id, newer.id]
    items = select(func.count()).select_from(ImportItem).where(ImportItem.import_id != applied.id)
    assert session.scalar(items) == 0
    undo_import(session, coordinator, applied, NOW + 2 * DAYS)
    assert discard_old_imports(session, NOW + 9 * DAYS) == 1
    assert session.get(Import, applied.id) is not None


def test_of_an_applied_table_no_cell_of_a_column_that_was_left_out_is_kept(
    session: Session, cast: Cast
) -> None:
    rows = [[*row, "Vasia Example"] for row in ROWS]
    content = table_files.xlsx([*HEADER, "Clerk"], rows)
    coordinator, review = cast["coordinator"], open_empty(session)
    found = upload_import(session, coordinator, review, FileSent("list.xlsx", content), None, NOW)
    for columns in ((), (*COLUMNS, Column.NONE)):
        found.columns = [column.value for column in columns]
        asked = prepare_reading(session, found, 100)
        store_outcome(session, found, read_file(asked))
    assert "Vasia Example" in repr(found.samples)
    apply_import(session, coordinator, found, NOW)
    session.flush()
    tables = (Import.__table__, ImportItem.__table__)
    kept = [tuple(row) for each in tables for row in session.execute(select(each))]
    assert "Vasia Example" not in repr(kept)
    undo_import(session, coordinator, found, NOW)
