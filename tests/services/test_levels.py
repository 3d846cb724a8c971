"""The level of a point is stored at every publication and withdrawal, and the review's version moves with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, NOW, TODAY, Cast, make_assessment, make_update, point
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assessments import Assessment
from tracker.models.assignments import AssignmentKind
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Disagreement, Level, Voice, steps_apart
from tracker.models.organisations import Organisation
from tracker.models.reviews import Review
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM
from tracker.queries.recommendations.recommendation import get_recommendation
from tracker.services import assignments
from tracker.services.assessments import publish_assessment, withdraw_assessment
from tracker.services.levels import bump_version, recompute_levels
from tracker.services.updates import workflow as updates

DAY = timedelta(days=1)
Stored = dict[Voice, list[str | None]]


@pytest.fixture
def later() -> Iterator[datetime]:
    """One day after the other, so that newest is never a matter of chance."""
    return (NOW - 60 * DAY + number * DAY for number in range(60))


def stored_levels(session: Session, ref: str = "A12.1") -> Stored:
    """The levels that count, by voice; None for an entry without one."""
    session.flush()
    found: Stored = {}
    rows = select(CurrentEntry).where(CurrentEntry.action_point_id == point(session, ref).id)
    for row in session.scalars(rows.order_by(CurrentEntry.published_at)):
        found.setdefault(row.voice, []).append(row.level.value if row.level else None)
    return found


def publish(
    session: Session,
    cast: Cast,
    level: Level,
    now: datetime,
    ref: str = "A12.1",
    as_of_on: date = date(2026, 1, 1),
) -> None:
    text = replace(GOOD_UPDATE, level=level, as_of_on=as_of_on)
    make_update(session, cast, UpdateState.PUBLISHED, ref=ref, text=text, now=now)


def assess(
    session: Session, cast: Cast, by: str, level: Level, now: datetime, ref: str = "A12.1"
) -> Assessment:
    text = replace(GOOD_ASSESSMENT, level=level)
    return make_assessment(session, cast, by=by, ref=ref, text=text, now=now)


def assess_whole(session: Session, cast: Cast, level: Level, now: datetime) -> Assessment:
    text, of = (
        replace(GOOD_ASSESSMENT, level=level),
        get_recommendation(session, SYSTEM, people.REVIEW, "A12"),
    )
    return publish_assessment(session, cast["lead"], of, None, text, now)


def test_the_newest_update_of_the_lead_makes_the_level_of_the_state(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    assert stored_levels(session) == {}
    publish(session, cast, Level.PLANNED, next(later))
    assert stored_levels(session) == {Voice.STATE: ["planned"]}
    publish(session, cast, Level.PARTIALLY_IMPLEMENTED, next(later))
    assert stored_levels(session) == {Voice.STATE: ["partially_implemented"]}
    publish(session, cast, Level.OVERTAKEN, next(later))
    assert stored_levels(session) == {Voice.STATE: ["overtaken"]}
    assert stored_levels(session, "A12.2") == {}


@pytest.mark.parametrize("state", [state for state in UpdateState if state != UpdateState.PUBLISHED])
def test_what_is_not_published_makes_no_level(session: Session, cast: Cast, state: UpdateState) -> None:
    make_update(session, cast, state)
    assert stored_levels(session) == {}


def test_a_supporting_ministry_never_makes_the_level(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    """Given an entry of the supporting ministry alone, then beside an older one of the lead."""
    supporter = cast["other_focal_point"]

    def support() -> None:
        now = next(later)
        text = replace(GOOD_UPDATE, as_of_on=date(2026, 1, 1))
        update = updates.write_update(session, supporter, point(session), text, now)
        updates.submit_update(session, supporter, update, now)
        updates.publish_update(session, cast["coordinator"], update, now)

    support()
    assert stored_levels(session) == {Voice.STATE: [None]}
    publish(session, cast, Level.PLANNED, next(later))
    support()
    assert stored_levels(session) == {Voice.STATE: ["planned"]}


@pytest.mark.parametrize(
    ("key", "becomes"), [("ministry-a", AssignmentKind.SUPPORTING), ("ministry-b", AssignmentKind.LEAD)]
)
def test_a_lead_that_only_supports_or_left_when_it_is_published_makes_no_level(
    session: Session, cast: Cast, key: str, becomes: AssignmentKind
) -> None:
    """It was written while it led; what does not count is not shown either."""
    waiting = make_update(session, cast, UpdateState.VALIDATED)
    organisation = session.scalars(select(Organisation).where(Organisation.key == key)).one()
    assignments.assign(session, SYSTEM, people.recommendation(session), organisation, becomes, TODAY, NOW)
    updates.publish_update(session, cast["coordinator"], waiting, NOW)
    assert waiting.level is None
    assert stored_levels(session) == {Voice.STATE: [None]}


def test_an_update_of_whoever_led_then_counts_whoever_leads_now(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    publish(session, cast, Level.PARTIALLY_IMPLEMENTED, next(later))
    other = session.scalars(select(Organisation).where(Organisation.key == "ministry-b")).one()
    item = people.recommendation(session)
    assignments.assign(session, SYSTEM, item, other, AssignmentKind.LEAD, TODAY, NOW)
    make_assessment(session, cast)  # recounts the point
    assert stored_levels(session)[Voice.STATE] == ["partially_implemented"]


def test_each_organisation_counts_with_its_newest_assessment(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    assess(session, cast, "lead", Level.NOT_IMPLEMENTED, next(later))
    assert stored_levels(session) == {Voice.CIVIL_SOCIETY: ["not_implemented"]}
    assess(session, cast, "other_lead", Level.PARTIALLY_IMPLEMENTED, next(later))
    assert stored_levels(session) == {Voice.CIVIL_SOCIETY: ["not_implemented", "partially_implemented"]}
    assess(session, cast, "ombudsperson", Level.REGRESSED, next(later))
    assert stored_levels(session)[Voice.NHRI] == ["regressed"]
    assess(session, cast, "lead", Level.PLANNED, next(later))
    assert stored_levels(session)[Voice.CIVIL_SOCIETY] == ["partially_implemented", "planned"]


def test_an_older_fact_that_is_published_later_does_not_count(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    publish(session, cast, Level.PARTIALLY_IMPLEMENTED, next(later), as_of_on=date(2026, 6, 1))
    publish(session, cast, Level.NOT_IMPLEMENTED, next(later), as_of_on=date(2025, 6, 1))
    assert stored_levels(session) == {Voice.STATE: ["partially_implemented"]}
    publish(session, cast, Level.PLANNED, next(later), as_of_on=date(2026, 6, 1))
    assert stored_levels(session) == {Voice.STATE: ["planned"]}


def test_what_was_said_before_a_wording_was_split_does_not_count(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    publish(session, cast, Level.PLANNED, next(later))
    assess(session, cast, "lead", Level.PLANNED, next(later))
    assess(session, cast, "other_lead", Level.PLANNED, next(later))
    wording = PointWording(
        action_point_id=point(session).id, text="Much more", until=next(later), was_split=False
    )
    session.add(wording)
    recompute_levels(session, point(session).recommendation_id)
    assert len(stored_levels(session)[Voice.CIVIL_SOCIETY]) == 2, "another wording of the same demand"
    wording.was_split = True
    assess(session, cast, "lead", Level.REGRESSED, next(later))
    assert stored_levels(session) == {Voice.CIVIL_SOCIETY: ["regressed"]}


def test_an_update_that_was_submitted_before_a_split_does_not_count_when_it_is_published_after_it(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    early = replace(GOOD_UPDATE, as_of_on=date(2026, 1, 1))
    update = make_update(session, cast, UpdateState.VALIDATED, text=early, now=next(later))
    wording = PointWording(action_point_id=point(session).id, text="More", until=next(later), was_split=True)
    session.add(wording)
    updates.publish_update(session, cast["coordinator"], update, next(later))
    assert stored_levels(session) == {}
    publish(session, cast, Level.PLANNED, next(later))
    assert stored_levels(session) == {Voice.STATE: ["planned"]}


def test_an_assessment_of_the_whole_is_kept_beside_the_points(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    def stored() -> list[tuple[str | None, int | None]]:
        session.flush()
        rows = select(CurrentEntry).where(CurrentEntry.action_point_id.is_(None))
        return [(row.level, row.steps_apart) for row in session.scalars(rows)]

    text, of = replace(GOOD_ASSESSMENT, level=Level.REGRESSED), point(session, "A2.1").recommendation
    whole = publish_assessment(session, cast["lead"], of, None, text, next(later))
    assert (whole.action_point_id, stored()) == (None, [("regressed", None)])
    assert stored_levels(session, "A2.1") == {}
    withdraw_assessment(session, cast["lead"], whole, TODAY)
    assert stored() == []


def test_a_withdrawal_leaves_the_level_that_the_others_make(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    assess(session, cast, "lead", Level.PLANNED, next(later))
    theirs = assess(session, cast, "other_lead", Level.PARTIALLY_IMPLEMENTED, next(later))
    withdraw_assessment(session, cast["other_lead"], theirs, TODAY)
    assert stored_levels(session) == {Voice.CIVIL_SOCIETY: ["planned"]}


def test_withdrawing_the_last_entry_of_a_voice_leaves_it_silent(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    assess(session, cast, "lead", Level.PLANNED, next(later))
    newest = assess(session, cast, "lead", Level.NOT_IMPLEMENTED, next(later))
    withdraw_assessment(session, cast["lead"], newest, TODAY)
    assert stored_levels(session) == {}


def test_withdrawing_an_older_entry_changes_no_level(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    older = assess(session, cast, "lead", Level.PLANNED, next(later))
    assess(session, cast, "lead", Level.NOT_IMPLEMENTED, next(later))
    withdraw_assessment(session, cast["lead"], older, TODAY)
    assert stored_levels(session) == {Voice.CIVIL_SOCIETY: ["not_implemented"]}


def test_disagreement_comes_and_goes_with_the_entries(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    def said() -> Disagreement | None:
        session.flush()
        return point(session).disagreement

    publish(session, cast, Level.PARTIALLY_IMPLEMENTED, next(later))
    assert said() is None
    assess(session, cast, "ombudsperson", Level.PLANNED, next(later))
    assert said() == Disagreement.DIFFERS
    against = assess(session, cast, "lead", Level.NOT_IMPLEMENTED, next(later))
    assert said() == Disagreement.CONTRADICTS
    withdraw_assessment(session, cast["lead"], against, TODAY)
    assert said() == Disagreement.DIFFERS
    assess(session, cast, "ombudsperson", Level.PARTIALLY_IMPLEMENTED, next(later))
    assert said() == Disagreement.AGREE


def test_the_day_of_the_newest_entry_goes_with_a_withdrawal(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    """It must not tell of what is gone."""
    first = next(later)
    publish(session, cast, Level.PLANNED, first)
    made = assess(session, cast, "lead", Level.PLANNED, next(later))
    assert people.recommendation(session).newest_entry_at == made.published_at
    withdraw_assessment(session, cast["lead"], made, TODAY)
    assert people.recommendation(session).newest_entry_at == first


def test_the_widest_gap_is_stored_for_the_order_and_goes_with_a_withdrawal(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    def stored() -> int | None:
        session.flush()
        return people.recommendation(session).steps_apart

    publish(session, cast, Level.PARTIALLY_IMPLEMENTED, next(later))
    assert stored() is None
    assess(session, cast, "ombudsperson", Level.PARTIALLY_IMPLEMENTED, next(later))
    assert stored() == 0
    against = assess(session, cast, "lead", Level.REGRESSED, next(later))
    assert stored() == 3
    withdraw_assessment(session, cast["lead"], against, TODAY)
    assert stored() == 0


def test_an_assessment_of_the_whole_counts_in_the_order_and_a_retired_point_does_not(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    def stored() -> tuple[int | None, int | None]:
        """Of the recommendation and of the first point."""
        session.flush()
        return item.steps_apart, first.steps_apart

    first, *others = session.scalars(select(ActionPoint).where(ActionPoint.ref.startswith("A12."))).all()
    assert first.ref == "A12.1"
    item = people.recommendation(session)
    publish(session, cast, Level.PARTIALLY_IMPLEMENTED, next(later))
    assess_whole(session, cast, Level.NOT_IMPLEMENTED, next(later))
    assert stored() == (None, None), "the State gives the other points no level"
    for each in others:
        each.retired_at = NOW
    recompute_levels(session, item.id)
    assert stored() == (2, None)
    assess(session, cast, "ombudsperson", Level.REGRESSED, next(later))
    assert stored() == (3, 3)
    for each in others:
        each.retired_at = None
    first.retired_at = NOW
    recompute_levels(session, item.id)
    assert stored() == (None, 3)


ACTIONS = ("publish", "lead", "other_lead", "ombudsperson", "whole", "withdraw", "retire")


@pytest.mark.parametrize("seed", range(4))
def test_after_whatever_happens_what_is_stored_is_what_the_entries_give(
    session: Session, cast: Cast, later: Iterator[datetime], seed: int
) -> None:
    chance, standing = Random(seed), list[tuple[str, Assessment]]()
    item = people.recommendation(session)
    points = session.scalars(select(ActionPoint).where(ActionPoint.recommendation_id == item.id)).all()
    for _ in range(20):
        level, on, now = chance.choice([*Level]), chance.choice(points), next(later)
        match chance.choice(ACTIONS):
            case "publish" if on.retired_at is None:
                publish(session, cast, level, now, on.ref)
            case "whole":
                standing.append(("lead", assess_whole(session, cast, level, now)))
            case "withdraw":
                for by, made in chance.sample(standing, min(1, len(standing))):
                    withdraw_assessment(session, cast[by], made, TODAY)
                standing = [each for each in standing if each[1].published_at]
            case "retire":
                on.retired_at = None if on.retired_at else NOW
                recompute_levels(session, item.id)
            case "lead" | "other_lead" | "ombudsperson" as by if on.retired_at is None:
                standing.append((by, assess(session, cast, by, level, now, on.ref)))
        session.flush()
        assert item.steps_apart == computed_from_entries(session, item.id)


def computed_from_entries(session: Session, recommendation_id: int) -> int | None:
    """The widest gap, from what counts now on open points and on the whole."""
    rows = session.scalars(
        select(CurrentEntry).where(CurrentEntry.recommendation_id == recommendation_id)
    ).all()
    points = select(ActionPoint).where(ActionPoint.recommendation_id == recommendation_id)
    retired: dict[int | None, datetime | None] = {
        point.id: point.retired_at for point in session.scalars(points)
    }
    of_state = {row.action_point_id: row.level for row in rows if row.voice == Voice.STATE}
    everywhere = {of_state.get(each) for each, at in retired.items() if at is None}
    of_state[None] = everywhere.pop() if len(everywhere) == 1 else None
    gaps = [
        steps_apart(state, row.level)
        for row in rows
        if row.voice != Voice.STATE
        and retired.get(row.action_point_id) is None
        and (state := of_state.get(row.action_point_id))
        and row.level
    ]
    return max(gaps, default=None)


def test_every_change_moves_the_version_of_its_review_and_of_no_other(
    session: Session, cast: Cast, later: Iterator[datetime]
) -> None:
    def versions() -> dict[str, int]:
        session.flush()
        return dict(session.execute(select(Review.code, Review.figures_version)).all())  # type: ignore[arg-type]

    before = versions()
    publish(session, cast, Level.PLANNED, next(later))
    made = assess(session, cast, "lead", Level.PLANNED, next(later))
    middle = versions()
    withdraw_assessment(session, cast["lead"], made, TODAY)
    after = versions()
    moved = {code for code in before if after[code] != before[code]}
    assert moved == {people.REVIEW}
    assert before[people.REVIEW] + 2 == middle[people.REVIEW] == after[people.REVIEW] - 1


def test_a_review_is_touched_even_where_it_is_loaded(session: Session) -> None:
    review = session.scalars(select(Review).where(Review.code == people.REVIEW)).one()
    before = review.figures_version
    bump_version(session, review.id)
    session.expire(review)
    assert review.figures_version == before + 1
