"""What the mid-term workbook shows: every point once, published words only, levels as they were given."""

from datetime import timedelta

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
        session.scalars(select(ActionPoint).where(ActionPoint.ref == ref)).one().retired_at = NOW
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
    assert row(session) == before


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
