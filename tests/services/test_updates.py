"""The work flow of updates: each step, each refusal (nothing changes), what is fixed and what is written down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_UPDATE, NOW, Cast, make_update, point
from tests.services import refusals
from tracker.failures import (
    AlreadyPublished,
    ChangedMeanwhile,
    Failure,
    NotAllowed,
    NotFound,
    NotInState,
    ValidationFailed,
)
from tracker.history.sentences import sentence_of
from tracker.models.assignments import AssignmentKind
from tracker.models.history import HistoryLine
from tracker.models.levels import Level
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import SYSTEM, Actor
from tracker.services import assignments
from tracker.services.updates import workflow as updates
from tracker.services.updates.stored_rows import store

DRAFT, SUBMITTED, RETURNED = UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED
VALIDATED, PUBLISHED = UpdateState.VALIDATED, UpdateState.PUBLISHED
Verb = Callable[[Session, Actor, ProgressUpdate], object]

VERBS: dict[str, Verb] = {
    "change": lambda session, actor, update: updates.change_update(
        session, actor, update, update.version, replace(GOOD_UPDATE, done="Something else."), NOW
    ),
    "submit": lambda session, actor, update: updates.submit_update(session, actor, update, NOW),
    "recall": lambda session, actor, update: updates.recall_update(session, actor, update, NOW),
    "validate": lambda session, actor, update: updates.validate_update(session, actor, update, NOW),
    "return": lambda session, actor, update: updates.return_update(session, actor, update, "Which?", NOW),
    "publish": lambda session, actor, update: updates.publish_update(session, actor, update, NOW),
    "discard": lambda session, actor, update: updates.discard_update(session, actor, update, NOW),
}
STEPS = {
    "change": ("focal_point", {DRAFT: DRAFT, RETURNED: RETURNED}),
    "submit": ("focal_point", {DRAFT: SUBMITTED, RETURNED: SUBMITTED}),
    "recall": ("focal_point", {SUBMITTED: DRAFT}),
    "validate": ("validating_officer", {SUBMITTED: VALIDATED}),
    "return": ("validating_officer", {SUBMITTED: RETURNED, VALIDATED: RETURNED}),
    "publish": ("coordinator", {VALIDATED: PUBLISHED}),
}


def refused(session: Session, failure: type[Failure], action: Callable[[], object]) -> Failure:
    return refusals.refused(session, ProgressUpdate, failure, action)


def lines(session: Session, update: ProgressUpdate) -> list[HistoryLine]:
    session.flush()
    found = select(HistoryLine).where(HistoryLine.subject == f"update {update.id}")
    return list(session.scalars(found.order_by(HistoryLine.id)))


def assign(session: Session, key: str, kind: AssignmentKind, on: date = people.TODAY) -> None:
    organisation = session.scalars(select(Organisation).where(Organisation.key == key)).one()
    recommendation = people.recommendation(session)
    assignments.assign(session, SYSTEM, recommendation, organisation, kind, on, NOW)
    session.flush()


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", UpdateState)
def test_each_step_leads_where_the_work_flow_says_and_nowhere_else(
    session: Session, cast: Cast, verb: str, state: UpdateState
) -> None:
    who, leads = STEPS[verb]
    update = make_update(session, cast, state)
    if state in leads:
        VERBS[verb](session, cast[who], update)
        assert update.state == leads[state]
    elif state == PUBLISHED:
        failure = refused(session, AlreadyPublished, lambda: VERBS[verb](session, cast[who], update))
        assert isinstance(failure, AlreadyPublished)
        assert failure.at == NOW
    else:
        refused(session, NotInState, lambda: VERBS[verb](session, cast[who], update))


@pytest.mark.parametrize("verb", [*VERBS])
@pytest.mark.parametrize("who", ["other_focal_point", "lead", "contributor", "administrator", "visitor"])
def test_a_stranger_takes_no_step(session: Session, cast: Cast, verb: str, who: str) -> None:
    states = {"recall": SUBMITTED, "validate": SUBMITTED, "return": VALIDATED, "publish": VALIDATED}
    update = make_update(session, cast, states.get(verb, DRAFT))
    refused(session, NotAllowed, lambda: VERBS[verb](session, cast[who], update))


@pytest.mark.parametrize(("verb", "failure"), [("validate", NotAllowed), ("publish", NotInState)])
def test_the_coordinator_does_not_pass_over_the_officer_of_the_ministry(
    session: Session, cast: Cast, verb: str, failure: type[Failure]
) -> None:
    update = make_update(session, cast, SUBMITTED)
    refused(session, failure, lambda: VERBS[verb](session, cast["coordinator"], update))


def test_an_assignment_of_the_same_transaction_counts(session: Session, cast: Cast) -> None:
    update = make_update(session, cast, VALIDATED)
    found = people.recommendation(session)
    for key in ("ministry-b", "ministry-a"):
        organisation = session.scalars(select(Organisation).where(Organisation.key == key)).one()
        assignments.assign(session, SYSTEM, found, organisation, AssignmentKind.LEAD, people.TODAY, NOW)
    updates.publish_update(session, cast["coordinator"], update, NOW)
    assert (update.led, update.level) == (True, GOOD_UPDATE.level)


def test_what_moved_on_since_it_was_read_is_not_published(session: Session, cast: Cast) -> None:
    """The last guard, below the lock of the row: somebody wrote it without anybody's leave."""
    update = make_update(session, cast, VALIDATED)
    session.flush()
    session.connection().exec_driver_sql("UPDATE progress_updates SET version = version + 1")
    with pytest.raises(ChangedMeanwhile):
        updates.publish_update(session, cast["coordinator"], update, NOW)
    stored = session.connection().exec_driver_sql("SELECT state, published_at, led FROM progress_updates")
    assert stored.all() == [("validated", None, None)]
    assert "publish_update" not in {line.verb for line in lines(session, update)}


