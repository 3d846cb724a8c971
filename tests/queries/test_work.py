"""What waits for somebody is exactly what the policy lets them move on; nobody waits for nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update as update_rows
from sqlalchemy.orm import Session

from tests.cast import (
    GOOD_UPDATE,
    NOW,
    TEN,
    TODAY,
    Cast,
    make_assessment,
    make_update,
    point,
    retire_point,
    write_update,
)
from tests.policy.rows import PolicyEntries, add_entries
from tracker.failures import NotFound
from tracker.models.action_points import PointWording
from tracker.models.assignments import Assignment
from tracker.models.updates import UpdateState
from tracker.policy import updates as policy
from tracker.queries.assigned_points import (
    AssignedPoint,
    find_next_point,
    list_assigned_recommendations,
)
from tracker.queries.updates import get_update, get_workflow_context
from tracker.queries.work import (
    list_open_updates,
    list_owing,
    list_unanswered,
    list_under_way,
    list_waiting,
)
from tracker.services.levels import recompute_levels
from tracker.services.updates.workflow import submit_update


@pytest.fixture
def rows(session: Session, cast: Cast) -> PolicyEntries:
    return add_entries(session, cast)


@pytest.mark.parametrize("is_assigned", [True, False])
def test_what_waits_is_what_the_actor_may_move_on(
    session: Session, cast: Cast, rows: PolicyEntries, is_assigned: bool
) -> None:
    """A draft whose organisation is no longer assigned waits to be discarded, a returned update does not."""
    if not is_assigned:
        session.execute(update_rows(Assignment).values(to_on=TODAY))
    waiting = 0
    for name in (*TEN, "alternate"):
        actor = cast[name]
        expected = set()
        for update in rows.updates.values():
            context = get_workflow_context(session, update)
            assert context.is_assigned is is_assigned
            if (
                policy.can_edit_update(actor, update, assigned=context.is_assigned)
                or policy.can_discard_update(actor, update)
                or policy.can_validate_update(actor, update, has_officer=context.has_officer)
                or policy.can_publish_update(actor, update, has_officer=context.has_officer)
            ):
                expected.add(update.id)
        assert {row.id for row in list_waiting(session, actor)} == expected, name
        waiting += len(expected)
    assert waiting > (8 if is_assigned else 5)


def test_with_what_was_returned_on_a_retired_point_nothing_can_be_done(session: Session, cast: Cast) -> None:
    for state, ref in ((UpdateState.RETURNED, "A12.1"), (UpdateState.SUBMITTED, "A12.2")):
        make_update(session, cast, state, ref)
    assert [row.point_ref for row in list_waiting(session, cast["focal_point"])] == ["A12.1"]
    for ref in ("A12.1", "A12.2"):
        retire_point(session, ref)
    assert list_waiting(session, cast["focal_point"]) == []
    assert [row.point_ref for row in list_waiting(session, cast["validating_officer"])] == ["A12.2"]


def test_what_was_reported_before_a_split_is_to_be_reported_again(session: Session, cast: Cast) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    lead = cast["focal_point"]

    def reported() -> tuple[int, int]:
        [assigned] = [each for each in list_assigned_recommendations(session, lead) if each.ref == "A12"]
        review_id = point(session).recommendation.review_id
        owing = list_owing(session, cast["coordinator"], review_id, 9)
        return assigned.reported, sum(each.points - each.lacking for each in owing)

    assert reported() == (1, 1)
    wording = PointWording(
        action_point_id=point(session).id, text="More", until=NOW + timedelta(days=1), was_split=True
    )
    session.add(wording)
    recompute_levels(session, point(session).recommendation_id)
    assert reported() == (0, 0)


def test_a_point_is_as_old_as_the_day_that_its_newest_update_tells_of(session: Session, cast: Cast) -> None:
    long_ago = TODAY - timedelta(days=900)
    text = replace(GOOD_UPDATE, as_of_on=long_ago)
    make_update(session, cast, UpdateState.PUBLISHED, text=text)
    [assigned] = [
        each for each in list_assigned_recommendations(session, cast["focal_point"]) if each.ref == "A12"
    ]
    assert (assigned.newest_on, assigned.has_old(TODAY)) == (long_ago, True)


def test_what_is_under_way_is_the_rest_of_the_own_organisation(
    session: Session, cast: Cast, rows: PolicyEntries
) -> None:
    seen = 0
    for name in (*TEN, "alternate"):
        actor = cast[name]
        waits = {row.id for row in list_waiting(session, actor)}
        expected = {
            update.id
            for update in rows.updates.values()
            if update.organisation_id == actor.organisation_id
            and update.state in (UpdateState.SUBMITTED, UpdateState.VALIDATED)
            and update.id not in waits
            and policy.can_see_update(actor, update)
        }
        assert {row.id for row in list_under_way(session, actor)} == expected, name
        seen += len(expected)
    assert seen > 3


def test_what_waits_longest_comes_first(session: Session, cast: Cast) -> None:
    """Written neither in the order of time nor against it, so that no other order looks the same."""
    written = {"A12.2": 2, "A12.1": 3, "A12.3": 1}
    for ref, days in written.items():
        make_update(session, cast, UpdateState.SUBMITTED, ref=ref, now=NOW + timedelta(days=days))
    found = list_waiting(session, cast["validating_officer"])
    assert [row.point_ref for row in found] == ["A12.3", "A12.2", "A12.1"]
    assert [row.recorded_at for row in found] == sorted(row.recorded_at for row in found)


def test_an_update_that_is_not_seen_is_not_found(session: Session, cast: Cast, rows: PolicyEntries) -> None:
    for name in TEN:
        for update in rows.updates.values():
            if policy.can_see_update(cast[name], update):
                assert get_update(session, cast[name], update.id) is update
            else:
                with pytest.raises(NotFound):
                    get_update(session, cast[name], update.id)


def test_open_updates_are_listed_as_far_as_they_are_seen(
    session: Session, cast: Cast, rows: PolicyEntries
) -> None:
    update = rows.updates["a", UpdateState.DRAFT]
    recommendation_id = update.action_point.recommendation_id
    for name, number in (("focal_point", 4), ("coordinator", 4), ("other_focal_point", 0), ("lead", 0)):
        found = list_open_updates(session, cast[name], recommendation_id)
        assert len(found.get(update.action_point_id, [])) == number, name


def test_assigned_recommendations_tell_how_many_points_have_an_own_entry(
    session: Session, cast: Cast
) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    make_update(session, cast, UpdateState.PUBLISHED)
    make_update(session, cast, UpdateState.DRAFT, ref="A12.2")
    (own,) = list_assigned_recommendations(session, cast["focal_point"])
    assert (own.ref, own.kind, own.reported, own.handed_in) == ("A12", "lead", 1, 0)
    assert [point.ref for point in own.points[:2]] == ["A12.1", "A12.2"]
    assert [point.state for point in own.points[:2]] == [None, "draft"]
    both = list_assigned_recommendations(session, cast["other_focal_point"])
    assert [(row.ref, row.kind, row.reported) for row in both] == [
        ("A12", "supporting", 0),
        ("A24", "lead", 0),
    ]
    assert list_assigned_recommendations(session, cast["administrator"]) == []


def test_what_was_submitted_or_validated_counts_as_under_way(session: Session, cast: Cast) -> None:
    make_update(session, cast, UpdateState.SUBMITTED)
    make_update(session, cast, UpdateState.VALIDATED, ref="A12.2")
    make_update(session, cast, UpdateState.RETURNED, ref="A12.3")
    (own,) = list_assigned_recommendations(session, cast["focal_point"])
    assert (own.handed_in, own.reported) == (2, 0)
    assert own.next_point is not None
    assert own.next_point.ref == "A12.3"


def test_an_entry_older_than_a_year_is_not_up_to_date_until_a_newer_one_is_submitted(
    session: Session, cast: Cast
) -> None:
    refs = [found.ref for found in list_assigned_recommendations(session, cast["focal_point"])[0].points]
    for ref in refs:
        make_update(session, cast, UpdateState.PUBLISHED, ref=ref)

    def says(days: int) -> tuple[bool, bool]:
        (own,) = list_assigned_recommendations(session, cast["focal_point"])
        today = GOOD_UPDATE.as_of_on + timedelta(days=days)
        return own.is_up_to_date(today), own.has_old(today)

    assert (says(365), says(366)) == ((True, False), (False, True))
    for ref in refs:
        make_update(session, cast, UpdateState.SUBMITTED, ref=ref)
    assert says(366) == (True, False)


def test_the_next_point_follows_in_the_order_of_the_letter_and_leads_on_to_the_next_recommendation(
    session: Session, cast: Cast
) -> None:
    def following(ref: str) -> str | None:
        assigned = list_assigned_recommendations(session, cast["other_focal_point"])
        found = find_next_point(assigned, "KGZ-3", point(session, ref).id)
        return found[1].ref if found else None

    last = list_assigned_recommendations(session, cast["other_focal_point"])[0].points[-1].ref
    assert following("A12.1") == "A12.2"
    assert following(last) == "A24.1"
    write_update(session, cast["other_focal_point"], point(session, "A24.1"), GOOD_UPDATE, NOW)
    assert following(last) == "A24.1"  # a draft still lacks its end
    submitted = write_update(session, cast["other_focal_point"], point(session, "A12.2"), GOOD_UPDATE, NOW)
    submit_update(session, cast["other_focal_point"], submitted, NOW)
    assert following("A12.1") == "A12.3"
    assert following("A24.3") == "A12.1"  # after the last one the first again


def test_who_owes_most_comes_first(session: Session, cast: Cast) -> None:
    review_id = point(session).recommendation.review_id
    of_a, of_b = len(_points(session, cast, "focal_point")), len(_points(session, cast, "other_focal_point"))
    make_update(session, cast, UpdateState.PUBLISHED)
    found = list_owing(session, cast["coordinator"], review_id, most=3)
    assert {row.organisation: (row.lacking, row.points) for row in found} == {
        "Ministry of Clocks": (of_a - 1, of_a),
        "Ministry of Bridges": (of_b, of_b),
    }
    assert [row.lacking for row in found] == sorted((row.lacking for row in found), reverse=True)
    assert len(list_owing(session, cast["coordinator"], review_id, most=1)) == 1


def _points(session: Session, cast: Cast, name: str) -> list[AssignedPoint]:
    """Of the recommendations that the organisation leads."""
    found = list_assigned_recommendations(session, cast[name])
    return [each for row in found if row.kind == "lead" for each in row.points]


def test_points_that_wait_for_an_assessment_go_when_it_is_given(session: Session, cast: Cast) -> None:
    def waiting(name: str) -> list[str]:
        return [row.point_ref for row in list_unanswered(session, cast[name], most=9)[0]]

    make_update(session, cast, UpdateState.VALIDATED, ref="A12.2")
    assert waiting("lead") == []
    make_update(session, cast, UpdateState.PUBLISHED)
    assert waiting("lead") == ["A12.1"]
    make_assessment(session, cast)
    assert (waiting("lead"), waiting("other_lead")) == ([], ["A12.1"])


def test_more_points_than_a_page_holds_are_told(session: Session, cast: Cast) -> None:
    for ref in ("A12.1", "A12.2"):
        make_update(session, cast, UpdateState.PUBLISHED, ref=ref)
    shown, has_more = list_unanswered(session, cast["lead"], most=1)
    assert (len(shown), has_more) == (1, True)
    assert list_unanswered(session, cast["lead"], most=2)[1] is False
