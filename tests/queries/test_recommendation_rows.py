"""The list in pages: every row once, forwards and backwards the same, a damaged address is said so."""

import base64
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests import cast as people
from tests.statements import watching
from tracker.database import Database
from tracker.failures import BadInput
from tracker.models.levels import Disagreement, ShownLevel, Voice
from tracker.models.recommendations import Recommendation, RecommendationKind
from tracker.models.reviews import Review, Source
from tracker.policy.actors import VISITOR
from tracker.queries.recommendations import rows as recommendation_rows
from tracker.queries.recommendations.facets import Filter, Sort
from tracker.queries.recommendations.rows import (
    FEW,
    PAGE,
    Cursor,
    RecommendationRow,
    count,
    iterate,
    list_page,
    list_rows,
)
from tracker.queries.reviews import get_review_facts

EVERYTHING = Filter()


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def older_review(session: Session) -> int:
    """Sixty recommendations of an older review, so that pages cross from one review to the other."""
    review = session.scalars(select(Review).where(Review.code == "KGZ-2")).one()
    source = session.scalars(select(Source)).first()
    assert source is not None
    for order in range(1, 61):
        session.add(
            Recommendation(
                review_id=review.id,
                source_id=source.id,
                kind=RecommendationKind.WG_RECOMMENDATION,
                ref=f"28.{order}",
                order=order,
                short_title=f"Recommendation {order}",
                text=f"Do thing {order}.",
            )
        )
    session.flush()
    return 60


def walk(session: Session, *, backwards: bool) -> list[list[int]]:
    """All pages from one end to the other."""
    page = list_page(session, VISITOR, None, EVERYTHING)
    while backwards and page.older:
        page = list_page(session, VISITOR, None, EVERYTHING, page.older)
    pages = [page.ids]
    while cursor := page.newer if backwards else page.older:
        page = list_page(session, VISITOR, None, EVERYTHING, cursor)
        pages.append(page.ids)
    return pages


def test_the_pages_show_every_row_once_in_the_order_of_the_file(session: Session, older_review: int) -> None:
    rows = list(iterate(session, VISITOR, None, EVERYTHING))
    order, refs = [row.id for row in rows], [row.ref for row in rows]
    forwards = walk(session, backwards=False)
    assert [each for page in forwards for each in page] == order
    assert [row for page in forwards for row in list_rows(session, VISITOR, page)] == rows
    assert len(order) == len(set(order)) == 44 + older_review == count(session, VISITOR, None, EVERYTHING)
    assert [len(page) for page in forwards] == [PAGE] * 4 + [4]
    assert refs[0] == "A1"
    assert refs[44:47] == ["28.1", "28.2", "28.3"]


def test_walking_back_shows_every_row_once_too(session: Session, older_review: int) -> None:
    order = [row.id for row in iterate(session, VISITOR, None, EVERYTHING)]
    backwards = walk(session, backwards=True)
    assert [each for page in backwards[::-1] for each in page] == order