@pytest.mark.parametrize(
    ("verb", "who", "state"),
    [
        ("change", "focal_point", DRAFT),
        ("submit", "focal_point", DRAFT),
        ("discard", "focal_point", DRAFT),
        ("recall", "focal_point", SUBMITTED),
        ("validate", "validating_officer", SUBMITTED),
        ("return", "validating_officer", SUBMITTED),
        ("publish", "coordinator", VALIDATED),
    ],
)
def test_no_step_overwrites_a_row_that_was_written_since_it_was_read(
    session: Session, cast: Cast, verb: str, who: str, state: UpdateState
) -> None:
    """Below the lock of the row: the version column refuses it, and the failure has what is stored now."""
    update = make_update(session, cast, state)
    session.flush()
    session.connection().exec_driver_sql(
        "UPDATE progress_updates SET version = version + 1, done = 'Theirs.'"
    )
    with pytest.raises(ChangedMeanwhile) as refusal:
        VERBS[verb](session, cast[who], update)
    assert refusal.value.theirs == replace(GOOD_UPDATE, done="Theirs.")
    stored = session.connection().exec_driver_sql("SELECT state, done FROM progress_updates")
    assert stored.all() == [(state.value, "Theirs.")]


def test_of_a_draft_that_is_gone_nothing_is_stored(session: Session, cast: Cast) -> None:
    update = make_update(session, cast, DRAFT)
    session.flush()
    session.connection().exec_driver_sql("DELETE FROM progress_updates")
    with pytest.raises(NotFound):
        store(session, update, done="Mine.")


def test_where_there_is_no_officer_the_coordinator_publishes_in_one_step(
    session: Session, cast: Cast
) -> None:
    author = cast["other_focal_point"]
    update = updates.write_update(session, author, point(session, "A24.1"), GOOD_UPDATE, NOW)
    updates.submit_update(session, author, update, NOW)
    updates.publish_update(session, cast["coordinator"], update, NOW)
    assert (update.state, update.led, update.validated_at) == (PUBLISHED, True, NOW)
    assert [line.verb for line in lines(session, update)][-2:] == ["validate_update", "publish_update"]


def test_nobody_writes_on_what_the_ministry_is_not_assigned_to(session: Session, cast: Cast) -> None:
    others = ("validating_officer", "coordinator", "lead", "visitor")
    for who, ref in (("focal_point", "A24.1"), *((who, "A12.1") for who in others)):
        found = point(session, ref)
        refused(
            session,
            NotAllowed,
            lambda who=who, found=found: updates.write_update(session, cast[who], found, GOOD_UPDATE, NOW),
        )


