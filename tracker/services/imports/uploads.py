"""Takes a file of recommendations, and what a person says about it: its columns, names of States, what to take."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tracker.exchange.imports.column_names import REPEATED
from tracker.exchange.imports.rows import Column, Layout
from tracker.exchange.imports.sheets import headers_key
from tracker.exchange.imports.state_names import fold_name
from tracker.failures import BadInput, NotAllowed
from tracker.language import current, gettext
from tracker.models.imports import (
    KEPT_FOR,
    ColumnChoice,
    Import,
    ImportItem,
    ImportState,
    ItemKind,
    StateSpelling,
)
from tracker.models.reviews import Review
from tracker.models.states import State
from tracker.policy.actors import Actor
from tracker.policy.imports import can_import
from tracker.queries.imports import IS_DRAFT
from tracker.services.imports.locking import lock_row
from tracker.services.imports.reading import OPEN, list_official
from tracker.services.reviews import refuse_closed


@dataclass(frozen=True)
class FileSent:
    """`layout`: None to recognise it."""

    name: str
    content: bytes
    layout: Layout | None = None


def upload_import(
    session: Session, actor: Actor, review: Review, sent: FileSent, source_id: int | None, now: datetime
) -> Import:
    """Stores the file, which waits to be read (`reading.py`)."""
    refuse_closed(review.closed_at)
    if not can_import(actor, review):
        raise NotAllowed
    if not sent.content:
        raise BadInput(gettext("“%(name)s” is empty. Choose the file again", name=sent.name))
    uploaded = Import(
        review_id=review.id,
        account_id=actor.account_id,
        source_id=source_id,
        file_name=sent.name,
        sha256=sha256(sent.content).hexdigest(),
        content=sent.content,
        layout=sent.layout.value if sent.layout else None,
        columns=[],
        headers=[],
        samples=[],
        state=ImportState.WAITING,
        uploaded_at=now,
    )
    session.add(uploaded)
    session.flush()
    return uploaded


def choose_columns(session: Session, actor: Actor, found: Import, columns: Sequence[Column]) -> None:
    """What the columns of a table hold, from the left; remembered for tables of the same headers."""
    review = _lock_open(session, actor, found)
    if Column.TEXT not in columns and Column.REF not in columns:
        raise BadInput(gettext("Say which column holds the text of the recommendations, or their numbers."))
    once = [column for column in columns if column not in REPEATED]
    if len(once) > len(set(once)):
        raise BadInput(gettext("Two columns are said to hold the same. Choose “Leave out” for one of them."))
    found.columns = [column.value for column in columns]
    _lock_choices(session, review.state_code)
    key = (review.state_code, headers_key(tuple(found.headers)))
    known = session.get(ColumnChoice, key)
    if known is None:
        session.add(ColumnChoice(state_code=key[0], headers=key[1], columns=found.columns))
    else:
        known.columns = found.columns


def name_state(
    session: Session, actor: Actor, found: Import, name: str, state_code: str, now: datetime
) -> None:
    """Remembers for every later file of the State under review which State a name means."""
    review = _lock_open(session, actor, found)
    _lock_choices(session, review.state_code)
    if session.get(State, state_code) is None:
        raise BadInput(gettext("Choose the State that “%(spelling)s” means.", spelling=name))
    key = (review.state_code, fold_name(name))
    if not key[1] or key[1] in list_official(session):
        raise BadInput(gettext("“%(spelling)s” is the name of a State already.", spelling=name))
    known = session.get(StateSpelling, key)
    if known is None:
        spelling = StateSpelling(
            state_code=key[0], spelling=key[1], name=name, means=state_code, chosen_at=now
        )
        session.add(spelling)
    elif known.means != state_code:
        known.name, known.means, known.chosen_at = name, state_code, now


def forget_state(session: Session, actor: Actor, found: Import, name: str) -> None:
    """Which State the name means is asked again."""
    review = _lock_open(session, actor, found)
    same = (StateSpelling.state_code == review.state_code, StateSpelling.spelling == fold_name(name))
    session.execute(delete(StateSpelling).where(*same))


def wait_again(session: Session, actor: Actor, found: Import, layout: Layout | None) -> None:
    """The file is read anew, as another layout where one is named. What a person took or left is forgotten."""
    _lock_open(session, actor, found)
    if layout is not None and layout != found.layout:
        found.layout, found.columns = layout.value, []
    found.state, found.problem, found.language = ImportState.WAITING, "", current()


def take_items(
    session: Session, actor: Actor, found: Import, shown: Collection[int], taken: Collection[int]
) -> None:
    """Of the doubtful items and the drafts that were `shown`, by number, applying takes those in `taken` and leaves
    the others."""
    _lock_open(session, actor, found)
    if found.state != ImportState.READ:
        raise BadInput(gettext("This file is to be read again: look at its new preview first."))
    asked = select(ImportItem).where(
        ImportItem.import_id == found.id,
        or_(ImportItem.kind == ItemKind.DOUBTFUL, IS_DRAFT),
        ImportItem.number.in_(shown),
    )
    for item in session.scalars(asked):
        item.is_taken = item.can_be_taken and item.number in taken


def discard_import(session: Session, actor: Actor, found: Import) -> None:
    """Forgets a file that was not applied."""
    _lock(session, actor, found)
    if found.state not in OPEN:
        raise BadInput(gettext("This import was applied: undo it instead."))
    _forget(session, [found.id])


def discard_old_imports(session: Session, now: datetime) -> int:
    """Forgets the files that nobody applied within `KEPT_FOR`; their number."""
    old = select(Import.id).where(Import.state.in_(OPEN), Import.uploaded_at < now - KEPT_FOR)
    ids = session.scalars(old.with_for_update()).all()
    _forget(session, ids)
    return len(ids)


def _forget(session: Session, ids: Sequence[UUID]) -> None:
    session.execute(delete(ImportItem).where(ImportItem.import_id.in_(ids)))
    session.execute(delete(Import).where(Import.id.in_(ids)))


def _lock_open(session: Session, actor: Actor, found: Import) -> Review:
    review = _lock(session, actor, found)
    if found.state not in OPEN:
        raise BadInput(gettext("This import was applied or discarded already. Upload the file again."))
    return review


def _lock(session: Session, actor: Actor, found: Import) -> Review:
    lock_row(session, found)
    review = session.get_one(Review, found.review_id)
    if not can_import(actor, review):
        raise NotAllowed
    return review


def _lock_choices(session: Session, state_code: str) -> None:
    """What people of a State choose for later files is stored by one after the other."""
    session.execute(select(State.code).where(State.code == state_code).with_for_update(key_share=True))
