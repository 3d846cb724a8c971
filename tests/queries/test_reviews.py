"""Which review is shown (docs/rules.md, "Which review is shown"): the newest that has recommendations."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import REVIEW
from tracker.models.recommendations import Recommendation, RecommendationKind
from tracker.models.reviews import Review, Source
from tracker.policy.actors import VISITOR
from tracker.queries.reviews import find_current_review


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


class TestEmptyInstances:
    @pytest.fixture
    def filled(self) -> str:
        return "empty"

    def test_without_recommendations_there_is_none_to_show(self, session: Session) -> None:
        assert find_current_review(session, VISITOR, "KGZ") is None
