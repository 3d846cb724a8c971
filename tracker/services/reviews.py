"""Reviews: one takes entries from the day it is published until it is closed. Every service that writes an entry calls
this file."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import NotAllowed, ReviewClosed
from tracker.models.reviews import Review


def refuse_closed(closed_at: datetime | None) -> None:
    """Raises `ReviewClosed` where the review was closed."""
    if closed_at is not None:
        raise ReviewClosed(closed_at)


def lock_open_review(session: Session, review_id: int) -> None:
    """Locks the review's row until the transaction ends: a transaction that closes the review at the same time waits.
    Raises `ReviewClosed` where it was closed before, `NotAllowed` where it is not published yet: entries and their
    lines of history are public. Call it before a line of history is written, or two transactions could deadlock."""
    query = select(Review).where(Review.id == review_id).with_for_update()
    review = session.scalars(query, execution_options={"populate_existing": True}).one()
    if not review.is_published:
        raise NotAllowed
    refuse_closed(review.closed_at)
