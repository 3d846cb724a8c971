"""What the mid-term workbook shows: every point once, published words only, levels as they were given."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, NOW, TODAY, Cast, make_assessment, make_update
from tests.supporters import SUPPORTERS_TEXT, publish_as_supporter
from tracker.failures import NotFound
from tracker.models.action_points import ActionPoint
from tracker.models.levels import Disagreement, Voice
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.models.themes import Scheme, Theme
from tracker.models.updates import UpdateState
from tracker.policy.actors import VISITOR, Actor
from tracker.queries.midterm import (
    MidtermReport,
    ReportPoint,
    ReportRecommendation,
    RetiredPoints,
    get_midterm_report,
)
from tracker.services.assessments import publish_assessment, withdraw_assessment


def report(session: Session, actor: Actor = VISITOR) -> MidtermReport:
    session.flush()
    return get_midterm_report(
        session, actor, people.REVIEW, "KGZ-3-live", TODAY, "https://upr.example", is_demonstration=False
    )


def item(session: Session, actor: Actor = VISITOR, ref: str = "A12") -> ReportRecommendation:
    return next(each for each in report(session, actor).recommendations if each.ref == ref)


def row(session: Session, actor: Actor = VISITOR, ref: str = "A12.1") -> ReportPoint:
    return next(each for each in report(session, actor).points if each.ref == ref)


def test_every_open_point_is_there_once_under_its_recommendation(session: Session) -> None:
    found = report(session)
    refs = [each.ref for each in found.points]
    stored = session.scalars(
        select(ActionPoint.ref).join(Recommendation).join(Review).where(Review.code == people.REVIEW)
    )
    assert sorted(refs) == sorted(stored)
    assert len(refs) == len(set(refs)) == 137
    assert (found.recommendations[0].ref, refs[0]) == ("A1", "A1.1")
    assert (found.cycle, found.state_name) == (3, "Kyrgyzstan")
    assert found.source_line.startswith("Letter of the High Commissioner")
    assert all(each.heading and each.short_title for each in found.recommendations)
    assert all(each.text and each.entries == () for each in found.points)
    themes = ("right-to-peaceful-assembly", "freedom-of-association")
    labels = session.scalars(select(Theme.label).where(Theme.scheme == Scheme.OHCHR, Theme.code.in_(themes)))
    assert {*labels} < {*item(session).ohchr_themes}
    assert row(session).link.startswith("https://upr.example/recommendations/KGZ-3/A12")


def test_a_retired_point_is_left_out_and_counted(session: Session, cast: Cast) -> None:
    make_assessment(session, cast)
    before = report(session)
    assert before.retired == RetiredPoints()
    for ref in ("A12.1", "A12.2"):
        people.retire_point(session, ref)
    after = report(session)
    assert {each.ref for each in before.points} - {each.ref for each in after.points} == {"A12.1", "A12.2"}
    assert after.figures.total == before.figures.total - 2
    assert after.retired == RetiredPoints(total=2, with_entries=1)


def test_a_point_tells_what_the_state_and_the_others_published(session: Session, cast: Cast) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    make_assessment(session, cast)
    found = row(session)
    shown = {voice: found.levels.of(voice).shown for voice in Voice}
    assert shown == {
        Voice.STATE: "partially_implemented",
        Voice.CIVIL_SOCIETY: "not_implemented",
        Voice.NHRI: "no_entry",
        Voice.UN: "no_entry",
    }
    assert found.levels.disagreement == Disagreement.CONTRADICTS
    of_state = found.of_state
    assert of_state is not None
    assert (of_state.organisation, of_state.level) == ("Ministry of Clocks", GOOD_UPDATE.level)
    assert (of_state.reason, of_state.text) == (GOOD_UPDATE.reason, GOOD_UPDATE.done)
    assert (of_state.next_step_on, of_state.as_of_on) == (GOOD_UPDATE.next_step_on, GOOD_UPDATE.as_of_on)
    (line,) = found.independent
    assert (line.organisation, line.level, line.reason) == (
        "Open Window",
        "not_implemented",
        GOOD_ASSESSMENT.reason,
    )
    assert (line.disagreement, of_state.disagreement) == (Disagreement.CONTRADICTS, None)
    links = [link for entry in found.entries for link in entry.evidence_links]
    assert links == [GOOD_UPDATE.source_link, GOOD_ASSESSMENT.source_link]
    assert {entry.published_on for entry in found.entries} == {NOW.date()}
    assert item(session).lead_organisation == "Ministry of Clocks"
    assert item(session).supporting_organisations == ("Ministry of Bridges",)


def test_an_assessment_of_the_whole_stands_apart_with_its_author(session: Session, cast: Cast) -> None:
    recommendation = people.recommendation(session)
    publish_assessment(session, cast["lead"], recommendation, None, GOOD_ASSESSMENT, NOW)
    (whole,) = item(session).wholes
    assert (whole.organisation, whole.level, whole.reason) == (
        "Open Window",
        "not_implemented",
        GOOD_ASSESSMENT.reason,
    )
    assert (
        whole.disagreement is None
    )  # nothing is compared where the points do not bear one level of the State
    assert all(each.entries == () for each in item(session).points)


def test_a_newer_word_of_who_only_supports_does_not_take_the_leads_place(
    session: Session, cast: Cast
) -> None:
    publish_as_supporter(session, cast)
    supporter = row(session).of_state
    assert supporter is not None
    assert (supporter.text, supporter.level) == (SUPPORTERS_TEXT.done, None)
    make_update(session, cast, UpdateState.PUBLISHED, now=NOW + timedelta(days=1))
    before = row(session)
    assert before.of_state is not None
    assert before.of_state.text == GOOD_UPDATE.done
    publish_as_supporter(session, cast, NOW + timedelta(days=2))
    assert (row(session).levels, row(session).entries) == (before.levels, before.entries)


@pytest.mark.parametrize("who", ["visitor", "focal_point", "coordinator", "lead"])
@pytest.mark.parametrize("state", [state for state in UpdateState if state != UpdateState.PUBLISHED])
def test_what_is_not_published_is_in_nobodys_workbook(
    session: Session, cast: Cast, who: str, state: UpdateState
) -> None:
    before = row(session, cast[who])
    make_update(session, cast, state)
    assert row(session, cast[who]) == before


def test_a_withdrawn_assessment_leaves_no_word(session: Session, cast: Cast) -> None:
    before = report(session)
    made = make_assessment(session, cast)
    assert report(session) != before
    withdraw_assessment(session, cast["lead"], made, TODAY)
    assert report(session) == before


def test_an_unknown_review_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_midterm_report(session, VISITOR, "XXX-1", "x", TODAY, "https://x", is_demonstration=False)


def test_an_entry_names_the_wording_on_which_it_was_made(session: Session, cast: Cast) -> None:
    """The first one that ended after it."""
    day = timedelta(days=1)
    people.reword_point(session, "A12.1", NOW - 5 * day, "The first text")
    people.reword_point(session, "A12.1", NOW + day, "The second text")
    people.reword_point(session, "A12.1", NOW + 3 * day, "The third text")
    make_update(session, cast, UpdateState.PUBLISHED)
    make_assessment(session, cast, now=NOW + day)
    make_assessment(session, cast, by="other_lead", now=NOW + 3 * day)
    said = {entry.organisation: entry.earlier_wording for entry in row(session).entries}
    assert said == {
        "Ministry of Clocks": "The second text",
        "Open Window": "The third text",
        "Second Lamp": "",
    }
    assert report(session).on_split_wordings == 0


def test_published_entries_on_a_wording_that_was_split_are_counted(session: Session, cast: Cast) -> None:
    day = timedelta(days=1)
    for number in range(2):
        make_update(session, cast, UpdateState.PUBLISHED, now=NOW + number * day)
    make_update(session, cast, UpdateState.VALIDATED, ref="A12.2")
    make_assessment(session, cast)
    withdrawn = make_assessment(session, cast, by="other_lead")
    withdraw_assessment(session, cast["other_lead"], withdrawn, TODAY)
    publish_assessment(session, cast["lead"], people.recommendation(session), None, GOOD_ASSESSMENT, NOW)
    people.reword_point(session, "A12.1", NOW + day, was_split=True)
    people.reword_point(session, "A12.2", NOW + day, was_split=True)
    # The second update was made at the moment of the split, on what the point says now
    assert report(session).on_split_wordings == 2
    people.reword_point(session, "A12.1", NOW + 2 * day, was_split=True)
    assert report(session).on_split_wordings == 3, "each counts once, however often its wording was split"
    people.retire_point(session, "A12.1")
    assert report(session).on_split_wordings == 0, "the Cover tells of retired points already"


def test_the_newest_entry_of_a_point_is_told_though_it_does_not_count(session: Session, cast: Cast) -> None:
    assert row(session).newest_on is None
    make_update(session, cast, UpdateState.PUBLISHED)
    later = NOW + timedelta(days=3)
    older_fact = replace(GOOD_UPDATE, as_of_on=date(2020, 1, 1))
    make_update(session, cast, UpdateState.PUBLISHED, text=older_fact, now=later)
    assert [entry.published_on for entry in row(session).entries] == [NOW.date()]
    assert row(session).newest_on == later.date()
    people.reword_point(session, "A12.1", later + timedelta(days=1), was_split=True)
    assert (row(session).entries, row(session).newest_on) == ((), later.date())
