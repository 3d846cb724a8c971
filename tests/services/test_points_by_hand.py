"""The coordinator rewords, splits, merges, retires and orders action points: entries stay where they were made, refs
are given once, and what is stored of the levels is what would be computed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, NOW, Cast, make_assessment, make_update
from tracker.failures import ChangedMeanwhile, NotAllowed, Refused, Retired, ReviewClosed, ValidationFailed
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.current_entries import CurrentEntry
from tracker.models.history import HistoryLine
from tracker.models.recommendations import Recommendation
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM
from tracker.queries.entries import list_entries
from tracker.queries.figures import get_figures
from tracker.queries.recommendations.recommendation import list_points
from tracker.queries.wordings import count_on_split_wordings, list_earlier_wordings
from tracker.services.assessments import publish_assessment
from tracker.services.levels import recompute_levels
from tracker.services.recommendations.points import PointEditor
from tracker.services.recommendations.standing import restore_recommendation, retire_recommendation

pytestmark = pytest.mark.database
LATER = NOW + timedelta(days=3)


@pytest.fixture
def said(session: Session, cast: Cast) -> None:
    """Ministry A and Open Window contradict each other on A12.1, both speak on A12.2 too."""
    for ref in ("A12.1", "A12.2"):
        make_update(session, cast, UpdateState.PUBLISHED, ref)
        make_assessment(session, cast, ref=ref)
    session.flush()


def edit(session: Session, cast: Cast, by: str = "coordinator") -> PointEditor:
    return PointEditor(session, cast[by], people.recommendation(session), LATER)


def refs(session: Session) -> list[str]:
    points = list_points(session, SYSTEM, people.recommendation(session).id)
    return [point.ref for point in points if point.retired_at is None]


def stored(session: Session) -> tuple[Any, ...]:
    session.flush()
    own = people.recommendation(session).id
    entries = select(CurrentEntry.entry_id, CurrentEntry.level, CurrentEntry.steps_apart)
    entries = entries.where(CurrentEntry.recommendation_id == own).order_by(CurrentEntry.entry_id)
    points = select(ActionPoint.ref, ActionPoint.steps_apart).where(ActionPoint.recommendation_id == own)
    whole = select(Recommendation.newest_entry_at, Recommendation.steps_apart).where(Recommendation.id == own)
    return (
        session.execute(entries).all(),
        session.execute(points.order_by(ActionPoint.ref)).all(),
        session.execute(whole).all(),
    )


def check_levels(session: Session) -> None:
    """What is stored is what would be computed anew."""
    before = stored(session)
    recompute_levels(session, people.recommendation(session).id)
    assert stored(session) == before


def with_entry(session: Session) -> int:
    review = people.recommendation(session).review_id
    return sum(1 for point in get_figures(session, SYSTEM, review).points if point.said)


def last_line(session: Session) -> HistoryLine:
    return session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc())).first()  # type: ignore[return-value]


@pytest.mark.usefixtures("said")
def test_rewording_keeps_what_counts_and_the_former_text(session: Session, cast: Cast) -> None:
    former = people.point(session).text
    edit(session, cast).reword("A12.1", "  Other words for the same  ")
    check_levels(session)
    assert people.point(session).text == "Other words for the same"
    wording = session.scalars(select(PointWording)).one()
    assert (wording.text, wording.was_split, wording.until) == (former, False, LATER)
    assert with_entry(session) == 2
    line = last_line(session)
    assert (line.verb, line.facts["point"], line.is_public) == ("reword_point", "KGZ-3 A12.1", False)  # type: ignore[index]
    assert (line.before, line.after) == ({"text": former}, {"text": "Other words for the same"})
    assert former not in str(line.facts)


@pytest.mark.usefixtures("said")
def test_a_new_meaning_is_a_new_point_in_the_place_of_the_old_one(session: Session, cast: Cast) -> None:
    added = edit(session, cast).replace("A12.1", "Something else")
    check_levels(session)
    assert added.ref == "A12.6"
    assert refs(session) == ["A12.6", "A12.2", "A12.3", "A12.4", "A12.5"]
    assert with_entry(session) == 1


@pytest.mark.usefixtures("said")
def test_a_split_takes_earlier_entries_out_of_the_figures(session: Session, cast: Cast) -> None:
    edit(session, cast).split("A12.1", ["First half", "", "Second half", "Third half"])
    check_levels(session)
    assert refs(session) == ["A12.1", "A12.6", "A12.7", "A12.2", "A12.3", "A12.4", "A12.5"]
    assert people.point(session).text == "First half"
    assert people.point(session).steps_apart is None
    assert with_entry(session) == 1
    # A new entry on the first part counts again
    make_assessment(session, cast, now=LATER + timedelta(days=1))
    assert with_entry(session) == 2


def test_an_entry_that_was_published_while_an_edit_waited_is_on_the_earlier_wording(
    session: Session, cast: Cast
) -> None:
    """Its moment was taken before it waited for its turn; so was that of the next edit."""
    before = people.point(session).text
    made = [make_assessment(session, cast, now=LATER + timedelta(seconds=2))]
    edit(session, cast).split("A12.1", ["First half", "Second half"])
    assert with_entry(session) == 0
    made.append(make_assessment(session, cast, by="other_lead", now=LATER + timedelta(seconds=3)))
    edit(session, cast).reword("A12.1", "The first half")
    edit(session, cast).reword("A12.1", "Half of it, the first")
    ids = [people.recommendation(session).id]
    found = list_earlier_wordings(session, SYSTEM, ids, list_entries(session, SYSTEM, ids, 5))
    assert [found[each.id].text for each in made] == [before, "First half"]


@pytest.mark.usefixtures("said")
def test_merged_points_leave_their_entries_behind(session: Session, cast: Cast) -> None:
    edit(session, cast).merge(["A12.2", "A12.1"], "Both together")
    check_levels(session)
    assert refs(session) == ["A12.1", "A12.3", "A12.4", "A12.5"]
    # What was said of a part is not said of the whole
    assert with_entry(session) == 0
    assert people.point(session).steps_apart is None
    assert count_on_split_wordings(session, SYSTEM, [people.recommendation(session).id]) == 2
    assert last_line(session).facts["points"] == ["A12.2"]  # type: ignore[index]
    make_assessment(session, cast, now=LATER + timedelta(days=1))
    assert with_entry(session) == 1
    # The ref of the retired one is never given to another
    assert edit(session, cast).add("Something new").ref == "A12.6"


@pytest.mark.usefixtures("said")
def test_a_retired_point_comes_back_with_what_was_said(session: Session, cast: Cast) -> None:
    before = stored(session)
    edit(session, cast).retire("A12.1")
    check_levels(session)
    assert with_entry(session) == 1
    edit(session, cast).restore("A12.1")
    assert stored(session) == before
    with pytest.raises(Refused):
        edit(session, cast).restore("A12.1")


def test_the_last_point_stays(session: Session, cast: Cast) -> None:
    for ref in ("A12.1", "A12.2", "A12.3", "A12.4"):
        edit(session, cast).retire(ref)
    with pytest.raises(Refused, match=r"A12\.5 is the only point left"):
        edit(session, cast).retire("A12.5")


def test_the_order_changes_and_refs_do_not(session: Session, cast: Cast) -> None:
    edit(session, cast).order(["A12.3", "A12.1", "A12.2", "A12.4", "A12.5"])
    assert refs(session) == ["A12.3", "A12.1", "A12.2", "A12.4", "A12.5"]
    with pytest.raises(ChangedMeanwhile):
        edit(session, cast).order(["A12.3", "A12.1"])


def test_who_read_another_text_changes_nothing(session: Session, cast: Cast) -> None:
    for change in (
        lambda editor: editor.reword("A12.1", "Mine", "What stood before"),
        lambda editor: editor.split("A12.1", ["Mine", "And mine"], "What stood before"),
        lambda editor: editor.merge(["A12.1", "A12.2"], "Mine", "What stood before"),
    ):
        with pytest.raises(ChangedMeanwhile):
            change(edit(session, cast))


def test_incomplete_forms_are_explained(session: Session, cast: Cast) -> None:
    for change in (
        lambda editor: editor.add("  "),
        lambda editor: editor.reword("A12.1", " "),
        lambda editor: editor.replace("A12.1", people.point(session).text),
        lambda editor: editor.split("A12.1", ["Only one", " "]),
        lambda editor: editor.merge(["A12.1"], "One"),
        lambda editor: editor.merge(["A12.1", "A12.99"], "One and none"),
    ):
        with pytest.raises(ValidationFailed):
            change(edit(session, cast))


@pytest.mark.parametrize("by", ["focal_point", "validating_officer", "lead", "registrar", "administrator"])
def test_nobody_but_the_coordinator_changes_points(session: Session, cast: Cast, by: str) -> None:
    with pytest.raises(NotAllowed):
        edit(session, cast, by)


def test_a_closed_review_is_not_edited(session: Session, cast: Cast) -> None:
    people.recommendation(session).review.closed_at = NOW
    session.flush()
    with pytest.raises(ReviewClosed):
        edit(session, cast)


@pytest.mark.usefixtures("said")
def test_a_recommendation_is_retired_with_its_points_and_restored_with_them(
    session: Session, cast: Cast
) -> None:
    PointEditor(session, cast["coordinator"], people.recommendation(session), NOW).retire("A12.5")
    before, review = stored(session), people.recommendation(session).review_id
    figures = get_figures(session, SYSTEM, review)
    retire_recommendation(
        session, cast["coordinator"], people.recommendation(session), " Printed twice ", LATER
    )
    check_levels(session)
    left = get_figures(session, SYSTEM, review)
    assert (left.recommendations, left.total) == (figures.recommendations - 1, figures.total - 4)
    assert left.retired == figures.retired + 4
    assert [ref for ref, _ in left.retired_recommendations] == ["A12"]
    assert sum(heading.recommendations for heading in left.headings) == left.recommendations
    assert last_line(session).after == {"reason": "Printed twice"}
    with pytest.raises(Refused, match="restore it before"):
        edit(session, cast)
    restore_recommendation(session, cast["coordinator"], people.recommendation(session), LATER)
    assert stored(session) == before
    assert refs(session) == ["A12.1", "A12.2", "A12.3", "A12.4"]
    assert people.recommendation(session).retired_reason == ""


def test_it_is_retired_for_a_reason_and_once(session: Session, cast: Cast) -> None:
    own = people.recommendation(session)
    with pytest.raises(ValidationFailed):
        retire_recommendation(session, cast["coordinator"], own, " ", LATER)
    with pytest.raises(Refused):
        restore_recommendation(session, cast["coordinator"], own, LATER)
    retire_recommendation(session, cast["coordinator"], own, "Printed twice", LATER)
    with pytest.raises(Refused):
        retire_recommendation(session, cast["coordinator"], own, "Printed twice", LATER)
    with pytest.raises(Retired):
        publish_assessment(
            session, cast["lead"], people.recommendation(session), None, GOOD_ASSESSMENT, LATER
        )
