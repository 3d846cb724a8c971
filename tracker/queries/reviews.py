"""Reviews, and what the instance says of itself on every page."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review, Source
from tracker.models.settings import DEMONSTRATION, Setting


@dataclass(frozen=True)
class ReviewFacts:
    """A review without its rows; `version` grows with every change that its figures show."""

    id: int
    code: str
    state_code: str
    cycle: int
    version: int


_FACTS = select(Review.id, Review.code, Review.state_code, Review.cycle, Review.figures_version)
# On the connection, past the session: every page asks one of them. What a writer has not flushed is not seen.
_CURRENT = (
    _FACTS.where(exists().where(Recommendation.review_id == Review.id))
    .order_by(Review.cycle.desc(), Review.id.desc())
    .limit(1)
)
_NAMED = _FACTS.where(Review.code == bindparam("code"))


def find_current_review(session: Session) -> ReviewFacts | None:
    """The newest review that has recommendations; None on an empty instance."""
    row = session.connection().execute(_CURRENT).first()
    return ReviewFacts(*row) if row else None


def get_review_facts(session: Session, code: str) -> ReviewFacts:
    row = session.connection().execute(_NAMED, {"code": code}).first()
    if row is None:
        raise NotFound
    return ReviewFacts(*row)


def get_review(session: Session, code: str) -> Review:
    review = session.scalar(select(Review).where(Review.code == code).options(joinedload(Review.state)))
    if review is None:
        raise NotFound
    return review


def list_sources(session: Session, review_id: int) -> list[Source]:
    found = select(Source).where(Source.review_id == review_id).order_by(Source.dated_on, Source.id)
    return list(session.scalars(found))


def is_demonstration(session: Session) -> bool:
    return session.get(Setting, DEMONSTRATION) is not None
