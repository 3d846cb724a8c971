"""Who edits recommendations: the coordinator of the State, in its own reviews, as long as they are open."""

import pytest
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import NOW, PEOPLE, Cast
from tracker.policy.actors import SYSTEM
from tracker.policy.recommendations import (
    can_edit_recommendation,
    may_edit_recommendations,
    may_edit_review,
)


@pytest.mark.parametrize("person", [*PEOPLE, "visitor"])
def test_the_coordinator_alone(session: Session, cast: Cast, person: str) -> None:
    review, actor = people.recommendation(session).review, cast[person]
    is_coordinator = person == "coordinator"
    assert may_edit_recommendations(actor) is is_coordinator
    assert can_edit_recommendation(actor, review) is is_coordinator
    assert may_edit_review(actor, "KGZ", None) is is_coordinator
    assert may_edit_review(actor, "UZB", None) is False
    assert may_edit_review(actor, "KGZ", NOW) is False


def test_nobody_at_the_command_line(session: Session) -> None:
    """No command edits: what is changed by hand has somebody who answers for it."""
    assert not can_edit_recommendation(SYSTEM, people.recommendation(session).review)
