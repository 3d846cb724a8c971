"""The list of recommendations, as page, workbook and JSON show it: filtered, in order, paged by cursor."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.failures import BadInput
from tracker.language import gettext
from tracker.models.action_points import ActionPoint, PointLevel
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.levels import Disagreement, RollUp, Voice, roll_up
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Position, Recommendation, RecommendationKind
from tracker.models.reviews import Review
from tracker.models.themes import Scheme
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.queries import themes
from tracker.queries.recommendations.facets import Filter, conditions
from tracker.queries.reviews import ReviewFacts

PAGE = 25
CHUNK = 500
LARGEST_INTEGER = 2**31 - 1
"""The largest integer of PostgreSQL. A cursor beyond it was made by hand."""


@dataclass(frozen=True)
class RecommendationRow:
    id: int
    review: str
    ref: str
    kind: RecommendationKind
    position: Position | None
    short_title: str
    text: str
    heading: str
    topics: tuple[str, ...]
    lead_organisation: str | None
    voices: dict[Voice, RollUp]
    disagreement: Disagreement  # the strongest of its points
    contradicting_points: int
    total_points: int


@dataclass(frozen=True)
class Page:
    """The ids of the page in order; `list_rows` reads what it shows of them."""

    ids: list[int]
    newer: str | None  # cursor of the page before
    older: str | None  # cursor of the page after


@dataclass(frozen=True)
class Cursor:
    """A place in the order: the page starts after it, or ends before it."""

    review_id: int
    order: int
    is_backwards: bool

    def __str__(self) -> str:
        plain = f"{'b' if self.is_backwards else 'a'}{self.review_id}.{self.order}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @staticmethod
    def read(text: str) -> "Cursor":
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            review_id, order = plain[1:].split(".")
            cursor = Cursor(int(review_id), int(order), plain[0] == "b")
            if plain[0] not in "ab" or not all(
                0 <= place <= LARGEST_INTEGER for place in (cursor.review_id, cursor.order)
            ):
                raise ValueError(plain)
            return cursor
        except (ValueError, IndexError, binascii.Error, UnicodeError) as error:
            raise BadInput(
                gettext("The address of this page is damaged. Start again at the first page.")
            ) from error


def list_page(
    session: Session, actor: Actor, review: ReviewFacts | None, filter_: Filter, page: str = ""
) -> Page:
    """One page of 25; `review` None means all reviews, newest first."""
    cursor = Cursor.read(page) if page else None
    backwards = cursor is not None and cursor.is_backwards
    heads = _heads(session, actor, review, filter_, cursor, PAGE + 1)
    has_more, heads = len(heads) > PAGE, heads[:PAGE]
    if backwards:
        heads = heads[::-1]
    newer = heads and (has_more if backwards else cursor is not None)
    older = heads and (True if backwards else has_more)
    return Page(
        [head.id for head in heads],
        str(Cursor(heads[0].review_id, heads[0].order, True)) if newer else None,
        str(Cursor(heads[-1].review_id, heads[-1].order, False)) if older else None,
    )


def iterate(
    session: Session, actor: Actor, review: ReviewFacts | None, filter_: Filter
) -> Iterator[RecommendationRow]:
    """Every row of the filter, in the same order as the pages, in chunks."""
    cursor: Cursor | None = None
    while True:
        heads = _heads(session, actor, review, filter_, cursor, CHUNK)
        yield from list_rows(session, actor, [head.id for head in heads])
        if len(heads) < CHUNK:
            return
        cursor = Cursor(heads[-1].review_id, heads[-1].order, False)


def count(session: Session, actor: Actor, review: ReviewFacts | None, filter_: Filter) -> int:
    """How many recommendations the filter finds, each once."""
    query = select(func.count()).select_from(_selected(actor, review, filter_).subquery())
    return session.scalar(query) or 0


def _heads(
    session: Session,
    actor: Actor,
    review: ReviewFacts | None,
    filter_: Filter,
    cursor: Cursor | None,
    most: int,
) -> Sequence[Row[int, int, int]]:
    """The next recommendations in the order, `most` at most. The first condition on a cursor lets the database begin at
    its review; with the second alone it would scan all pages before."""
    query = _selected(actor, review, filter_).limit(most)
    review_id, order = Recommendation.review_id, Recommendation.order
    if cursor is None:
        return session.execute(query.order_by(review_id.desc(), order)).all()
    if cursor.is_backwards:
        begin = and_(review_id >= cursor.review_id, or_(review_id > cursor.review_id, order < cursor.order))
        return session.execute(query.where(begin).order_by(review_id, order.desc())).all()
    begin = and_(review_id <= cursor.review_id, or_(review_id < cursor.review_id, order > cursor.order))
    return session.execute(query.where(begin).order_by(review_id.desc(), order)).all()


def _selected(actor: Actor, review: ReviewFacts | None, filter_: Filter) -> Select[int, int, int]:
    query = select(Recommendation.id, Recommendation.review_id, Recommendation.order)
    if review is not None:
        query = query.where(Recommendation.review_id == review.id)
    return query.where(visible_recommendations(actor), *conditions(filter_))


def list_rows(session: Session, actor: Actor, ids: Sequence[int]) -> list[RecommendationRow]:
    """The rows of these recommendations, in the order of `ids`, without those that the actor does not see: three
    statements, whatever their number."""
    if not ids:
        return []
    plain = {row.id: row for row in session.execute(_plain_rows(actor, ids))}
    tags = themes.list_themes(session, ids)
    points: dict[int, list[Any]] = defaultdict(list)
    for point in session.execute(_points(ids)):
        points[point.recommendation_id].append(point)
    return [_row(plain[each], tags[each], points[each]) for each in ids if each in plain]


def _plain_rows(actor: Actor, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    is_lead = and_(
        Assignment.recommendation_id == Recommendation.id,
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.to_on.is_(None),
    )
    return (
        select(
            Recommendation.id,
            Review.code.label("review"),
            Recommendation.ref,
            Recommendation.kind,
            Recommendation.position,
            Recommendation.short_title,
            Recommendation.text,
            Organisation.name_en.label("lead"),
        )
        .join(Review, Review.id == Recommendation.review_id)
        .outerjoin(Assignment, is_lead)
        .outerjoin(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Recommendation.id.in_(ids), visible_recommendations(actor))
    )


def _points(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ActionPoint.recommendation_id,
            ActionPoint.id,
            ActionPoint.disagreement,
            PointLevel.voice,
            PointLevel.level,
            PointLevel.index,
        )
        .outerjoin(PointLevel, PointLevel.action_point_id == ActionPoint.id)
        .where(ActionPoint.recommendation_id.in_(ids), ActionPoint.retired_at.is_(None))
    )


def _row(plain: Any, tags: Sequence[tuple[Scheme, str]], points: Sequence[Any]) -> RecommendationRow:
    total = len({point.id for point in points})
    by_point = {point.id: point.disagreement for point in points}
    contradicting = sum(1 for each in by_point.values() if each == Disagreement.CONTRADICTS)
    strongest = Disagreement.CONTRADICTS if contradicting else Disagreement.NONE
    if not contradicting and Disagreement.DIFFERS in by_point.values():
        strongest = Disagreement.DIFFERS
    voices = {}
    for voice in Voice:
        levels = [(point.level, point.index) for point in points if point.voice == voice]
        voices[voice] = roll_up(levels, total)
    return RecommendationRow(
        id=plain.id,
        review=plain.review,
        ref=plain.ref,
        kind=plain.kind,
        position=plain.position,
        short_title=plain.short_title,
        text=plain.text,
        heading=next(iter(themes.headings(tags)), ""),
        topics=tuple(themes.topics(tags)),
        lead_organisation=plain.lead,
        voices=voices,
        disagreement=strongest,
        contradicting_points=contradicting,
        total_points=total,
    )
