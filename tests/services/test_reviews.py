"""Reviews of a coordinator: opened or continued, given a document, published, closed and opened again."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.services.imports.files import bring, matrix, open_empty
from tests.services.refusals import refused
from tracker.failures import BadInput, NotAllowed
from tracker.history.sentences import sentence_of
from tracker.models.history import HistoryLine
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review, Source
from tracker.policy.actors import SYSTEM
from tracker.services.reviews import (
    SourceFacts,
    add_source,
    close_review,
    open_review,
    publish_review,
    reopen_review,
)

FACTS = SourceFacts("Report", "A/HRC/59/15", date(2025, 7, 1), "en", "https://example.org/report")


def newest(session: Session) -> HistoryLine:
    session.flush()
    return session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(1)).one()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(HistoryLine)) or 0


def review(session: Session, code: str) -> Review:
    return session.scalars(select(Review).where(Review.code == code)).one()


def test_a_review_that_is_known_without_recommendations_is_continued_unpublished(
    session: Session, cast: Cast
) -> None:
    seeded = review(session, "KGZ-4")
    version = seeded.figures_version
    opened = open_review(session, cast["coordinator"], "KGZ", 4, NOW)
    assert opened is seeded
    session.flush()
    session.refresh(opened)
    assert not opened.is_published
    assert opened.figures_version >= version
    line = newest(session)
    assert sentence_of(line) == "coordinator opened the review KGZ-4"
    assert (line.is_public, line.state_code) == (False, "KGZ")
    before = count(session)
    open_review(session, cast["coordinator"], "KGZ", 4, NOW)
    assert count(session) == before


def test_one_that_holds_recommendations_stays_as_it_is(session: Session, cast: Cast) -> None:
    before = count(session)
    opened = open_review(session, cast["coordinator"], "KGZ", 3, NOW)
    assert opened.is_published
    assert count(session) == before


def test_one_that_nobody_knows_is_made(session: Session, cast: Cast) -> None:
    opened = open_review(session, cast["coordinator"], "KGZ", 6, NOW)
    assert (opened.code, opened.is_published, opened.closed_at) == ("KGZ-6", False, None)


@pytest.mark.parametrize(("state", "cycle"), [("XXX", 3), ("VAT", 3), ("KGZ", 0), ("KGZ", 21)])
def test_what_is_no_review_is_refused(session: Session, cast: Cast, state: str, cycle: int) -> None:
    refused(session, Review, BadInput, lambda: open_review(session, SYSTEM, state, cycle, NOW))


def test_only_the_coordinator_of_the_state_prepares(session: Session, cast: Cast) -> None:
    held = review(session, "KGZ-3")
    for name, actor in cast.actors.items():
        if name == "coordinator":
            continue
        for deed in (
            lambda actor=actor: open_review(session, actor, "KGZ", 6, NOW),
            lambda actor=actor: add_source(session, actor, held, FACTS),
            lambda actor=actor: publish_review(session, actor, held, NOW),
            lambda actor=actor: close_review(session, actor, held, NOW),
            lambda actor=actor: reopen_review(session, actor, held, NOW),
        ):
            refused(session, Review, NotAllowed, deed)
    refused(session, Review, NotAllowed, lambda: open_review(session, cast["coordinator"], "UZB", 3, NOW))


def test_a_document_is_named_once(session: Session, cast: Cast) -> None:
    held = open_empty(session)
    first = add_source(session, cast["coordinator"], held, FACTS)
    again = add_source(
        session, cast["coordinator"], held, SourceFacts("Another title", *list(vars(FACTS).values())[1:])
    )
    assert again is first
    plain = SourceFacts("list.xlsx", "", date(2026, 1, 1), "en", "")
    without = add_source(session, cast["coordinator"], held, plain)
    assert add_source(session, cast["coordinator"], held, plain) is without
    assert (without.symbol, without.link) == (None, None)
    keys = session.scalars(select(Source.key).where(Source.review_id == held.id)).all()
    assert len(keys) == len(set(keys)) == 3


@pytest.mark.parametrize(
    ("title", "symbol"), [("", "A/HRC/59/15"), ("  ", ""), ("Report", "59/15"), ("Report", "a b")]
)
def test_a_document_without_a_title_or_with_a_wrong_symbol(
    session: Session, cast: Cast, title: str, symbol: str
) -> None:
    held = open_empty(session)
    facts = SourceFacts(title, symbol, date(2025, 7, 1), "en", "")
    refused(session, Source, BadInput, lambda: add_source(session, cast["coordinator"], held, facts))


def test_nothing_is_published_that_holds_nothing(session: Session, cast: Cast) -> None:
    held = open_empty(session)
    with pytest.raises(BadInput, match="no recommendations yet"):
        publish_review(session, cast["coordinator"], held, NOW)
    bring(session, cast["coordinator"], held, matrix())
    publish_review(session, cast["coordinator"], held, NOW)
    assert sentence_of(newest(session)) == "coordinator published the review KGZ-4"
    before = count(session)
    publish_review(session, cast["coordinator"], held, NOW)
    session.flush()
    assert held.is_published
    assert count(session) == before


def test_a_review_is_closed_and_opened_again(session: Session, cast: Cast) -> None:
    held = review(session, "KGZ-3")
    version = held.figures_version
    close_review(session, cast["coordinator"], held, NOW)
    assert sentence_of(newest(session)) == "coordinator closed the review KGZ-3"
    session.flush()
    session.refresh(held)
    assert held.closed_at == NOW
    assert held.figures_version > version
    reopen_review(session, cast["coordinator"], held, NOW)
    assert sentence_of(newest(session)) == "coordinator opened the review KGZ-3 again"
    assert held.closed_at is None
    assert session.scalar(select(func.count()).where(Recommendation.review_id == held.id))
