"""The rows of the mid-term workbook: every point once, published words only, levels as they are stored."""

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
from tracker.models.themes import Scheme, Theme
from tracker.models.updates import UpdateState
from tracker.policy.actors import VISITOR, Actor
from tracker.queries.midterm import MatrixRow, MidtermReport, get_midterm_report
from tracker.services.assessments import withdraw_assessment


def report(session: Session, actor: Actor = VISITOR) -> MidtermReport:
    session.flush()
    return get_midterm_report(
        session, actor, people.REVIEW, "KGZ-3-live", TODAY, "https://upr.example", is_demonstration=False
    )


def row(session: Session, actor: Actor = VISITOR, ref: str = "A12.1") -> MatrixRow:
    return next(each for each in report(session, actor).rows if each.point_ref == ref)


def test_every_open_point_has_one_row_with_a_key_that_never_changes(session: Session) -> None:
    found = report(session)
    keys = [each.key for each in found.rows]
    assert len(keys) == len(set(keys)) == 137
    assert (keys[0], found.cycle, found.state_name) == ("KGZ-3/A1/A1.1", 3, "Kyrgyzstan")
    assert found.source_line.startswith("Letter of the High Commissioner")
    assert all(each.heading and each.point_text and each.levels == {} for each in found.rows)
    themes = ("right-to-peaceful-assembly", "freedom-of-association")
    labels = session.scalars(select(Theme.label).where(Theme.scheme == Scheme.OHCHR, Theme.code.in_(themes)))
    assert {*labels} < {*row(session).ohchr_themes}
    assert row(session).link.startswith("https://upr.example/recommendations/KGZ-3/A12")


def test_a_retired_point_has_no_row(session: Session) -> None:
    session.scalars(select(ActionPoint).where(ActionPoint.ref == "A12.1")).one().retired_at = NOW
    assert "A12.1" not in {each.point_ref for each in report(session).rows}
    assert len(report(session).rows) == 136


def test_a_row_tells_what_the_state_and_the_others_published(session: Session, cast: Cast) -> None:
    make_update(session, cast, UpdateState.PUBLISHED)
    make_assessment(session, cast)
    found = row(session)
    assert found.levels == {Voice.STATE: "partially_implemented", Voice.CIVIL_SOCIETY: "not_implemented"}
    assert found.disagreement == Disagreement.CONTRADICTS
    assert (found.state_reason, found.state_done) == (GOOD_UPDATE.reason, GOOD_UPDATE.done)
    assert (found.next_step_on, found.state_as_of_on) == (GOOD_UPDATE.next_step_on, GOOD_UPDATE.as_of_on)
    (line,) = found.assessments
    assert (line.organisation, line.level, line.reason) == (
        "Open Window",
        "not_implemented",
        GOOD_ASSESSMENT.reason,
    )
    assert found.evidence_links == (GOOD_UPDATE.source_link, GOOD_ASSESSMENT.source_link)
    assert found.updated_on == NOW.date()
    assert found.lead_organisation == "Ministry of Clocks"
    assert found.supporting_organisations == ("Ministry of Bridges",)


def test_a_newer_word_of_who_only_supports_does_not_take_the_leads_row(session: Session, cast: Cast) -> None:
    publish_as_supporter(session, cast)
    assert row(session).state_done == SUPPORTERS_TEXT.done
    make_update(session, cast, UpdateState.PUBLISHED, now=NOW + timedelta(days=1))
    before = row(session)
    assert before.state_done == GOOD_UPDATE.done
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
