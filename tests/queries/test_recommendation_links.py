"""What came before and after a recommendation, and what was asked again and again."""

from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, make_update, recommendation
from tests.earlier_reviews import add_recommendation, link
from tracker.models.recommendation_links import LinkKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.updates import UpdateState
from tracker.policy.actors import VISITOR
from tracker.queries.recommendation_links import Related, list_related, list_repeated

REPEATS, SIMILAR, NOT_RELATED = LinkKind.REPEATS, LinkKind.SIMILAR, LinkKind.NOT_RELATED


@pytest.fixture
def chain(session: Session) -> list[Recommendation]:
    """KGZ-1 76.12, KGZ-2 118.3, KGZ-4 140.7: each repeats the one before."""
    made = [
        add_recommendation(session, review, ref, "End the death penalty.")
        for review, ref in (("KGZ-1", "76.12"), ("KGZ-2", "118.3"), ("KGZ-4", "140.7"))
    ]
    for earlier, later in pairwise(made):
        link(session, later, earlier, REPEATS)
    return made


def places(related: list[Related]) -> list[str]:
    return [each.recommendation.place for each in related]


def test_the_history_goes_back_to_the_first_cycle_and_on_to_the_last(
    session: Session, chain: list[Recommendation]
) -> None:
    first, second, third = (list_related(session, VISITOR, each.id) for each in chain)
    assert (places(first.before), places(first.after)) == ([], ["KGZ-2 118.3", "KGZ-4 140.7"])
    assert (places(second.before), places(second.after)) == (["KGZ-1 76.12"], ["KGZ-4 140.7"])
    assert (places(third.before), places(third.after)) == (["KGZ-1 76.12", "KGZ-2 118.3"], [])
    assert [each.link for each in third.before] == [None, REPEATS]
    assert [each.recommendation.year for each in third.before] == [2010, 2015]


def test_what_merely_repeats_the_same_earlier_one_is_left_out(
    session: Session, chain: list[Recommendation]
) -> None:
    sister = add_recommendation(session, "KGZ-4", "140.8", "End the death penalty for good.")
    link(session, sister, chain[1], SIMILAR)
    assert places(list_related(session, VISITOR, sister.id).before) == ["KGZ-1 76.12", "KGZ-2 118.3"]
    assert places(list_related(session, VISITOR, chain[2].id).after) == []


def test_it_says_what_became_of_it(session: Session, cast: Cast, chain: list[Recommendation]) -> None:
    make_update(session, cast, UpdateState.PUBLISHED, "A12.1")
    link(session, chain[2], recommendation(session), LinkKind.FOLLOWS_UP)
    said = {
        each.recommendation.place: each.of_state
        for each in list_related(session, VISITOR, chain[2].id).before
    }
    assert said == {"KGZ-1 76.12": "", "KGZ-2 118.3": "", "KGZ-3 A12": "1 partially, 4 no entry"}


def test_a_refusal_is_no_history_and_an_unseen_review_no_link(
    session: Session, chain: list[Recommendation]
) -> None:
    other = add_recommendation(session, "KGZ-1", "76.13", "Plant trees.")
    link(session, chain[2], other, NOT_RELATED)
    assert "KGZ-1 76.13" not in places(list_related(session, VISITOR, chain[2].id).before)
    session.scalars(select(Review).where(Review.code == "KGZ-2")).one().is_published = False
    session.flush()
    assert list_related(session, VISITOR, chain[2].id).before == []
    assert list_repeated(session, VISITOR, "KGZ") == []


def test_a_circle_that_somebody_made_in_the_database_ends(
    session: Session, chain: list[Recommendation]
) -> None:
    link(session, chain[0], chain[2], REPEATS)
    assert set(places(list_related(session, VISITOR, chain[2].id).before)) == {"KGZ-1 76.12", "KGZ-2 118.3"}


def test_what_was_asked_in_most_reviews_comes_first(session: Session, chain: list[Recommendation]) -> None:
    two = [add_recommendation(session, review, "9", "Plant trees.") for review in ("KGZ-2", "KGZ-4")]
    more = [add_recommendation(session, "KGZ-4", f"9{number}", "Plant trees.") for number in range(3)]
    for later in (two[1], *more):
        link(session, later, two[0], SIMILAR)
    groups = list_repeated(session, VISITOR, "KGZ")
    assert [[row.place for row in group] for group in groups] == [
        ["KGZ-1 76.12", "KGZ-2 118.3", "KGZ-4 140.7"],
        ["KGZ-2 9", "KGZ-4 9", "KGZ-4 90", "KGZ-4 91", "KGZ-4 92"],
    ]
    assert list_repeated(session, VISITOR, "UZB") == []
    # What is retired is asked no more
    for row in more:
        row.retired_at = NOW
    session.flush()
    assert [len(group) for group in list_repeated(session, VISITOR, "KGZ")] == [3, 2]
