"""What stands beside the form of an update: published entries, the own one and those of the others."""

import pytest
from sqlalchemy.orm import Session

from tests.cast import GOOD_UPDATE, Cast, make_assessment, make_update, point
from tracker.models.updates import UpdateState
from tracker.queries.last_entries import get_last_entries

UNPUBLISHED = [state for state in UpdateState if state != UpdateState.PUBLISHED]


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_what_is_not_published_is_nobodys_last_entry(
    session: Session, cast: Cast, state: UpdateState
) -> None:
    make_update(session, cast, state)
    for who in ("focal_point", "validating_officer", "coordinator"):
        last = get_last_entries(session, cast[who], point(session))
        assert (last.own, last.others) == (None, []), who


def test_the_own_entry_and_those_of_the_others(session: Session, cast: Cast) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    made = make_assessment(session, cast)
    last = get_last_entries(session, cast["focal_point"], point(session))
    assert last.own is not None
    assert (last.own.text, [each.id for each in last.others]) == (GOOD_UPDATE.done, [made.id])
