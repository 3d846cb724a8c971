"""Reviews, and whether the instance is a demonstration."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.language import fold_ref, gettext
from tracker.models.recommendations import Position, Recommendation, RecommendationKind, words_of_kinds
from tracker.models.reviews import FigureCertainty, Review, ReviewFigures, Source
from tracker.models.settings import DEMONSTRATION, Setting
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_reviews


@dataclass(frozen=True)
class ReviewFacts:
    """A review as plain values; `version` grows with every change that its figures show."""

    id: int
    code: str
    state_code: str
    cycle: int
    version: int
    is_published: bool
    closed_at: datetime | None


@dataclass(frozen=True)
class NotLoaded:
    """The recommendations of the Working Group that a State received in a review and that are not loaded here. `number`
    is as others tell it, None where nobody does: for a sentence, never for the denominator of a figure."""

    number: int | None
    certainty: FigureCertainty
    source: str
    note: str
    as_of_on: date

    @property
    def sentence(self) -> str:
        if self.number is None:
            return gettext("The recommendations of the Working Group are not loaded.")
        return gettext(
            "The %(number)s recommendations of the Working Group are not loaded.", number=self.number
        )

    @property
    def words(self) -> str:
        """The rest of a sentence about what is loaded, as in: “6 requests of the letter, …”."""
        if self.number is None:
            return gettext("not the recommendations of the Working Group, which are not loaded")
        return gettext(
            "not the %(number)s recommendations of the Working Group, which are not loaded",
            number=self.number,
        )


def find_current_review(session: Session, actor: Actor, state_code: str) -> ReviewFacts | None:
    """The newest published review of the State that has recommendations which are followed up, for everybody: what is
    being prepared comes first only where nothing is published. None where the State has none."""
    has_any = exists().where(Recommendation.review_id == Review.id, Recommendation.retired_at.is_(None))
    query = _facts(actor).where(Review.state_code == state_code, has_any)
    order = (Review.is_published.desc(), Review.cycle.desc(), Review.id.desc())
    row = session.execute(query.order_by(*order).limit(1)).first()
    return ReviewFacts(*row) if row else None


def list_reviews(
    session: Session, actor: Actor, state_code: str, *, only_filled: bool = False
) -> list[ReviewFacts]:
    """Those of a State, the newest first; only those that hold recommendations, or all."""
    query = _facts(actor).where(Review.state_code == state_code)
    if only_filled:
        query = query.where(exists().where(Recommendation.review_id == Review.id))
    return [
        ReviewFacts(*row) for row in session.execute(query.order_by(Review.cycle.desc(), Review.id.desc()))
    ]


def count_positions(session: Session, actor: Actor, state_code: str) -> dict[int, dict[Position | None, int]]:
    """By review of the State: its recommendations by the position at the adoption, in the order of the positions; None
    where they have none. Retired ones are left out."""
    query = select(Recommendation.review_id, Recommendation.position, func.count())
    query = query.join(Review, Review.id == Recommendation.review_id)
    query = query.where(
        Review.state_code == state_code, visible_reviews(actor), Recommendation.retired_at.is_(None)
    )
    counted: dict[int, dict[Position | None, int]] = {}
    for review_id, position, number in session.execute(
        query.group_by(Recommendation.review_id, Recommendation.position)
    ):
        counted.setdefault(review_id, {})[position] = number
    order = [*Position, None]
    return {
        review_id: {each: numbers[each] for each in order if each in numbers}
        for review_id, numbers in counted.items()
    }


def get_review_facts(session: Session, actor: Actor, code: str) -> ReviewFacts:
    """Unseen is the same as unknown."""
    row = session.execute(_facts(actor).where(Review.code == code)).first()
    if row is None:
        raise NotFound
    return ReviewFacts(*row)


def find_code(session: Session, actor: Actor, written: str) -> str:
    """The code of the review that an address means, also with small or Cyrillic letters or another dash. Unseen is the
    same as unknown."""
    codes = session.scalars(select(Review.code).where(visible_reviews(actor)))
    found = next((code for code in codes if fold_ref(code) == fold_ref(written)), None)
    if found is None:
        raise NotFound
    return found


def get_review(session: Session, actor: Actor, code: str) -> Review:
    """With its State; unseen is the same as unknown."""
    query = select(Review).where(Review.code == code, visible_reviews(actor))
    review = session.scalar(query.options(joinedload(Review.state)))
    if review is None:
        raise NotFound
    return review


def list_sources(session: Session, actor: Actor, review_id: int) -> list[Source]:
    """The documents of a review, in the order of their dates."""
    query = select(Source).join(Review, Review.id == Source.review_id)
    query = query.where(Source.review_id == review_id, visible_reviews(actor))
    return list(session.scalars(query.order_by(Source.dated_on, Source.id)))


def list_state_sources(session: Session, actor: Actor, state_code: str) -> list[Source]:
    """The documents of all its reviews, in the order of their dates."""
    query = select(Source).join(Review, Review.id == Source.review_id)
    query = query.where(Review.state_code == state_code, visible_reviews(actor))
    return list(session.scalars(query.order_by(Source.dated_on, Source.id)))


def list_refs(session: Session, actor: Actor, review_id: int) -> frozenset[str]:
    """The refs of its recommendations."""
    query = select(Recommendation.ref).join(Review, Review.id == Recommendation.review_id)
    return frozenset(session.scalars(query.where(Review.id == review_id, visible_reviews(actor))))


def find_not_loaded(session: Session, actor: Actor, review_id: int) -> NotLoaded | None:
    """None where a recommendation of the Working Group is loaded, or nothing is known of what the State received."""
    is_loaded = exists().where(
        Recommendation.review_id == ReviewFigures.review_id,
        Recommendation.kind == RecommendationKind.WG_RECOMMENDATION,
        Recommendation.retired_at.is_(None),
    )
    query = select(ReviewFigures).join(Review, Review.id == ReviewFigures.review_id)
    figures = session.scalar(query.where(Review.id == review_id, visible_reviews(actor), ~is_loaded))
    return _not_loaded(figures) if figures else None


@dataclass(frozen=True)
class Loaded:
    """What this instance holds of a review, and what it is known not to hold."""

    code: str
    cycle: int
    kinds: dict[RecommendationKind, int]
    not_loaded: NotLoaded | None

    @property
    def words(self) -> str:
        return words_of_kinds(self.kinds)


def list_loaded(session: Session, actor: Actor, state_code: str) -> list[Loaded]:
    """The reviews of a State that hold recommendations or of which it is known how many there were, newest first."""
    query = select(Review).where(Review.state_code == state_code, visible_reviews(actor))
    found = session.scalars(query.order_by(Review.cycle.desc(), Review.id.desc())).all()
    ids = [review.id for review in found]
    kinds: dict[int, dict[RecommendationKind, int]] = {review_id: {} for review_id in ids}
    counted = select(Recommendation.review_id, Recommendation.kind, func.count())
    counted = counted.where(Recommendation.review_id.in_(ids), Recommendation.retired_at.is_(None))
    counted = counted.group_by(Recommendation.review_id, Recommendation.kind)
    order = [*RecommendationKind]
    for review_id, kind, number in sorted(session.execute(counted), key=lambda row: order.index(row.kind)):
        kinds[review_id][kind] = number
    figures = {
        row.review_id: row
        for row in session.scalars(select(ReviewFigures).where(ReviewFigures.review_id.in_(ids)))
        if RecommendationKind.WG_RECOMMENDATION not in kinds[row.review_id]
    }
    loaded = [
        Loaded(
            review.code,
            review.cycle,
            kinds[review.id],
            _not_loaded(figures[review.id]) if review.id in figures else None,
        )
        for review in found
    ]
    return [each for each in loaded if each.kinds or (each.not_loaded and each.not_loaded.number)]


def _not_loaded(figures: ReviewFigures) -> NotLoaded:
    return NotLoaded(
        figures.recommendations, figures.certainty, figures.source, figures.note, figures.as_of_on
    )


def get_facts_of_all(session: Session, actor: Actor) -> ReviewFacts:
    """The list of all reviews as if it were one review of number 0, for what is cached of it: its version grows with
    that of any review, and it counts as published where the actor sees published reviews alone."""
    unpublished = exists().where(visible_reviews(actor), Review.is_published.is_(False))
    row = session.execute(select(func.sum(Review.figures_version), unpublished)).one()
    return ReviewFacts(0, "", "", 0, row[0] or 0, is_published=not row[1], closed_at=None)


def has_recommendations(session: Session) -> bool:
    """Is there any recommendation, of any State? For the operator."""
    return session.scalar(select(Recommendation.id).limit(1)) is not None


def is_demonstration(session: Session) -> bool:
    return session.get(Setting, DEMONSTRATION) is not None


def _facts(actor: Actor) -> Select[*tuple[Any, ...]]:
    columns = (Review.id, Review.code, Review.state_code, Review.cycle, Review.figures_version)
    return select(*columns, Review.is_published, Review.closed_at).where(visible_reviews(actor))
