"""Links are decided by a person, may be decided otherwise, and what was refused is not suggested again."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, recommendation
from tests.earlier_reviews import add_recommendation
from tests.services.refusals import refused
from tracker.failures import BadInput, Failure, NotAllowed
from tracker.history.sentences import sentence_of
from tracker.models.history import HistoryLine
from tracker.models.recommendation_links import LinkKind, RecommendationLink
from tracker.models.recommendations import Recommendation, RecommendationKind
from tracker.policy.actors import SYSTEM
from tracker.queries.recommendation_links import get_linked
from tracker.services.link_suggestions import Linkable, list_linkable
from tracker.services.recommendation_links import link_recommendations, unlink_recommendations

TEXT = "Establish a moratorium on the death penalty"


@pytest.fixture
def pair(session: Session) -> tuple[Recommendation, Recommendation]:
    """A later recommendation and an earlier one in nearly the same words."""
    earlier = add_recommendation(session, "KGZ-1", "76.1", f"{TEXT} as a first step (Chile)")
    add_recommendation(session, "KGZ-1", "76.2", "Plant trees along the rivers of the south (Peru)")
    return add_recommendation(session, "KGZ-4", "140.7", f"{TEXT} (Chile) (Peru);"), earlier


def kinds(session: Session) -> list[str]:
    session.flush()
    return [kind.value for kind in session.scalars(select(RecommendationLink.kind))]


def suggest(session: Session, later: Recommendation) -> Linkable:
    session.flush()
    own = get_linked(session, SYSTEM, later.id)
    [found] = list_linkable(session, SYSTEM, later.review, [own], 5)
    return found


def _refused(session: Session, failure: type[Failure], action: Callable[[], object]) -> None:
    refused(session, RecommendationLink, failure, action)


def newest_sentence(session: Session) -> str:
    return sentence_of(session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(1)).one())


def test_a_decision_takes_the_place_of_the_one_before_and_the_same_again_changes_nothing(
    session: Session, cast: Cast, pair: tuple[Recommendation, Recommendation]
) -> None:
    who = cast["coordinator"]
    link_recommendations(session, who, *pair, LinkKind.REPEATS, NOW)
    assert newest_sentence(session) == "coordinator noted that KGZ-4 140.7 repeats KGZ-1 76.1"
    number = session.scalar(select(func.count()).select_from(HistoryLine))
    link_recommendations(session, who, *pair, LinkKind.REPEATS, NOW)
    assert session.scalar(select(func.count()).select_from(HistoryLine)) == number
    link_recommendations(session, who, *pair, LinkKind.SIMILAR, NOW)
    assert kinds(session) == ["similar"]
    unlink_recommendations(session, who, *pair, NOW)
    assert kinds(session) == []
    assert newest_sentence(session) == "coordinator took back what was noted on KGZ-4 140.7 and KGZ-1 76.1"
    unlink_recommendations(session, who, *pair, NOW)
    assert session.scalar(select(func.count()).select_from(HistoryLine)) == (number or 0) + 2


def test_nobody_but_the_coordinator_decides(
    session: Session, cast: Cast, pair: tuple[Recommendation, Recommendation]
) -> None:
    for name in ("focal_point", "validating_officer", "lead", "administrator", "registrar", "visitor"):
        who = cast[name]
        _refused(
            session, NotAllowed, partial(link_recommendations, session, who, *pair, LinkKind.REPEATS, NOW)
        )
        _refused(session, NotAllowed, partial(unlink_recommendations, session, who, *pair, NOW))


def test_an_earlier_one_must_come_before(
    session: Session, cast: Cast, pair: tuple[Recommendation, Recommendation]
) -> None:
    later, earlier = pair
    who, same = cast["coordinator"], add_recommendation(session, "KGZ-4", "140.8", TEXT)
    for one, other in ((earlier, later), (later, same), (later, later)):
        _refused(
            session, BadInput, partial(link_recommendations, session, who, one, other, LinkKind.REPEATS, NOW)
        )
    # An item of the letter follows up what the Working Group recommended in the same review, never the other way round
    wg = add_recommendation(session, "KGZ-3", "140.1", "Investigate.")
    letter = recommendation(session)
    assert letter.kind == RecommendationKind.LETTER_ANNEX
    link_recommendations(session, who, letter, wg, LinkKind.FOLLOWS_UP, NOW)
    _refused(
        session, BadInput, partial(link_recommendations, session, who, wg, letter, LinkKind.FOLLOWS_UP, NOW)
    )


def test_what_is_alike_is_suggested_until_somebody_decided(
    session: Session, cast: Cast, pair: tuple[Recommendation, Recommendation]
) -> None:
    later, earlier = pair
    [suggested] = suggest(session, later).suggested
    assert (suggested.earlier.ref, suggested.kind) == ("76.1", LinkKind.REPEATS)
    assert suggested.score >= 75
    link_recommendations(session, cast["coordinator"], later, earlier, LinkKind.NOT_RELATED, NOW)
    after = suggest(session, later)
    assert (after.suggested, [row.ref for row in after.refused], after.linked) == ([], ["76.1"], [])
    unlink_recommendations(session, cast["coordinator"], later, earlier, NOW)
    assert len(suggest(session, later).suggested) == 1
    link_recommendations(session, cast["coordinator"], later, earlier, LinkKind.FOLLOWS_UP, NOW)
    after = suggest(session, later)
    assert [(row.ref, kind) for row, kind in after.linked] == [("76.1", LinkKind.FOLLOWS_UP)]
    assert after.suggested == []


def test_neither_a_later_review_nor_the_own_nor_what_is_retired_is_suggested(
    session: Session, pair: tuple[Recommendation, Recommendation]
) -> None:
    later, earlier = pair
    add_recommendation(session, "KGZ-4", "140.9", TEXT)
    assert suggest(session, earlier).suggested == []
    earlier.retired_at = NOW
    assert suggest(session, later).suggested == []


def test_an_item_of_the_letter_is_compared_by_its_points_too(session: Session) -> None:
    add_recommendation(session, "KGZ-1", "77.1", "Guarantee freedom of expression (Norway)")
    wg = add_recommendation(session, "KGZ-3", "140.2", "Guaranteeing freedom of expression")
    found = suggest(session, recommendation(session)).suggested  # A12.4 asks for just that
    assert {(each.earlier.place, each.kind) for each in found} >= {(f"KGZ-3 {wg.ref}", LinkKind.FOLLOWS_UP)}


def test_suggestions_are_the_coordinators(
    session: Session, cast: Cast, pair: tuple[Recommendation, Recommendation]
) -> None:
    own = get_linked(session, SYSTEM, pair[0].id)
    with pytest.raises(NotAllowed):
        list_linkable(session, cast["focal_point"], pair[0].review, [own], 5)