@pytest.mark.parametrize("verb", ["change", "submit"])
def test_a_ministry_that_is_no_longer_assigned_neither_changes_nor_submits(
    session: Session, cast: Cast, verb: str
) -> None:
    update = make_update(session, cast, DRAFT)
    assign(session, "ministry-b", AssignmentKind.LEAD)
    refused(session, NotAllowed, lambda: VERBS[verb](session, cast["focal_point"], update))
    updates.discard_update(session, cast["focal_point"], update, NOW)
    session.flush()
    assert session.get(ProgressUpdate, update.id) is None


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"level": None}, {"level"}),
        ({"reason": "  "}, {"reason"}),
        ({"done": ""}, {"done"}),
        ({"as_of_on": None}, {"as_of_on"}),
        ({"as_of_on": date(2026, 11, 24)}, {"as_of_on"}),
        ({"level": Level.FULLY_IMPLEMENTED, "source_link": " "}, {"source_link"}),
        ({"level": None, "reason": "", "done": ""}, {"level", "reason", "done"}),
    ],
)
def test_an_incomplete_update_stays_a_draft(
    session: Session, cast: Cast, values: dict[str, object], fields: set[str]
) -> None:
    text = replace(GOOD_UPDATE, **values)  # type: ignore[arg-type]
    update = make_update(session, cast, DRAFT, text=text)
    failure = refused(
        session, ValidationFailed, lambda: VERBS["submit"](session, cast["focal_point"], update)
    )
    assert isinstance(failure, ValidationFailed)
    assert set(failure.sentences) == fields


def test_an_update_is_returned_with_a_comment_or_not_at_all(session: Session, cast: Cast) -> None:
    update, officer = make_update(session, cast, VALIDATED), cast["validating_officer"]
    failure = refused(
        session, ValidationFailed, lambda: updates.return_update(session, officer, update, " \n", NOW)
    )
    assert isinstance(failure, ValidationFailed)
    assert set(failure.sentences) == {"comment"}
    updates.return_update(session, officer, update, "  Name the region. ", NOW)
    assert (update.comment, update.validated_at) == ("Name the region.", None)
    updates.submit_update(session, cast["alternate"], update, NOW)
    assert (update.comment, update.submitted_at) == ("", NOW)
    # The history keeps why it came back
    assert [line.after for line in lines(session, update) if line.verb == "return_update"] == [
        {"state": "returned", "comment": "Name the region."}
    ]


def test_an_older_version_never_overwrites_a_newer_one(session: Session, cast: Cast) -> None:
    update = make_update(session, cast, DRAFT)
    read_at = update.version
    theirs = replace(GOOD_UPDATE, done="What the alternate wrote.")
    updates.change_update(session, cast["alternate"], update, read_at, theirs, NOW)
    session.flush()
    mine = replace(GOOD_UPDATE, done="What the focal point wrote.")
    failure = refused(
        session,
        ChangedMeanwhile,
        lambda: updates.change_update(session, cast["focal_point"], update, read_at, mine, NOW),
    )
    assert isinstance(failure, ChangedMeanwhile)
    assert failure.theirs == theirs


def test_whether_the_ministry_led_is_fixed_at_publication(session: Session, cast: Cast) -> None:
    led = make_update(session, cast, PUBLISHED)
    waiting = make_update(session, cast, VALIDATED)
    assign(session, "ministry-b", AssignmentKind.LEAD)
    assign(session, "ministry-a", AssignmentKind.SUPPORTING)
    updates.publish_update(session, cast["coordinator"], waiting, NOW)
    assert (led.led, waiting.led) == (True, False)


@pytest.mark.parametrize("state", [DRAFT, RETURNED])
def test_who_led_when_it_was_written_and_only_supports_now_submits_no_level(
    session: Session, cast: Cast, state: UpdateState
) -> None:
    update = make_update(session, cast, state)
    assert update.level == GOOD_UPDATE.level
    assign(session, "ministry-b", AssignmentKind.LEAD)
    assign(session, "ministry-a", AssignmentKind.SUPPORTING)
    updates.submit_update(session, cast["focal_point"], update, NOW)
    session.flush()
    session.refresh(update)
    assert (update.state, update.level) == (SUBMITTED, None)


