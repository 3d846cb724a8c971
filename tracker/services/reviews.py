"""Reviews: a coordinator opens one and prepares it, publishes it, closes it. One takes entries from the day it is
published until it is closed: every service that writes an entry calls this file."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed, ReviewClosed
from tracker.history.lines import write_line
from tracker.language import gettext
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Mechanism, Review, Source
from tracker.models.states import State, StateStatus
from tracker.policy.actors import Actor
from tracker.policy.reviews import can_prepare_review, may_prepare_reviews
from tracker.services.levels import lock_reviews_of_state

MOST_CYCLES = 20
SYMBOL = re.compile(r"^[A-Z][A-Z0-9.]*(?:/[A-Za-z0-9.\-]+)+")
"""Of a UN document: A/HRC/44/4, A/HRC/WG.6/35/KGZ/1."""


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


@dataclass(frozen=True)
class SourceFacts:
    """The document that the recommendations come from. `symbol` and `link` may be empty."""

    title: str
    symbol: str
    dated_on: date
    language: str
    link: str


def refuse_unknown_state(session: Session, state_code: str) -> None:
    """Raises `BadInput`. No observer State is ever under review."""
    state = session.get(State, state_code)
    if state is None or state.status == StateStatus.OBSERVER_STATE:
        raise BadInput(gettext("There is no State %(code)s: use its ISO 3166 code.", code=state_code))


def open_review(session: Session, actor: Actor, state_code: str, cycle: int, now: datetime) -> Review:
    """The State's review of that cycle, unpublished; the seeded one where nobody has entered recommendations yet."""
    if not may_prepare_reviews(actor, state_code):
        raise NotAllowed
    refuse_unknown_state(session, state_code)
    if not 1 <= cycle <= MOST_CYCLES:
        raise BadInput(gettext("Enter the cycle as a number, for example 4."))
    # Two who open the same review come one after the other.
    session.execute(select(State.code).where(State.code == state_code).with_for_update(key_share=True))
    lock_reviews_of_state(session, state_code)
    same = (Review.state_code == state_code, Review.mechanism == Mechanism.UPR, Review.cycle == cycle)
    review = session.scalar(select(Review).where(*same).execution_options(populate_existing=True))
    if review is None:
        review = Review(
            code=f"{state_code}-{cycle}",
            state_code=state_code,
            mechanism=Mechanism.UPR,
            cycle=cycle,
            is_published=False,
        )
        session.add(review)
        session.flush()
    elif session.scalar(select(exists().where(Recommendation.review_id == review.id))):
        return review
    elif review.is_published:
        review.is_published = False
    else:
        return review
    _write_line(session, actor, "open_review", review, now)
    return review


def add_source(session: Session, actor: Actor, review: Review, facts: SourceFacts) -> Source:
    """A document of the review; the one with the same symbol, or title, in the same language, where there is one."""
    if not can_prepare_review(actor, review):
        raise NotAllowed
    if not facts.title.strip():
        raise BadInput(gettext("Give the title of the document that the recommendations come from."))
    if facts.symbol and not SYMBOL.fullmatch(facts.symbol):
        raise BadInput(
            gettext("“%(symbol)s” is no document symbol, such as A/HRC/44/4.", symbol=facts.symbol)
        )
    same = Source.symbol == facts.symbol if facts.symbol else Source.title == facts.title
    same = and_(same, Source.language == facts.language, Source.review_id == review.id)
    source = session.scalars(select(Source).where(same)).first()
    if source is None:
        number = session.scalar(select(func.count()).where(Source.review_id == review.id)) or 0
        source = Source(
            key=f"{review.code}-{number + 1}",
            review_id=review.id,
            symbol=facts.symbol or None,
            title=facts.title,
            dated_on=facts.dated_on,
            language=facts.language,
            link=facts.link or None,
        )
        session.add(source)
        session.flush()
    return source


def publish_review(session: Session, actor: Actor, review: Review, now: datetime) -> None:
    """From now on everybody reads it, and it takes entries."""
    _lock_to_prepare(session, actor, review)
    is_followed_up = (Recommendation.review_id == review.id, Recommendation.retired_at.is_(None))
    if not session.scalar(select(exists().where(*is_followed_up))):
        raise BadInput(gettext("This review has no recommendations yet: import or add them first."))
    if not review.is_published:
        review.is_published = True
        _write_line(session, actor, "publish_review", review, now)


def close_review(session: Session, actor: Actor, review: Review, now: datetime) -> None:
    """It takes no entries any more and stays readable."""
    _lock_to_prepare(session, actor, review)
    if review.closed_at is None:
        review.closed_at = now
        _write_line(session, actor, "close_review", review, now)


def reopen_review(session: Session, actor: Actor, review: Review, now: datetime) -> None:
    _lock_to_prepare(session, actor, review)
    if review.closed_at is not None:
        review.closed_at = None
        _write_line(session, actor, "reopen_review", review, now)


def _lock_to_prepare(session: Session, actor: Actor, review: Review) -> None:
    if not can_prepare_review(actor, review):
        raise NotAllowed
    lock_reviews_of_state(session, review.state_code)  # each shows the State's dates
    session.refresh(review)


def _write_line(session: Session, actor: Actor, verb: str, review: Review, now: datetime) -> None:
    session.flush()
    write_line(
        session,
        actor,
        verb,
        f"review {review.code}",
        at=now,
        state_code=review.state_code,
        facts={"review": review.code},
        may_be_public=False,
    )
