"""Has a file of recommendations read, and makes the preview.

Reading takes seconds, in which a database of one file lets nobody else write. So it has three steps: what the reader
needs is read from the database, the file is read and matched with what stands without it, and the outcome is stored
where the review is still as it was.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.exchange.imports.matching import Match
from tracker.exchange.imports.reading_apart import read_apart
from tracker.exchange.imports.rows import Asked, Column, Layout, NotReadable, ReadFile
from tracker.exchange.imports.sheets import headers_key
from tracker.exchange.imports.state_names import fold_name
from tracker.failures import BadInput
from tracker.language import gettext
from tracker.models.imports import ColumnChoice, Import, ImportItem, ImportState, StateSpelling
from tracker.models.reviews import Review
from tracker.models.states import State
from tracker.services.imports.comparing import ReviewChanged, Standing, find_standing, make_items

OPEN = (ImportState.WAITING, ImportState.COLUMNS, ImportState.REFUSED, ImportState.READ)
"""The states of an import that was neither applied nor undone."""


@dataclass(frozen=True)
class ToRead:
    """A file, and all that it takes to read it. `choices`: what the columns of tables hold, as people of the State
    chose before, by `headers_key`. `standing`: with what it is matched."""

    name: str
    content: bytes
    asked: Asked
    choices: dict[str, tuple[Column, ...]]
    standing: Standing


@dataclass(frozen=True)
class Outcome:
    """`file` is None where nothing of the file could be read: `problem` says why. Of a table `columns`, by which it was
    read, and what is shown when somebody chooses others. `matches`: with what stood in the review, of which `digest`
    is one."""

    file: ReadFile | None
    problem: str = ""
    columns: tuple[Column, ...] = ()
    headers: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    matches: tuple[Match, ...] = ()
    digest: str = ""


def prepare_reading(session: Session, found: Import, most_rows: int) -> ToRead:
    """Of an import that is stored."""
    if found.state not in OPEN or found.content is None:
        raise BadInput(gettext("This import was applied or discarded already. Upload the file again."))
    review = session.get_one(Review, found.review_id)
    layout = Layout(found.layout) if found.layout else None
    columns = tuple(Column(each) for each in found.columns)
    return prepare_file(session, review, found.file_name, found.content, most_rows, layout, columns)


def prepare_file(
    session: Session,
    review: Review,
    name: str,
    content: bytes,
    most_rows: int,
    layout: Layout | None = None,
    columns: tuple[Column, ...] = (),
) -> ToRead:
    """Of a file that is about to be stored. `layout`: None to recognise it."""
    known = session.scalars(select(ColumnChoice).where(ColumnChoice.state_code == review.state_code))
    return ToRead(
        name=name,
        content=content,
        asked=Asked(
            state_code=review.state_code,
            states=list_spellings(session, review.state_code),
            explained=tuple(list_explained(session, review.state_code)),
            cycle=review.cycle,
            layout=layout,
            columns=columns,
            most_rows=most_rows,
        ),
        choices={each.headers: tuple(Column(column) for column in each.columns) for each in known},
        standing=find_standing(session, review),
    )


def read_file(to_read: ToRead) -> Outcome:
    """In a process of its own. A table with headers that were read before is read with the columns that a person chose
    for those."""
    asked, known = to_read.asked, to_read.standing.known
    try:
        read, matches = read_apart(to_read.name, to_read.content, asked, known)
        first = read
        chosen = to_read.choices.get(headers_key(read.headers)) if read.headers else None
        if chosen and not read.rows and not asked.columns:
            asked = replace(asked, layout=Layout.TABLE, columns=chosen)
            read, matches = read_apart(to_read.name, to_read.content, asked, known)
    except NotReadable as error:
        return Outcome(None, str(error), asked.columns)
    return Outcome(
        read,
        columns=asked.columns,
        headers=first.headers,
        samples=first.samples,
        matches=matches,
        digest=to_read.standing.digest,
    )


def store_outcome(session: Session, found: Import, outcome: Outcome) -> None:
    """Stores the items of the preview in place of those that the import had. What cannot be read is stored as its
    problem: the file stays, so that it can be tried again. Raises `ReviewChanged`, before anything is stored."""
    read = outcome.file
    is_preview = read is not None and not (read.headers and not outcome.columns)
    items: list[ImportItem] = []
    if read is not None and is_preview:
        review = session.get_one(Review, found.review_id)
        items = make_items(session, review, found, read, outcome.matches, outcome.digest)
    session.execute(delete(ImportItem).where(ImportItem.import_id == found.id))
    if read is None:
        found.state, found.problem = ImportState.REFUSED, outcome.problem
        return
    found.layout, found.left_out, found.problem = read.layout.value, read.left_out, ""
    found.columns = [column.value for column in outcome.columns]
    found.explained = list(read.explained)
    if outcome.samples:
        found.headers, found.samples = list(outcome.headers), [list(row) for row in outcome.samples]
    found.state = ImportState.READ if is_preview else ImportState.COLUMNS
    session.add_all(items)
    session.flush()


def store_read(session: Session, import_id: UUID, to_read: ToRead, outcome: Outcome) -> None:
    """Stores what was read of an import that waited, unless it was discarded or read by another process meanwhile.
    Where somebody chose another format or other columns, named a State, or changed the review while it was read, it
    goes on waiting."""
    query = select(Import).where(Import.id == import_id, Import.state == ImportState.WAITING)
    found = session.scalars(query.with_for_update()).one_or_none()
    if found is not None and _is_still_asked(session, found, to_read.asked):
        with suppress(ReviewChanged):
            store_outcome(session, found, outcome)


def _is_still_asked(session: Session, found: Import, asked: Asked) -> bool:
    by_now = (found.layout, found.columns, list_spellings(session, asked.state_code))
    return by_now == (asked.layout, list(asked.columns), asked.states)


def find_waiting(session: Session, passed_over: Sequence[Any] = ()) -> Import | None:
    """The import that has waited longest to be read."""
    query = select(Import).where(Import.state == ImportState.WAITING, Import.id.not_in(passed_over))
    return session.scalars(query.order_by(Import.uploaded_at, Import.id).limit(1)).first()


def list_spellings(session: Session, state_code: str) -> dict[str, str]:
    """Every spelling of every State that is known in reviews of the State `state_code`, folded, and its code."""
    return list_explained(session, state_code) | list_official(session)


def list_official(session: Session) -> dict[str, str]:
    """The spellings that the product knows, folded, whatever people chose."""
    spellings: dict[str, str] = {}
    rows: Any = session.scalars(select(State))
    for state in rows:
        for name in (*state.names.values(), state.code, *state.aliases):
            spellings.setdefault(fold_name(name), state.code)
    return spellings


def list_explained(session: Session, state_code: str) -> dict[str, str]:
    """The spellings that people of the State explained. One that the product has learned since is none any more."""
    known = session.scalars(select(StateSpelling).where(StateSpelling.state_code == state_code))
    official = list_official(session)
    return {each.spelling: each.means for each in known if each.spelling not in official}
