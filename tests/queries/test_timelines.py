"""The picture of a point's levels over time: bounded, and it ends at the entry that counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, NOW, TODAY, Cast, make_assessment, make_update
from tracker.models.current_entries import CurrentEntry
from tracker.models.levels import Level, Voice
from tracker.models.updates import UpdateState
from tracker.policy.actors import VISITOR
from tracker.queries.timelines import DatedLevel, Timeline, list_timelines
from tracker.services.assessments import publish_assessment, withdraw_assessment

DAY = timedelta(days=1)


def timeline(session: Session, most: int = 9) -> Timeline:
    found = list_timelines(session, VISITOR, people.recommendation(session).id, most)
    assert found.keys() <= {people.point(session).id}
    return found.get(people.point(session).id, Timeline())


def levels_of(found: Timeline, voice: Voice) -> list[Level]:
    return [each.level for each in sorted(found.levels, key=_published) if each.voice == voice]


def _published(each: DatedLevel) -> object:
    return each.published_at


def test_every_published_level_is_there_with_its_days(session: Session, cast: Cast) -> None:
    assert timeline(session) == Timeline()
    make_update(session, cast, UpdateState.PUBLISHED, text=replace(GOOD_UPDATE, as_of_on=date(2025, 3, 1)))
    make_update(session, cast, UpdateState.VALIDATED)
    make_assessment(session, cast, now=NOW + DAY)
    withdrawn = make_assessment(session, cast, by="other_lead")
    withdraw_assessment(session, cast["other_lead"], withdrawn, TODAY)
    publish_assessment(session, cast["lead"], people.recommendation(session), None, GOOD_ASSESSMENT, NOW)
    found = timeline(session)
    assert not found.is_cut
    assert {(each.voice, each.organisation, each.as_of_on, each.published_at) for each in found.levels} == {
        (Voice.STATE, "Ministry of Clocks", date(2025, 3, 1), NOW),
        (Voice.CIVIL_SOCIETY, "Open Window", None, NOW + DAY),
    }


def test_it_has_the_newest_of_each_and_says_when_it_is_cut(session: Session, cast: Cast) -> None:
    given = [Level.PLANNED, Level.REGRESSED, Level.NOT_IMPLEMENTED]
    for number, level in enumerate(given):
        make_assessment(session, cast, text=replace(GOOD_ASSESSMENT, level=level), now=NOW + number * DAY)
    make_assessment(session, cast, by="ombudsperson")
    assert levels_of(timeline(session, 3), Voice.CIVIL_SOCIETY) == given
    assert not timeline(session, 3).is_cut
    found = timeline(session, 2)
    assert found.is_cut
    assert levels_of(found, Voice.CIVIL_SOCIETY) == given[1:]
    assert levels_of(found, Voice.NHRI) == [GOOD_ASSESSMENT.level]


def test_the_level_that_counts_is_there_however_old_it_is(session: Session, cast: Cast) -> None:
    """The newest fact counts; reports about older ones may be published afterwards."""
    newest_fact = replace(GOOD_UPDATE, level=Level.PLANNED, as_of_on=TODAY)
    make_update(session, cast, UpdateState.PUBLISHED, text=newest_fact)
    for number in range(3):
        older = replace(GOOD_UPDATE, as_of_on=date(2020, 1, 1))
        make_update(session, cast, UpdateState.PUBLISHED, text=older, now=NOW + number * DAY)
    assert levels_of(timeline(session, 1), Voice.STATE)[0] == Level.PLANNED


@pytest.mark.parametrize("was_split", [False, True])
def test_what_was_said_before_a_split_is_left_out(session: Session, cast: Cast, was_split: bool) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    make_assessment(session, cast)
    people.reword_point(session, "A12.1", NOW + DAY, was_split=was_split)
    make_assessment(session, cast, by="other_lead", now=NOW + 2 * DAY)
    names = {each.organisation for each in timeline(session).levels}
    everybody = {"Ministry of Clocks", "Open Window", "Second Lamp"}
    assert names == ({"Second Lamp"} if was_split else everybody)
    current = set(session.scalars(select(CurrentEntry.entry_id)))
    assert {each.entry_id for each in timeline(session).levels} == current
