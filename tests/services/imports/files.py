"""Small files in the layouts that are read, and the steps of an import without the process that reads apart."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from tests.cast import NOW
from tests.exchange.imports import matrices, table_files
from tracker.exchange.imports import reading as readers
from tracker.exchange.imports.rows import Column, Layout
from tracker.models.imports import Import, ImportItem
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM, Actor
from tracker.services.imports.applying import apply_import
from tracker.services.imports.reading import Outcome, ToRead, prepare_reading, store_outcome
from tracker.services.imports.uploads import FileSent, upload_import
from tracker.services.reviews import SourceFacts, add_source, open_review

C = Column
COLUMNS = (C.REF, C.TEXT, C.STATES, C.POSITION, C.THEMES)
HEADER = ["Ref", "Recommendation", "States", "Position", "Themes"]
Rows = Sequence[Sequence[Any]]
ROWS: Rows = (
    ("140.1", "Plant a tree in each street of the capital", "Chile, Peru", "Supported", "Trees; Air"),
    ("140.2", "Open a library in each village", "Fiji", "Noted", "Books"),
    ("140.10", "Teach swimming in all schools", "Chile", "Supported", "Water; Trees"),
)
MATRIX_ROWS = (
    "Theme: Trees and parks",
    (
        "140.1 Plant a tree in each street of the capital (Chile) (Peru);\nSource of Position: A/HRC/99/15/Add.1",
        "Supported",
        "- Trees and parks\n- Clean air\nGroups of Persons: \n- Gardeners",
        "- 15 - LIFE ON LAND\n- 16.3 - JUSTICE",
    ),
    (
        "140.2 Open a library in each village (Fiji);\nSource of Position: A/HRC/99/15/Add.1",
        "Noted",
        "- Books",
        "- 4 - EDUCATION",
    ),
    "Theme: Water",
    (
        "140.10 Teach swimming in all schools (Chile);\nSource of Position: A/HRC/99/15/Add.1",
        "Supported",
        "- Water",
        "",
    ),
)


def open_empty(session: Session, code: str = "KGZ-4") -> Review:
    """A review with a document and no recommendations, not published."""
    state, _, cycle = code.partition("-")
    review = open_review(session, SYSTEM, state, int(cycle), NOW)
    add_source(
        session,
        SYSTEM,
        review,
        SourceFacts("Report of the Working Group", "A/HRC/99/15", NOW.date(), "en", ""),
    )
    return review


def table(rows: Rows = ROWS) -> bytes:
    return table_files.xlsx(HEADER, rows)


def matrix(rows: Sequence[matrices.Row] = MATRIX_ROWS) -> bytes:
    return matrices.quick_matrix(matrices.FOURTH, rows)


def upr_info(rows: Rows) -> bytes:
    """`rows`: text, recommending State, response, issues. Session 49 is one of the fourth cycle."""
    filled = [
        ["Kyrgyzstan", "Asia", "OIC", words, state, "", "", response, 4.0, issues, 49.0]
        for words, state, response, issues in rows
    ]
    return table_files.text(table_files.OLD_HEADER, filled).encode()


def preview(
    session: Session,
    actor: Actor,
    review: Review,
    content: bytes,
    *columns: Column,
    layout: Layout | None = None,
    source_id: int | None = None,
) -> Import:
    sent = FileSent("list.xlsx", content, layout or (Layout.TABLE if columns else None))
    found = upload_import(session, actor, review, sent, source_id, NOW)
    found.columns = [column.value for column in columns]
    store_outcome(session, found, read_here(prepare_reading(session, found, 20_000)))
    return found


def read_here(to_read: ToRead) -> Outcome:
    """As `read_file`, without a process of its own."""
    known = to_read.standing.known
    read, matches = readers.read_and_match(to_read.name, to_read.content, to_read.asked, known)
    return Outcome(read, "", to_read.asked.columns, matches=matches, digest=to_read.standing.digest)


def bring(
    session: Session,
    actor: Actor,
    review: Review,
    content: bytes,
    *columns: Column,
    layout: Layout | None = None,
) -> Import:
    """Preview, and apply."""
    found = preview(session, actor, review, content, *columns, layout=layout)
    apply_import(session, actor, found, NOW)
    session.flush()
    return found


def items_of(session: Session, found: Import) -> list[ImportItem]:
    query = select(ImportItem).where(ImportItem.import_id == found.id)
    return list(session.scalars(query.order_by(ImportItem.number)))


def kinds_of(session: Session, found: Import) -> dict[str, int]:
    kinds = [item.kind.value for item in items_of(session, found)]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def recommendations(session: Session, review: Review) -> list[Recommendation]:
    query = select(Recommendation).where(Recommendation.review_id == review.id)
    return list(session.scalars(query.order_by(Recommendation.order)))


OWN_ROWS = {"imports", "import_items", "history_lines", "history_heads", "column_choices"}
"""What an import that was undone leaves behind: that it was there."""


def everything(session: Session) -> dict[str, list[Any]]:
    """Every column of every row, but what an import may leave and the version of a review's figures."""
    session.flush()
    found = {}
    connection = session.connection()
    for name in inspect(connection).get_table_names():
        if name in OWN_ROWS:
            continue
        rows = [dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()]
        for row in rows:
            row.pop("figures_version", None)
        found[name] = sorted(map(repr, rows))
    return found
