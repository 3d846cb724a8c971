"""The list of recommendations, as page, workbook and JSON show it: filtered, in order, paged by cursor."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.failures import BadInput
from tracker.language import gettext
from tracker.models.assignments import Assignment
from tracker.models.levels import Distribution, Voice
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Position, Recommendation, RecommendationKind
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations, visible_reviews
from tracker.queries import themes
from tracker.queries.assignments import leads_now
from tracker.queries.levels import Comparison, RecommendationLevels, compare, list_levels
from tracker.queries.recommendations.facets import Filter, Sort, conditions
from tracker.queries.reviews import ReviewFacts
from tracker.queries.translations import shown_text, shown_title

PAGE = 25
CHUNK = 500
LARGEST_INTEGER = 2**31 - 1
"""The largest integer of PostgreSQL. A cursor beyond it was made by hand."""
Heads = Select[int, int, int]
"""Id, review and place in the source of recommendations."""
FEW = 1_000
"""Of so many rows or fewer a page reads them all at once and sorts them. To search the list for them would read most of
it."""


@dataclass(frozen=True)
class RecommendationRow:
    id: int
    review: str
    ref: str
    kind: RecommendationKind
    position: Position | None
    position_now: Position | None
    position_now_on: date | None
    short_title: str
    text: str
    heading: str
    topics: tuple[str, ...]
    lead_organisation: str | None
    levels: RecommendationLevels

    @property
    def voices(self) -> dict[Voice, Distribution]:
        return {voice: self.levels.of(voice) for voice in Voice}

    @property
    def total_points(self) -> int:
        return len(self.levels.points)

    @property
    def comparison(self) -> Comparison:
        return compare(self.levels.points)


@dataclass(frozen=True)
class Page:
    """The ids of the page in order; `list_rows` reads what it shows of them."""

    ids: list[int]
    newer: str | None  # cursor of the page before
    older: str | None  # cursor of the page after


@dataclass(frozen=True)
class Cursor:
    """A place in the order of the source: the page starts after it, or ends before it."""

    review_id: int
    order: int
    is_backwards: bool

    def __str__(self) -> str:
        return _opaque(f"{'b' if self.is_backwards else 'a'}{self.review_id}.{self.order}")

    @staticmethod
    def read(text: str) -> "Cursor":
        plain = _plain(text, "ab")
        review_id, _, order = plain[1:].partition(".")
        return Cursor(_number(review_id), _number(order), plain[0] == "b")


def _read_offset(text: str) -> int:
    """A page of a list that is sorted by something else begins at a number of rows."""
    return _number(_plain(text, "s")[1:]) if text else 0


def _opaque(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _plain(text: str, kinds: str) -> str:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise BadInput(_damaged()) from error
    if plain[:1] not in tuple(kinds):
        raise BadInput(_damaged())
    return plain


def _number(text: str) -> int:
    """A number that was made by hand may be too large for the database."""
    if not (text.isdecimal() and text.isascii() and len(text) <= len(str(LARGEST_INTEGER))):
        raise BadInput(_damaged())
    if int(text) > LARGEST_INTEGER:
        raise BadInput(_damaged())
    return int(text)


def _damaged() -> str:
    return gettext("The address of this page is damaged. Start again at the first page.")


def list_page(
    session: Session,
    actor: Actor,
    review: ReviewFacts | None,
    filter_: Filter,
    page: str = "",
    total: int | None = None,
) -> Page:
    """One page of 25; `review` None means all reviews, newest first. `total`: what `count` found, where it was asked;
    it decides how the page is read, not what it shows."""
    are_few = total is not None and total <= FEW
    selected = _selected(actor, review, filter_, are_few=are_few)
    if filter_.sort != Sort.ORDER:
        return _list_sorted_page(session, selected, filter_.sort, _read_offset(page))
    cursor = Cursor.read(page) if page else None
    backwards = cursor is not None and cursor.is_backwards
    heads = _heads(session, selected, cursor, PAGE + 1)
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


def _list_sorted_page(session: Session, selected: Heads, sort: Sort, offset: int) -> Page:
    ids = _sorted_ids(session, selected, sort, offset, PAGE + 1)
    newer = _opaque(f"s{max(offset - PAGE, 0)}") if offset else None
    older = _opaque(f"s{offset + PAGE}") if len(ids) > PAGE else None
    return Page(ids[:PAGE], newer, older)


def iterate(
    session: Session, actor: Actor, review: ReviewFacts | None, filter_: Filter
) -> Iterator[RecommendationRow]:
    """Every row of the filter, in the same order as the pages, in chunks."""
    cursor: Cursor | None = None
    offset, selected = 0, _selected(actor, review, filter_)
    while True:
        if filter_.sort == Sort.ORDER:
            heads = _heads(session, selected, cursor, CHUNK)
            ids = [head.id for head in heads]
            cursor = Cursor(heads[-1].review_id, heads[-1].order, False) if heads else None
        else:
            ids = _sorted_ids(session, selected, filter_.sort, offset, CHUNK)
        yield from list_rows(session, actor, ids)
        if len(ids) < CHUNK:
            return
        offset += CHUNK


def list_ids(session: Session, actor: Actor, review: ReviewFacts, filter_: Filter) -> list[int]:
    """All that the filter finds in a review, in the order of the source."""
    selected = _selected(actor, review, filter_, are_few=True)
    return [row.id for row in session.execute(selected.order_by(Recommendation.order))]


def count(session: Session, actor: Actor, review: ReviewFacts | None, filter_: Filter) -> int:
    """How many recommendations the filter finds, each once."""
    query = select(func.count()).select_from(_selected(actor, review, filter_, are_few=True).subquery())
    return session.scalar(query) or 0


def _heads(
    session: Session, selected: Heads, cursor: Cursor | None, most: int
) -> Sequence[Row[int, int, int]]:
    """The next recommendations in the order, `most` at most. The first condition on a cursor lets the database begin at
    its review; with the second alone it would scan all pages before."""
    query = selected.limit(most)
    review_id, order = Recommendation.review_id, Recommendation.order
    if cursor is None:
        return session.execute(query.order_by(review_id.desc(), order)).all()
    if cursor.is_backwards:
        begin = and_(review_id >= cursor.review_id, or_(review_id > cursor.review_id, order < cursor.order))
        return session.execute(query.where(begin).order_by(review_id, order.desc())).all()
    begin = and_(review_id <= cursor.review_id, or_(review_id < cursor.review_id, order > cursor.order))
    return session.execute(query.where(begin).order_by(review_id.desc(), order)).all()


def _sorted_ids(session: Session, selected: Heads, sort: Sort, offset: int, most: int) -> list[int]:
    """What was never said or compared comes last. Each order has an index, which ends where the page is full."""
    key = Recommendation.newest_entry_at if sort == Sort.NEWEST else Recommendation.steps_apart
    place = (key.desc().nulls_last(), Recommendation.review_id.desc(), Recommendation.order)
    return [row.id for row in session.execute(selected.order_by(*place).offset(offset).limit(most))]


def _selected(actor: Actor, review: ReviewFacts | None, filter_: Filter, *, are_few: bool = False) -> Heads:
    """`are_few`: read all at once, as `conditions` does."""
    query = select(Recommendation.id, Recommendation.review_id, Recommendation.order)
    query = query.where(Recommendation.retired_at.is_(None))
    if review is not None:
        query = query.where(Recommendation.review_id == review.id)
    query = query.where(*conditions(filter_, at_once=are_few))
    if review is not None or are_few or filter_.sort == Sort.ORDER:
        return query.where(visible_recommendations(actor))
    # Of a list of reviews SQLite would read every recommendation and then sort them, instead of following the order.
    is_seen = select(Review.id).where(Review.id == Recommendation.review_id, visible_reviews(actor))
    return query.where(is_seen.exists())


def list_rows(session: Session, actor: Actor, ids: Sequence[int]) -> list[RecommendationRow]:
    """The rows of these recommendations, in the order of `ids`, without those that the actor does not see: four
    statements, whatever their number."""
    if not ids:
        return []
    plain = {row.id: row for row in session.execute(_plain_rows(actor, ids))}
    tags = themes.list_themes(session, ids)
    levels = list_levels(session, actor, Recommendation.id.in_(ids))
    silent = RecommendationLevels()
    return [_row(plain[each], tags[each], levels.get(each, silent)) for each in ids if each in plain]


def _plain_rows(actor: Actor, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Recommendation.id,
            Review.code.label("review"),
            Recommendation.ref,
            Recommendation.kind,
            Recommendation.position,
            Recommendation.position_now,
            Recommendation.position_now_on,
            shown_title(),
            shown_text(),
            Organisation.name.label("lead"),
        )
        .join(Review, Review.id == Recommendation.review_id)
        .outerjoin(Assignment, leads_now())
        .outerjoin(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Recommendation.id.in_(ids), visible_recommendations(actor))
    )


def _row(plain: Any, tags: Sequence[themes.Tagged[str]], levels: RecommendationLevels) -> RecommendationRow:
    return RecommendationRow(
        id=plain.id,
        review=plain.review,
        ref=plain.ref,
        kind=plain.kind,
        position=plain.position,
        position_now=plain.position_now,
        position_now_on=plain.position_now_on,
        short_title=plain.short_title,
        text=plain.text,
        heading=next(iter(themes.headings(tags)), ""),
        topics=tuple(themes.topics(tags)),
        lead_organisation=plain.lead,
        levels=levels,
    )
