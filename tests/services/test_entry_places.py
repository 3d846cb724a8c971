"""An entry is made on what its author has read, and only where entries are taken: every service that makes one or
takes it a step further asks for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, NOW, Cast, make_update
from tracker.failures import Retired, Reworded
from tracker.models.evidence import Visibility
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM
from tracker.queries.recommendations.recommendation import get_any_action_point
from tracker.services.assessments import publish_assessment
from tracker.services.entry_places import digest_of
from tracker.services.evidence.attachments import Limits, Upload, attach_to_update, remove_from_update
from tracker.services.recommendations.points import PointEditor
from tracker.services.recommendations.standing import retire_recommendation
from tracker.services.updates import workflow
from tracker.services.updates.carrying import carry_update

pytestmark = pytest.mark.database
LATER = NOW + timedelta(days=3)
STATES = {
    "A12.1": UpdateState.DRAFT,
    "A12.2": UpdateState.SUBMITTED,
    "A12.3": UpdateState.VALIDATED,
    "A12.4": UpdateState.SUBMITTED,
}


def retire_points(session: Session, cast: Cast) -> None:
    editor = PointEditor(session, cast["coordinator"], people.recommendation(session), LATER)
    editor.add("Another thing")
    for number in range(1, 6):
        editor.retire(f"A12.{number}")


def retire_whole(session: Session, cast: Cast) -> None:
    whole = people.recommendation(session)
    retire_recommendation(session, cast["coordinator"], whole, "Printed twice", LATER)


@pytest.fixture
def updates(session: Session, cast: Cast) -> dict[str, ProgressUpdate]:
    return {ref: make_update(session, cast, state, ref) for ref, state in STATES.items()}


@pytest.mark.parametrize("retire", [retire_points, retire_whole])
def test_what_is_retired_takes_nothing_and_gives_everything_back(
    session: Session, cast: Cast, updates: dict[str, ProgressUpdate], retire: Callable[[Session, Cast], None]
) -> None:
    draft, submitted, validated, other = (updates[ref] for ref in STATES)
    ministry = session.get_one(Organisation, cast["focal_point"].organisation_id)
    writer, officer, coordinator = cast["focal_point"], cast["validating_officer"], cast["coordinator"]
    upload, confidential = [Upload("a.csv", b"a,b\n1,2\n")], Visibility.CONFIDENTIAL
    limits = Limits(10_000, 100_000)
    attach_to_update(session, writer, draft, upload, confidential, limits, NOW)
    retire(session, cast)
    session.flush()
    silent = get_any_action_point(session, SYSTEM, people.REVIEW, "A12.5")
    whole = silent.recommendation
    before = {ref: (each.state, each.version, each.has_files) for ref, each in updates.items()}
    for verb in (
        lambda: workflow.write_update(session, writer, silent, GOOD_UPDATE, LATER),
        lambda: carry_update(session, coordinator, ministry, silent, GOOD_UPDATE, LATER),
        lambda: workflow.change_update(session, writer, draft, draft.version, GOOD_UPDATE, LATER),
        lambda: attach_to_update(session, writer, draft, upload, confidential, limits, LATER),
        lambda: remove_from_update(session, writer, draft, [draft.id], LATER),
        lambda: workflow.submit_update(session, writer, draft, LATER),
        lambda: workflow.validate_update(session, officer, submitted, LATER),
        lambda: workflow.publish_update(session, coordinator, validated, LATER),
        lambda: publish_assessment(session, cast["lead"], whole, silent, GOOD_ASSESSMENT, LATER),
    ):
        with pytest.raises(Retired):
            verb()
    session.flush()
    assert {ref: (each.state, each.version, each.has_files) for ref, each in updates.items()} == before
    workflow.recall_update(session, writer, submitted, LATER)
    workflow.return_update(session, officer, other, "For another point.", LATER)
    workflow.discard_update(session, writer, draft, LATER)


@pytest.mark.parametrize("change", ["reword", "split", "merge"])
def test_a_point_that_was_changed_is_read_again_first(
    session: Session, cast: Cast, updates: dict[str, ProgressUpdate], change: str
) -> None:
    draft, point = updates["A12.1"], people.point(session)
    seen = digest_of(point.text)
    editor = PointEditor(session, cast["coordinator"], point.recommendation, LATER)
    if change == "reword":
        editor.reword("A12.1", "The new text")
    elif change == "split":
        editor.split("A12.1", ["The new text", "The rest"])
    else:
        editor.merge(["A12.1", "A12.5"], "The new text")
    session.flush()
    with pytest.raises(Reworded) as refused:
        workflow.submit_update(session, cast["focal_point"], draft, LATER, seen=seen)
    assert refused.value.text == "The new text"
    with pytest.raises(Reworded):
        publish_assessment(
            session, cast["lead"], point.recommendation, point, GOOD_ASSESSMENT, LATER, seen=seen
        )
    point, seen = people.point(session), digest_of("The new text")
    workflow.submit_update(session, cast["focal_point"], draft, LATER, seen=seen)
    publish_assessment(session, cast["lead"], point.recommendation, point, GOOD_ASSESSMENT, LATER, seen=seen)


def test_of_a_whole_recommendation_its_own_text_is_read(session: Session, cast: Cast) -> None:
    whole = people.recommendation(session)
    seen = digest_of(whole.text)
    PointEditor(session, cast["coordinator"], whole, NOW).reword("A12.1", "The new text of a point")
    whole = people.recommendation(session)
    publish_assessment(session, cast["lead"], whole, None, GOOD_ASSESSMENT, LATER, seen=seen)
    whole = people.recommendation(session)
    whole.text = "The text as it is printed"
    session.flush()
    with pytest.raises(Reworded):
        publish_assessment(session, cast["lead"], whole, None, GOOD_ASSESSMENT, LATER, seen=seen)
