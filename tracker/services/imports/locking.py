"""The row of an import is locked before anything of the import changes: of two people, or of a person and the job that
reads, one comes after the other."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import NotFound
from tracker.models.imports import Import


def lock_row(session: Session, found: Import) -> None:
    """`found` is as it stands now. `NotFound` where somebody discarded it meanwhile."""
    session.flush()
    row = select(Import.id).where(Import.id == found.id).with_for_update()
    if session.scalar(row) is None:
        raise NotFound
    session.refresh(found)
