"""Assessments: published for the own organisation, withdrawn for good, never with a line of history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, NOW, TODAY, Cast, make_assessment, point
from tests.services import refusals
from tracker.failures import Failure, NotAllowed, ValidationFailed
from tracker.language import speaking
from tracker.models.assessments import Assessment
from tracker.models.history import HistoryLine
from tracker.models.levels import Level, Voice
from tracker.models.reviews import Review
from tracker.services.assessments import publish_assessment, withdraw_assessment

TEXTS = ("reason", "narrative", "source_link", "language")
SECOND = {
    "second_language": "ru",
    "second_reason": "Ни одна жалоба не дошла до суда.",
    "second_narrative": "Ни одна из четырнадцати жалоб, за которыми мы следили, не дошла до суда.",
}


def refused(session: Session, failure: type[Failure], action: Callable[[], object]) -> Failure:
    return refusals.refused(session, Assessment, failure, action)


@pytest.mark.parametrize(
    ("by", "voice"),
    [
        ("lead", Voice.CIVIL_SOCIETY),
        ("contributor", Voice.CIVIL_SOCIETY),
        ("ombudsperson", Voice.NHRI),
    ],
)
def test_an_organisation_publishes_in_its_voice(session: Session, cast: Cast, by: str, voice: Voice) -> None:
    made = make_assessment(session, cast, by=by)
    assert (made.voice, made.organisation_id) == (voice, cast[by].organisation_id)
    assert (made.level, made.published_at, made.withdrawn_on) == (Level.NOT_IMPLEMENTED, NOW, None)
    assert [getattr(made, name) for name in TEXTS] == [getattr(GOOD_ASSESSMENT, name) for name in TEXTS]


@pytest.mark.parametrize(
    "who",
    [
        "focal_point",
        "alternate",
        "validating_officer",
        "coordinator",
        "administrator",
        "registrar",
        "visitor",
        "silent_contributor",
    ],
)
def test_neither_the_state_nor_somebody_without_the_right_publishes(
    session: Session, cast: Cast, who: str
) -> None:
    refused(session, NotAllowed, lambda: make_assessment(session, cast, by=who))


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"level": None}, {"level"}),
        ({"reason": " "}, {"reason"}),
        ({"narrative": "\n"}, {"narrative"}),
        ({"level": Level.FULLY_IMPLEMENTED, "source_link": ""}, {"source_link"}),
        ({"level": None, "reason": "", "narrative": ""}, {"level", "reason", "narrative"}),
        ({**SECOND, "second_reason": " "}, {"second_reason"}),
        ({**SECOND, "second_narrative": ""}, {"second_narrative"}),
        ({**SECOND, "second_language": "en"}, {"second_language"}),
    ],
)
def test_an_incomplete_assessment_is_not_stored_at_all(
    session: Session, cast: Cast, values: dict[str, object], fields: set[str]
) -> None:
    text = replace(GOOD_ASSESSMENT, **values)  # type: ignore[arg-type]
    failure = refused(session, ValidationFailed, lambda: make_assessment(session, cast, text=text))
    assert isinstance(failure, ValidationFailed)
    assert set(failure.sentences) == fields


def test_a_withdrawal_leaves_the_day_and_the_place_and_nothing_else(session: Session, cast: Cast) -> None:
    made = make_assessment(session, cast)
    key, place = made.id, (made.recommendation_id, made.action_point_id)
    assert withdraw_assessment(session, cast["contributor"], made, TODAY) == 1
    session.flush()
    row = session.execute(select(*Assessment.__table__.columns).where(Assessment.id == key)).one()._mapping
    left = {name for name, value in row.items() if value not in (None, "")}
    assert left == {"id", "recommendation_id", "action_point_id", "withdrawn_on"}
    assert (row["recommendation_id"], row["action_point_id"]) == place
    assert row["withdrawn_on"] == TODAY


@pytest.mark.parametrize(
    "who",
    ["coordinator", "focal_point", "administrator", "other_lead", "ombudsperson", "registrar", "visitor"],
)
def test_only_the_organisation_itself_withdraws(session: Session, cast: Cast, who: str) -> None:
    made = make_assessment(session, cast)
    refused(session, NotAllowed, lambda: withdraw_assessment(session, cast[who], made, TODAY))


def test_what_is_withdrawn_is_not_withdrawn_again(session: Session, cast: Cast) -> None:
    made = make_assessment(session, cast)
    withdraw_assessment(session, cast["lead"], made, TODAY)
    later = TODAY + timedelta(days=9)
    refused(session, NotAllowed, lambda: withdraw_assessment(session, cast["lead"], made, later))


def test_withdrawing_the_newest_withdraws_what_it_superseded_on_that_point_alone(
    session: Session, cast: Cast
) -> None:
    """Given two on a point, one on another, one on the whole and one of somebody else."""
    day = timedelta(days=1)
    older = make_assessment(session, cast, now=NOW - 3 * day)
    newest = make_assessment(session, cast, now=NOW - day)
    whole = publish_assessment(
        session, cast["lead"], people.recommendation(session), None, GOOD_ASSESSMENT, NOW
    )
    others = [
        make_assessment(session, cast, ref="A12.2", now=NOW - 2 * day),
        make_assessment(session, cast, by="other_lead", now=NOW - 2 * day),
        whole,
    ]
    assert withdraw_assessment(session, cast["lead"], newest, TODAY) == 2
    assert (older.withdrawn_on, newest.withdrawn_on) == (TODAY, TODAY)
    assert [other.withdrawn_on for other in others] == [None, None, None]
    assert withdraw_assessment(session, cast["lead"], whole, TODAY) == 1


def test_withdrawing_an_older_one_leaves_the_newest(session: Session, cast: Cast) -> None:
    older = make_assessment(session, cast, now=NOW - timedelta(days=3))
    newest = make_assessment(session, cast)
    assert withdraw_assessment(session, cast["lead"], older, TODAY) == 1
    assert newest.withdrawn_on is None


def test_no_action_of_an_independent_account_writes_a_line(session: Session, cast: Cast) -> None:
    before = session.scalar(select(func.count()).select_from(HistoryLine))
    for by in ("lead", "contributor", "ombudsperson"):
        made = make_assessment(session, cast, by=by)
        withdraw_assessment(session, cast[by], made, TODAY)
    session.flush()
    assert session.scalar(select(func.count()).select_from(HistoryLine)) == before


def test_publishing_and_withdrawing_move_the_version_of_the_figures(session: Session, cast: Cast) -> None:
    def version() -> int:
        session.flush()
        return session.scalars(select(Review.figures_version).where(Review.code == people.REVIEW)).one()

    start = version()
    whole = publish_assessment(
        session, cast["lead"], point(session).recommendation, None, GOOD_ASSESSMENT, NOW
    )
    published = version()
    withdraw_assessment(session, cast["lead"], whole, TODAY)
    assert start < published < version()


def test_one_entry_says_the_same_in_two_languages_and_both_are_purged(session: Session, cast: Cast) -> None:
    # Given an assessment in English and in Russian
    made = make_assessment(session, cast, text=replace(GOOD_ASSESSMENT, **SECOND))  # type: ignore[arg-type]
    first, second = (GOOD_ASSESSMENT.reason, SECOND["second_reason"])
    # Then the text in the reader's language comes first, and the first one where there is none in it
    for language, reasons in (("en", [first, second]), ("ru", [second, first]), ("ky", [first, second])):
        with speaking(language):
            assert [each.reason for each in made.texts] == reasons
    assert session.scalar(select(func.count()).select_from(Assessment)) == 1
    # And once it is withdrawn, neither is left
    assert withdraw_assessment(session, cast["lead"], made, TODAY) == 1
    session.flush()
    assert made.texts == []
    assert {getattr(made, name) for name in SECOND} == {None}


def test_a_language_without_a_text_in_it_is_no_second_text(session: Session, cast: Cast) -> None:
    made = make_assessment(session, cast, text=replace(GOOD_ASSESSMENT, second_language="en"))
    assert made.second_language is None
    assert len(made.texts) == 1


def test_the_same_form_with_another_second_text_publishes_nothing(session: Session, cast: Cast) -> None:
    key = uuid4()

    def publish(**more: str) -> Assessment:
        where, text = point(session), replace(GOOD_ASSESSMENT, **{**SECOND, **more})  # type: ignore[arg-type]
        return publish_assessment(session, cast["lead"], where.recommendation, where, text, NOW, key)

    assert publish() is publish()
    failure = refused(session, ValidationFailed, lambda: publish(second_reason="Другие слова."))
    assert isinstance(failure, ValidationFailed)
    assert set(failure.sentences) == {"key"}
