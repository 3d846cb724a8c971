"""Which review is shown (docs/rules.md, "Which review is shown"): the newest that has recommendations; and what of it
is not loaded."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import REVIEW
from tracker.models.recommendations import Recommendation, RecommendationKind
from tracker.models.reviews import FigureCertainty, Review, Source
from tracker.policy.actors import SYSTEM, VISITOR
from tracker.queries.reviews import NotLoaded, find_current_review, find_not_loaded


def give_recommendation(session: Session, code: str) -> None:
    review = session.scalars(select(Review).where(Review.code == code)).one()
    source = session.scalars(select(Source).order_by(Source.id)).first()
    assert source is not None
    session.add(
        Recommendation(
            review_id=review.id,
            source_id=source.id,
            kind=RecommendationKind.WG_RECOMMENDATION,
            ref="140.1",
            order=1,
            short_title="Ratify",
            text="Ratify the convention.",
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("also", "shown"),
    [
        ((), REVIEW),
        (("KGZ-1",), REVIEW),
        (("KGZ-2", "KGZ-1"), REVIEW),
        (("KGZ-4",), "KGZ-4"),
        (("KGZ-5", "KGZ-2"), "KGZ-5"),
        (("KGZ-5", "KGZ-4"), "KGZ-5"),
    ],
)
def test_the_newest_review_that_has_recommendations_is_shown(
    session: Session, also: tuple[str, ...], shown: str
) -> None:
    for code in also:
        give_recommendation(session, code)
    found = find_current_review(session, VISITOR, "KGZ")
    assert found is not None
    assert found.code == shown


def test_what_is_prepared_comes_first_only_where_nothing_is_published(session: Session) -> None:
    give_recommendation(session, "KGZ-4")
    by_code = {review.code: review for review in session.scalars(select(Review))}
    by_code["KGZ-4"].is_published = False
    session.flush()
    shown = find_current_review(session, SYSTEM, "KGZ")
    assert shown is not None
    assert shown.code == REVIEW
    by_code[REVIEW].is_published = False
    session.flush()
    shown = find_current_review(session, SYSTEM, "KGZ")
    assert shown is not None
    assert shown.code == "KGZ-4"
    assert find_current_review(session, VISITOR, "KGZ") is None


def not_loaded(session: Session, code: str) -> NotLoaded | None:
    review_id = session.scalars(select(Review.id).where(Review.code == code)).one()
    return find_not_loaded(session, VISITOR, review_id)


def test_what_is_not_loaded_has_a_number_where_somebody_tells_it(session: Session) -> None:
    third, fourth = not_loaded(session, "KGZ-3"), not_loaded(session, "KGZ-4")
    assert third is not None
    assert fourth is not None
    assert (third.number, third.certainty) == (232, FigureCertainty.SECONDARY)
    assert third.words == "not the 232 recommendations of the Working Group, which are not loaded"
    assert (fourth.number, fourth.certainty) == (None, FigureCertainty.UNKNOWN)
    assert fourth.words == "not the recommendations of the Working Group, which are not loaded"
    assert not_loaded(session, "KGZ-5") is None  # nobody has reviewed it yet


def test_what_is_loaded_is_not_said_to_be_missing(session: Session) -> None:
    give_recommendation(session, "KGZ-4")
    assert not_loaded(session, "KGZ-4") is None


def test_of_an_unpublished_review_nobody_hears_what_it_received(session: Session) -> None:
    session.scalars(select(Review).where(Review.code == "KGZ-4")).one().is_published = False
    session.flush()
    assert not_loaded(session, "KGZ-4") is None


class TestEmptyInstances:
    @pytest.fixture
    def filled(self) -> str:
        return "empty"

    def test_without_recommendations_there_is_none_to_show(self, session: Session) -> None:
        assert find_current_review(session, VISITOR, "KGZ") is None