def test_a_supporting_ministry_gives_no_level(session: Session, cast: Cast) -> None:
    supporter = cast["other_focal_point"]
    update = updates.write_update(session, supporter, point(session), GOOD_UPDATE, NOW)
    assert update.level is None
    updates.change_update(session, supporter, update, update.version, GOOD_UPDATE, NOW)
    assert update.level is None
    updates.submit_update(session, supporter, update, NOW)
    updates.publish_update(session, cast["coordinator"], update, NOW)
    assert update.led is False


def test_every_action_writes_a_line_that_says_who_what_when(session: Session, cast: Cast) -> None:
    update = make_update(session, cast, RETURNED)
    changed = replace(GOOD_UPDATE, done="Twelve officers.", next_step_on=date(2027, 4, 1))
    later = NOW + timedelta(days=1)
    updates.change_update(session, cast["alternate"], update, update.version, changed, later)
    updates.submit_update(session, cast["focal_point"], update, later)
    found = [(line.verb, sentence_of(line)) for line in lines(session, update)]
    assert found == [
        ("write_update", "focal_point wrote a draft"),
        ("submit_update", "focal_point submitted the update"),
        ("return_update", "validating_officer returned the update"),
        ("change_update", "alternate changed the draft"),
        ("submit_update", "focal_point submitted the update"),
    ]
    change = lines(session, update)[3]
    assert (change.at, change.account_id) == (later, cast["alternate"].account_id)
    assert change.before is not None
    assert change.after is not None
    different = {name for name in change.after if change.before[name] != change.after[name]}
    assert different == {"done", "next_step_on"}
    assert (change.before["done"], change.after["done"]) == (GOOD_UPDATE.done, "Twelve officers.")
    assert (change.before["next_step_on"], change.after["next_step_on"]) == ("2027-03-31", "2027-04-01")
    assert (lines(session, update)[4].before, lines(session, update)[4].after) == (
        {"state": "returned"},
        {"state": "submitted"},
    )


def test_saving_without_a_change_writes_no_line(session: Session, cast: Cast) -> None:
    update = make_update(session, cast, DRAFT)
    updates.change_update(session, cast["focal_point"], update, update.version, GOOD_UPDATE, NOW)
    assert [line.verb for line in lines(session, update)] == ["write_update"]


def test_a_discarded_draft_leaves_a_line_without_its_text(session: Session, cast: Cast) -> None:
    update = make_update(session, cast, DRAFT)
    updates.discard_update(session, cast["focal_point"], update, NOW)
    session.flush()
    assert session.get(ProgressUpdate, update.id) is None
    line = lines(session, update)[-1]
    assert (line.verb, line.before, line.after) == ("discard_update", None, None)


def test_what_was_submitted_once_is_not_discarded(session: Session, cast: Cast) -> None:
    update = make_update(session, cast, RETURNED)
    failure = refused(session, NotInState, lambda: VERBS["discard"](session, cast["focal_point"], update))
    assert isinstance(failure, NotInState)
    assert (failure.step, failure.state) == ("discard", "returned")


@pytest.mark.parametrize("name", ["as_of_on", "next_step_on"])
@pytest.mark.parametrize("day", [date(206, 11, 30), date(1989, 12, 31), date(2041, 11, 23)])
def test_no_door_takes_a_day_that_can_hardly_be_meant(
    session: Session, cast: Cast, name: str, day: date
) -> None:
    author, text = cast["focal_point"], replace(GOOD_UPDATE, **{name: day})
    write = refused(
        session, ValidationFailed, lambda: updates.write_update(session, author, point(session), text, NOW)
    )
    assert set(write.sentences) == {name}
    update = make_update(session, cast, DRAFT)
    refused(
        session,
        ValidationFailed,
        lambda: updates.change_update(session, author, update, update.version, text, NOW),
    )
    # One that an older version stored goes no further
    setattr(update, name, day)
    session.flush()
    submit = refused(session, ValidationFailed, lambda: updates.submit_update(session, author, update, NOW))
    assert set(submit.sentences) == {name}
