"""The place of an entry: an action point, or a whole recommendation. Every service that makes an entry or takes it a
step further asks here whether the place takes entries, and whether it says what the author has read."""

from sqlalchemy.orm import Session

from tracker.failures import Retired, Reworded
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.models.translations import digest_of as digest_of
from tracker.services.reviews import lock_open_review, refuse_closed


def lock_place(
    session: Session, review_id: int, recommendation_id: int, point_id: int | None, seen: str | None = None
) -> None:
    """Locks the review until the transaction ends (`lock_open_review`) and reads the place again. Raises `Retired`
    where it takes no entries any more, and `Reworded` where it does not say any more what the author has read.

    `point_id`: None for the whole recommendation. `seen`: the digest that the form carries (`digest_of`); None where
    there was no form. Call it before a line of history is written, as `lock_open_review`."""
    lock_open_review(session, review_id)
    place: Recommendation | ActionPoint = session.get_one(Recommendation, recommendation_id)
    _refuse_retired(session, place)
    if point_id is not None:
        place = session.get_one(ActionPoint, point_id)
        _refuse_retired(session, place)
    if seen is not None:
        refuse_reworded(place.text, seen)


def _refuse_retired(session: Session, place: Recommendation | ActionPoint) -> None:
    """What was loaded before the lock is read again: the page of a refusal shows it."""
    session.refresh(place, ["ref", "text", "retired_at"])
    if place.retired_at is not None:
        raise Retired(place.ref, place.retired_at)


def refuse_entries(recommendation: Recommendation, point: ActionPoint | None) -> None:
    """Raises `ReviewClosed` or `Retired`: for a page before it shows a form. The service asks again under the lock.
    Load the recommendation with its review."""
    refuse_closed(recommendation.review.closed_at)
    for place in (recommendation, point):
        if place is not None and place.retired_at is not None:
            raise Retired(place.ref, place.retired_at)


def refuse_reworded(text: str, seen: str) -> None:
    if seen != digest_of(text):
        raise Reworded(text)
