"""What an organisation leads and owes, when the lead changes and when a date is about to pass."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_UPDATE, TODAY, Cast, make_update
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.updates import UpdateState
from tracker.policy.actors import VISITOR, Actor
from tracker.queries.completeness import LeadFigures, list_lead_figures
from tracker.queries.figures import get_figures
from tracker.queries.organisation_figures import OrganisationFigures, get_organisation_figures
from tracker.queries.reviews import get_review_facts

pytestmark = pytest.mark.database
STEP = replace(GOOD_UPDATE, next_step_on=TODAY - timedelta(days=1))


def figures_of(
    session: Session, key: str, today: date = TODAY, actor: Actor = VISITOR
) -> OrganisationFigures:
    organisation = session.scalars(select(Organisation).where(Organisation.key == key)).one()
    review = get_review_facts(session, actor, people.REVIEW)
    return get_organisation_figures(session, actor, organisation, review.id, today, most=5)


def leading(session: Session) -> dict[str | None, LeadFigures]:
    review = get_review_facts(session, VISITOR, people.REVIEW)
    points = get_figures(session, VISITOR, review.id).points
    return {each.key: each for each in list_lead_figures(session, VISITOR, review.id, points)}


def swap_leads_of(session: Session, ref: str) -> None:
    """Who led supports now, and who supported leads."""
    recommendation_id = people.recommendation(session, ref).id
    held = session.scalars(select(Assignment).where(Assignment.recommendation_id == recommendation_id)).all()
    kinds = {each.id: each.kind for each in held}
    session.execute(update(Assignment).where(Assignment.id.in_(kinds)).values(kind=AssignmentKind.SUPPORTING))
    [new] = [each for each in held if kinds[each.id] == AssignmentKind.SUPPORTING]
    session.execute(update(Assignment).where(Assignment.id == new.id).values(kind=AssignmentKind.LEAD))
    session.expire_all()


def test_a_step_is_past_from_the_day_after_its_date(session: Session, cast: Cast) -> None:
    make_update(session, cast, UpdateState.PUBLISHED, text=replace(GOOD_UPDATE, next_step_on=TODAY))
    assert figures_of(session, "ministry-a").past_steps == ()
    [step] = figures_of(session, "ministry-a", TODAY + timedelta(days=3)).past_steps
    assert (step.point_ref, step.step, step.days_past(TODAY + timedelta(days=3))) == (
        "A12.1",
        GOOD_UPDATE.next_step,
        3,
    )


def test_who_takes_over_leads_the_levels_and_owes_no_date_that_another_set(
    session: Session, cast: Cast
) -> None:
    make_update(session, cast, UpdateState.PUBLISHED, text=STEP)
    before = figures_of(session, "ministry-a")
    assert (before.with_level, before.own_levels, len(before.past_steps)) == (1, 1, 1)
    swap_leads_of(session, "A12")
    after, other = figures_of(session, "ministry-b"), figures_of(session, "ministry-a")
    assert [row.ref for row in after.led] == ["A12", "A24"]
    assert (after.with_level, after.own_levels, after.past_steps) == (1, 0, ())
    assert [(row.ref, row.lead) for row in other.supported] == [("A12", "Ministry of Bridges")]
    assert (other.total, other.past_steps) == (0, ())
    assert [entry.point_ref for entry in other.newest] == ["A12.1"]


@pytest.mark.parametrize("state", [each for each in UpdateState if each != UpdateState.PUBLISHED])
def test_nobody_finds_what_is_not_published(session: Session, cast: Cast, state: UpdateState) -> None:
    for actor in cast.actors.values():
        before = figures_of(session, "ministry-a", actor=actor)
        assert (before.with_level, before.newest) == (0, ())
    make_update(session, cast, state, text=STEP)
    for name, actor in cast.actors.items():
        found = figures_of(session, "ministry-a", actor=actor)
        assert (found.with_level, found.past_steps, found.newest) == (0, (), ()), name


def test_what_nobody_leads_comes_last_and_everything_is_counted_once(session: Session, cast: Cast) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    found = leading(session)
    assert [*found] == sorted(found, key=lambda key: (key is None, -found[key].without_level))
    assert (found["ministry-a"].refs, found["ministry-a"].with_level) == (("A12",), 1)
    assert found["ministry-b"].refs == ("A24",)
    assert len(found[None].refs) == 42
    review = get_review_facts(session, VISITOR, people.REVIEW)
    points = get_figures(session, VISITOR, review.id).points
    assert sum(each.total for each in found.values()) == len(points)
