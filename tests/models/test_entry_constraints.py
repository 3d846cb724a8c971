"""Updates and assessments are whole or not there: the database refuses what lies between, on both kinds."""

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests import cast as people
from tests.cast import NOW, TODAY, Cast
from tests.models.refusals import insert, refused
from tracker.database import Database
from tracker.models.assessments import Assessment
from tracker.models.levels import Level, Voice
from tracker.models.updates import ProgressUpdate, UpdateState


def update_row(session: Session, cast: Cast, **values: Any) -> ProgressUpdate:
    given = {
        "action_point_id": people.point(session).id,
        "organisation_id": cast["focal_point"].organisation_id,
        "author_id": cast["focal_point"].account_id,
        "state": UpdateState.SUBMITTED,
        "level": Level.PLANNED,
        "reason": "A draft law is tabled.",
        "done": "The draft was tabled.",
        "obstacles": "",
        "support_needed": "",
        "next_step": "",
        "source_link": "",
        "language": "en",
        "recorded_at": NOW,
    }
    return ProgressUpdate(**{**given, **values})


PUBLISHED: dict[str, Any] = {"state": UpdateState.PUBLISHED, "published_at": NOW, "led": True}


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": UpdateState.PUBLISHED, "led": True}, "published_when"),
        ({"published_at": NOW}, "published_when"),
        ({"state": UpdateState.PUBLISHED, "published_at": NOW}, "led_when_published"),
        ({"led": False}, "led_when_published"),
        ({"reason": ""}, "reason_given"),
        ({**PUBLISHED, "reason": ""}, "reason_given"),
        ({"level": Level.FULLY_IMPLEMENTED}, "evidence_given"),
    ],
)
def test_an_update_that_is_not_whole_is_refused(
    session: Session, cast: Cast, values: dict[str, Any], constraint: str
) -> None:
    refused(session, update_row(session, cast, **values), f"ck_progress_updates_{constraint}")


@pytest.mark.parametrize(
    "values",
    [
        PUBLISHED,
        {"state": UpdateState.DRAFT, "reason": "", "level": Level.FULLY_IMPLEMENTED},
        {"level": Level.FULLY_IMPLEMENTED, "source_link": "https://example.org/law"},
        {**PUBLISHED, "level": None, "led": False},
    ],
)
def test_a_whole_update_or_a_bare_draft_is_taken(
    session: Session, cast: Cast, values: dict[str, Any]
) -> None:
    session.add(update_row(session, cast, **values))
    session.flush()
    assert session.scalar(select(func.count()).select_from(ProgressUpdate)) == 1


def assessment_row(session: Session, cast: Cast, **values: Any) -> Assessment:
    point = people.point(session)
    given = {
        "recommendation_id": point.recommendation_id,
        "action_point_id": point.id,
        "organisation_id": cast["lead"].organisation_id,
        "voice": Voice.CIVIL_SOCIETY,
        "level": Level.NOT_IMPLEMENTED,
        "reason": "Nothing was seen.",
        "narrative": "We asked three times.",
        "source_link": "",
        "language": "en",
        "published_at": NOW,
        "withdrawn_on": None,
    }
    return Assessment(**{**given, **values})


PURGED: dict[str, Any] = {
    "organisation_id": None,
    "voice": None,
    "level": None,
    "reason": "",
    "narrative": "",
    "source_link": "",
    "language": "",
    "published_at": None,
    "withdrawn_on": TODAY,
}


@pytest.mark.parametrize(
    "values",
    [
        {"withdrawn_on": TODAY},
        {"published_at": None},
        {"reason": ""},
        {"narrative": ""},
        {"language": ""},
        {"organisation_id": None},
        {"voice": None},
        {"level": None},
        *({**PURGED, name: value} for name, value in (
            ("voice", Voice.CIVIL_SOCIETY),
            ("level", Level.PLANNED),
            ("reason", "left over"),
            ("narrative", "left over"),
            ("source_link", "https://example.net"),
            ("language", "ru"),
            ("published_at", NOW),
        )),
    ],
)  # fmt: skip
def test_an_assessment_is_whole_or_purged_and_nothing_between(
    session: Session, cast: Cast, values: dict[str, Any]
) -> None:
    refused(session, assessment_row(session, cast, **values), "ck_assessments_published_or_purged")


def test_a_tombstone_never_keeps_its_organisation(session: Session, cast: Cast) -> None:
    named = {**PURGED, "organisation_id": cast["lead"].organisation_id}
    refused(session, assessment_row(session, cast, **named), "ck_assessments_published_or_purged")
    session.add(assessment_row(session, cast, **PURGED))
    session.flush()


SECOND = {
    "second_language": "ru",
    "second_reason": "Ничего не видно.",
    "second_narrative": "Мы спросили трижды.",
}


@pytest.mark.parametrize(
    "values",
    [
        *({name: value} for name, value in SECOND.items()),
        *({**SECOND, name: None} for name in SECOND),
        *({**SECOND, name: ""} for name in SECOND),
        {**SECOND, "second_language": "en"},
        {**PURGED, **SECOND},
    ],
)
def test_a_second_text_is_whole_and_in_another_language_or_not_there(
    session: Session, cast: Cast, values: dict[str, Any]
) -> None:
    refused(session, assessment_row(session, cast, **values), "ck_assessments_second_text")


def test_an_assessment_with_two_texts_is_taken(session: Session, cast: Cast) -> None:
    session.add(assessment_row(session, cast, **SECOND))
    session.flush()


def test_the_state_makes_no_assessment(session: Session, cast: Cast) -> None:
    refused(session, assessment_row(session, cast, voice=Voice.STATE), "ck_assessments_independent")


def test_a_code_outside_the_vocabulary_is_refused(session: Session, cast: Cast) -> None:
    made = people.make_update(session, cast, UpdateState.DRAFT)
    with pytest.raises(StatementError), session.begin_nested():
        session.execute(update(ProgressUpdate).values(state="archived"))
    assert session.scalar(select(ProgressUpdate.state).where(ProgressUpdate.id == made.id)) == "draft"


def test_a_reference_points_somewhere(session: Session, cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        insert(session, update_row(session, cast, action_point_id=0))


def test_two_who_save_the_same_draft_do_not_overwrite_each_other(
    session: Session, database: Database, cast: Cast
) -> None:
    made = people.make_update(session, cast, UpdateState.DRAFT)
    session.expire_on_commit = False
    session.commit()
    key, mine = made.id, made
    with database.transaction() as other:
        other.get_one(ProgressUpdate, key).done = "What the colleague wrote."
    mine.done = "What I wrote."  # still on the version that was read before
    with pytest.raises(StaleDataError):
        session.flush()
    session.rollback()
    assert session.get_one(ProgressUpdate, key).done == "What the colleague wrote."
