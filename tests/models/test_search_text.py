"""What the word search looks through follows its row, whoever writes it through the session."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import NOW
from tracker.language import fold
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation, RecommendationKind
from tracker.policy.actors import VISITOR
from tracker.queries.recommendations import rows as recommendation_rows
from tracker.queries.recommendations.facets import Filter, read_index
from tracker.queries.reviews import get_review_facts


@pytest.fixture
def recommendation(session: Session) -> Iterator[Recommendation]:
    """Inserted as an import would."""
    one = people.recommendation(session)
    made = Recommendation(
        review_id=one.review_id,
        source_id=one.source_id,
        kind=RecommendationKind.WG_RECOMMENDATION,
        ref="140.7",
        order=1000,
        short_title="Выхухоль Ёж",
        text="A Kestrel.",
        search_text="whatever somebody sets",
    )
    session.add(made)
    session.flush()
    session.add(ActionPoint(recommendation_id=made.id, ref="140.7.1", order=1, text="A Lapwing."))
    session.flush()
    return made


def count(session: Session, words: str) -> int:
    """How many the list shows; the numbers beside its filters agree."""
    review, wanted = get_review_facts(session, VISITOR, people.REVIEW), Filter(words=words)
    shown = recommendation_rows.count(session, VISITOR, review, wanted)
    index = read_index(session, VISITOR, review.id)
    assert index.total(index.matching(session, wanted, review.id)) == shown
    return shown


def test_a_row_that_is_added_is_found_by_its_words(session: Session, recommendation: Recommendation) -> None:
    assert recommendation.search_text == fold("140.7 Выхухоль Еж a kestrel.")
    for words in ("140.7", "ВЫХУХОЛЬ ЕЖ", "kestrel", "lapwing", "kestrel lapwing"):
        assert count(session, words) == 1, words
    assert count(session, "kestrel heron") == count(session, "whatever somebody sets") == 0


@pytest.mark.parametrize("name", ["ref", "short_title", "text"])
def test_a_row_that_is_changed_is_found_by_its_new_words_alone(
    session: Session, recommendation: Recommendation, name: str
) -> None:
    old = getattr(recommendation, name)
    setattr(recommendation, name, "a Bittern")
    if name == "ref":  # the point is found by its own, which begins with the recommendation's
        session.scalars(select(ActionPoint).where(ActionPoint.ref == "140.7.1")).one().ref = "a Bittern.1"
    session.flush()
    assert (count(session, "bittern"), count(session, old)) == (1, 0)


def test_points_that_are_changed_added_retired_or_removed_are_found_as_they_are_now(
    session: Session, recommendation: Recommendation
) -> None:
    """The recommendation itself is not loaded by who changes a point."""
    session.expunge(recommendation)
    point = session.scalars(select(ActionPoint).where(ActionPoint.ref == "140.7.1")).one()
    point.text = "A Bittern."
    more = ActionPoint(recommendation_id=point.recommendation_id, ref="140.7.2", order=2, text="A Stork.")
    session.add(more)
    session.flush()
    assert [count(session, words) for words in ("lapwing", "bittern", "stork")] == [0, 1, 1]
    point.retired_at = NOW
    session.delete(more)
    session.flush()
    assert [count(session, words) for words in ("bittern", "stork", "kestrel")] == [0, 0, 1]
    point.retired_at = None
    session.flush()
    assert count(session, "bittern") == 1


TEXT = "The “kestrels’ own” non\u2011flying lap\u00adwings\u200b of НПО №5 – Ёлки, көгүчкөнчө, Йод"


@pytest.mark.parametrize(
    "typed",
    [
        *("kestrels' own", "kestrels’", '"kestrels', "“kestrels", "KESTRELS´", "«kestrels"),
        *(
            "non-flying",
            "non\u2011flying",
            "non–flying",
            "lapwings",
            "lap\u00adwings",
        ),
        *("lap\u200dwings", "\ufefflapwings", "lapwings\u00a0of", "елки", "ЁЛКИ", "когучкончо", "№5", "no5"),
        *("и\u0306од", "йод", "НПO"),
    ],
)
def test_what_keyboards_write_differently_is_found(
    session: Session, recommendation: Recommendation, typed: str
) -> None:
    recommendation.text = TEXT
    session.flush()
    assert count(session, typed) == 1


@pytest.mark.parametrize(
    "typed",
    ["140.7", "140.7.", "140.7/", "140.7,", "140.7.1", "140.7.1/", "А12", "а12", "a12/", "A12.", "А\u200b12"],
)
def test_refs_are_found_as_they_are_typed(
    session: Session, recommendation: Recommendation, typed: str
) -> None:
    """Cyrillic А, small letters, with the slash of an address or the dot of a sentence behind."""
    assert count(session, typed) == 1