@pytest.mark.parametrize("chunk", [1, 7, 26, 44, 52, 103, 104, 105])
def test_a_whole_list_comes_in_chunks_and_each_row_once_in_order(
    session: Session, older_review: int, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Chunks that end inside a review, between two reviews and with the last of all rows."""
    found = select(Recommendation.id).order_by(Recommendation.review_id.desc(), Recommendation.order)
    order = session.scalars(found).all()
    assert len(order) == 44 + older_review
    monkeypatch.setattr(recommendation_rows, "CHUNK", chunk)
    assert [row.id for row in iterate(session, VISITOR, None, EVERYTHING)] == order
    review = get_review_facts(session, VISITOR, people.REVIEW)
    assert [row.id for row in iterate(session, VISITOR, review, EVERYTHING)] == order[:44]


def test_the_first_page_has_nothing_before_and_the_last_nothing_after(session: Session) -> None:
    review = get_review_facts(session, VISITOR, people.REVIEW)
    first = list_page(session, VISITOR, review, EVERYTHING)
    assert (first.newer, len(first.ids)) == (None, PAGE)
    last = list_page(session, VISITOR, review, EVERYTHING, first.older or "")
    assert (last.older, len(last.ids)) == (None, 44 - PAGE)
    again = list_page(session, VISITOR, review, EVERYTHING, last.newer or "")
    assert again == first


def test_a_page_beyond_the_end_is_empty(session: Session) -> None:
    page = list_page(session, VISITOR, None, EVERYTHING, str(Cursor(1, 2**31 - 1, False)))
    assert (page.ids, bool(page.newer), bool(page.older)) == ([], False, False)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "damaged",
    [
        "x",
        "!!!!",
        "é",
        "A" * 501,
        "_____w",
        *map(encoded, ("a", "a1", "a1.", "a.1", "c1.2", "a1.2.3", "axx.1", "1.2", "a1;2", "\x00")),
        encoded(f"a{2**31}.1"),
        encoded(f"a1.{2**63}"),
        encoded(f"b1.{10**40}"),
        encoded(f"a-{2**31 + 1}.1"),
    ],
)
def test_a_damaged_cursor_is_bad_input(session: Session, damaged: str) -> None:
    with pytest.raises(BadInput, match="damaged"):
        list_page(session, VISITOR, None, EVERYTHING, damaged)


def test_a_cursor_reads_what_it_wrote() -> None:
    for cursor in (Cursor(3, 12, False), Cursor(2, 2**31 - 1, True)):
        assert Cursor.read(str(cursor)) == cursor


def test_a_row_tells_heading_topics_lead_and_what_each_voice_says(session: Session) -> None:
    """The same figures as its points give, for every row of the demonstration."""
    rows = {row.ref: row for row in iterate(session, VISITOR, None, EVERYTHING)}
    assert all(row.heading for row in rows.values())
    assert "Women" in " ".join(rows["A24"].topics)
    assert rows["A1"].lead_organisation
    assert sum(row.total_points for row in rows.values()) == 137
    assert {row.comparison.strongest for row in rows.values()} == {None, *Disagreement}
    for row in rows.values():
        assert set(row.voices) == set(Voice)
        assert row.comparison.total <= row.total_points
        for said in row.voices.values():
            assert sum(said.counts.values()) == said.total == row.total_points
    assert any(said.wholes for row in rows.values() for said in row.voices.values())


def pages_of(session: Session, wanted: Filter, total: int | None = None) -> list[list[int]]:
    """All pages of a list of all reviews, from the first to the last."""
    page = list_page(session, VISITOR, None, wanted, "", total)
    pages = [page.ids]
    while page.older:
        page = list_page(session, VISITOR, None, wanted, page.older, total)
        pages.append(page.ids)
    return pages


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.DISAGREEMENT])
def test_equals_stand_newest_review_first_and_then_as_in_the_source(
    session: Session, older_review: int, sort: Sort
) -> None:
    """Ties and what has no value reach over pages and reviews; each row stands on one page."""
    found = session.scalars(select(Recommendation)).all()
    for number, each in enumerate(found):
        each.steps_apart = (None, 2, 0, None, 4)[number % 5]
        each.newest_entry_at = (None, people.NOW, None)[number % 3]
    session.flush()

    def place(row: Recommendation) -> tuple[bool, float, int, int]:
        at = row.newest_entry_at
        value = row.steps_apart if sort == Sort.DISAGREEMENT else at and at.timestamp()
        return (value is None, -(value or 0), -row.review_id, row.order)

    pages = pages_of(session, Filter(sort=sort))
    assert [each for page in pages for each in page] == [row.id for row in sorted(found, key=place)]
    assert pages == pages_of(session, Filter(sort=sort), len(found))


@pytest.mark.parametrize("sort", [*Sort])
@pytest.mark.parametrize("level", [*ShownLevel])
def test_a_page_of_few_shows_what_a_page_of_many_shows(
    session: Session, older_review: int, sort: Sort, level: ShownLevel
) -> None:
    for voice in (Voice.STATE, Voice.CIVIL_SOCIETY, Voice.UN):
        wanted = Filter({"level": level.value}, voice, sort=sort)
        total = count(session, VISITOR, None, wanted)
        pages = pages_of(session, wanted, total)
        assert pages == pages_of(session, wanted, FEW + 1) == pages_of(session, wanted)
        assert sum(map(len, pages)) == total


@pytest.mark.parametrize(
    ("sort", "index"), [(Sort.NEWEST, "newest_entry_at"), (Sort.DISAGREEMENT, "steps_apart")]
)
def test_a_page_of_all_reviews_follows_the_index_of_its_order(
    database: Database, sort: Sort, index: str
) -> None:
    """Nothing is sorted: the page costs the same, however many recommendations there are."""
    asked: list[tuple[str, Any]] = []
    with database.reading() as session, watching(database, lambda *said: asked.append(said)):
        list_page(session, VISITOR, None, Filter(sort=sort))
        plan = explain(session, *asked[-1])
    assert f"ix_recommendations_{index}" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def explain(session: Session, statement: str, values: Any) -> str:
    """How the database would read it. PostgreSQL sorts a table as small as that of a test, unless it is forbidden."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        statement = f"EXPLAIN {statement}"
    else:
        statement = f"EXPLAIN QUERY PLAN {statement}"
    return "\n".join(str(row) for row in connection.exec_driver_sql(statement, values))


def test_the_list_is_sorted_by_the_newest_entry_and_by_the_widest_disagreement(
    session: Session, older_review: int
) -> None:
    def steps(row: RecommendationRow) -> int:
        """With assessments of the whole."""
        of_points = [point.steps_apart or 0 for point in row.levels.points]
        return max([*of_points, *(each.steps_apart or 0 for each in row.levels.wholes)], default=0)

    for sort in (Sort.NEWEST, Sort.DISAGREEMENT):
        wanted = Filter(sort=sort)
        rows = list(iterate(session, VISITOR, None, wanted))
        pages, page = [], list_page(session, VISITOR, None, wanted)
        while True:
            pages += page.ids
            if page.older is None:
                break
            page = list_page(session, VISITOR, None, wanted, page.older)
        assert pages == [row.id for row in rows]
        assert len(set(pages)) == 44 + older_review
        before = list_page(session, VISITOR, None, wanted, page.newer or "")
        assert before.ids == pages[-len(page.ids) - PAGE : -len(page.ids)]
        if sort == Sort.DISAGREEMENT:
            widest = [steps(row) for row in rows]
            assert widest == sorted(widest, reverse=True)
            assert widest[0] == 4
        else:
            newest = [session.get_one(Recommendation, row.id).newest_entry_at for row in rows]
            said = [each for each in newest if each]
            assert said == sorted(said, reverse=True)
            assert newest == [*said, *[None] * (len(newest) - len(said))]


@pytest.mark.parametrize(
    "damaged", ["x", encoded("a1.2"), encoded("s"), encoded("s-1"), encoded(f"s{2**31}")]
)
def test_a_damaged_page_of_a_sorted_list_is_bad_input(session: Session, damaged: str) -> None:
    with pytest.raises(BadInput, match="damaged"):
        list_page(session, VISITOR, None, Filter(sort=Sort.NEWEST), damaged)


def test_the_order_is_that_of_the_source(session: Session) -> None:
    found = session.scalars(select(Recommendation.ref).order_by(Recommendation.order)).all()
    assert [row.ref for row in iterate(session, VISITOR, None, EVERYTHING)] == list(found)
    assert session.scalar(select(func.count()).select_from(Recommendation)) == len(found)


def test_rows_of_a_review_that_the_actor_does_not_see_are_not_read(session: Session) -> None:
    ids = list_page(session, VISITOR, None, EVERYTHING).ids
    assert [row.id for row in list_rows(session, VISITOR, ids)] == ids
    session.execute(update(Review).values(is_published=False))
    assert list_rows(session, VISITOR, ids) == []
