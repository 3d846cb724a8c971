"""Dates of a review by hand: entered, corrected, removed; and the window that follows from the adoption."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.cast import NOW, Cast
from tests.services.refusals import refused
from tracker.failures import ChangedMeanwhile, NotAllowed, NotFound, Refused, ReviewClosed, ValidationFailed
from tracker.history.sentences import sentence_of
from tracker.models.history import HistoryLine
from tracker.models.milestone_fields import MilestoneFields
from tracker.models.milestones import Certainty, Milestone, MilestoneKind
from tracker.models.reviews import Review
from tracker.services.review_milestones import (
    add_milestone,
    correct_milestone,
    propose_mid_term,
    remove_milestone,
)
from tracker.services.reviews import close_review

DAY = date(2026, 3, 31)
SOURCED = MilestoneFields(DAY, DAY, Certainty.SOURCED, "A/HRC/61/2, paragraph 3", "")


def review(session: Session, code: str = "KGZ-4") -> Review:
    return session.scalars(select(Review).where(Review.code == code)).one()


def seeded(session: Session, key: str) -> Milestone:
    query = select(Milestone).where(Milestone.key == key).options(joinedload(Milestone.review))
    return session.scalars(query).one()


def newest(session: Session) -> HistoryLine:
    session.flush()
    return session.scalars(select(HistoryLine).order_by(HistoryLine.id.desc()).limit(1)).one()


def add(session: Session, cast: Cast, wanted: MilestoneFields = SOURCED, **more: object) -> Milestone:
    kind = more.get("kind", MilestoneKind.LETTER)
    return add_milestone(session, cast["coordinator"], review(session), kind, wanted, NOW)  # type: ignore[arg-type]


def test_a_date_is_entered_once_and_every_page_of_the_state_is_new(session: Session, cast: Cast) -> None:
    versions = dict(session.execute(select(Review.code, Review.figures_version)).all())
    added = add(session, cast)
    assert (added.is_by_hand, added.title) == (True, "Letter, fourth review")
    line = newest(session)
    assert sentence_of(line) == "coordinator entered a date of KGZ-4: Letter, 31 Mar 2026"
    assert (line.is_public, line.state_code) == (False, "KGZ")
    assert line.after["source"] == SOURCED.source  # type: ignore[index]
    assert SOURCED.source not in str(line.facts)
    after = dict(session.execute(select(Review.code, Review.figures_version)).all())
    assert {code: number - versions[code] for code, number in after.items()} == dict.fromkeys(versions, 1)
    # Sent twice it is the same; the same day from another source is corrected, not entered again
    assert add(session, cast) is added
    assert newest(session).id == line.id
    again = replace(SOURCED, source="Another")
    failure = refused(session, Milestone, ValidationFailed, lambda: add(session, cast, again))
    assert "entered already" in failure.sentences["starts_on"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(SOURCED, ends_on=date(2026, 3, 30)), "ends_on"),
        (replace(SOURCED, source=""), "source"),
        (replace(SOURCED, certainty=Certainty.DERIVED, source=""), "source"),
        (replace(SOURCED, certainty=Certainty.PROJECTED), "certainty"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    session: Session, cast: Cast, wrong: MilestoneFields, field: str
) -> None:
    failure = refused(session, Milestone, ValidationFailed, lambda: add(session, cast, wrong))
    assert set(failure.sentences) == {field}  # type: ignore[attr-defined]


def test_an_own_date_needs_no_source_and_context_is_no_date_of_a_review(session: Session, cast: Cast) -> None:
    assert not add(session, cast, replace(SOURCED, certainty=Certainty.OWN, source="")).is_reminded
    for kind in (MilestoneKind.CONTEXT, MilestoneKind.TREATY_BODY_FOLLOW_UP):
        refused(session, Milestone, ValidationFailed, lambda kind=kind: add(session, cast, kind=kind))


def test_only_the_coordinator_of_the_state_and_not_in_a_closed_review(session: Session, cast: Cast) -> None:
    by_hand = add(session, cast)
    seen = SOURCED.digest
    for name, actor in cast.actors.items():
        for deed in (
            lambda actor=actor: add_milestone(
                session, actor, review(session), MilestoneKind.REVIEW, SOURCED, NOW
            ),
            lambda actor=actor: correct_milestone(session, actor, by_hand, SOURCED, NOW, seen=seen),
            lambda actor=actor: remove_milestone(session, actor, by_hand, NOW, seen=seen),
        ):
            if name != "coordinator":
                refused(session, Milestone, NotAllowed, deed)
    close_review(session, cast["coordinator"], review(session), NOW)
    refused(
        session,
        Milestone,
        ReviewClosed,
        lambda: remove_milestone(session, cast["coordinator"], by_hand, NOW, seen=seen),
    )


def test_one_of_the_seed_is_corrected_and_never_removed(session: Session, cast: Cast) -> None:
    adoption = seeded(session, "upr4_adoption")
    before = MilestoneFields.of(adoption)
    wanted = replace(SOURCED, starts_on=date(2025, 9, 26), ends_on=date(2025, 9, 26))
    coordinator = cast["coordinator"]
    assert correct_milestone(session, coordinator, adoption, wanted, NOW, seen=before.digest)
    assert MilestoneFields.of(adoption) == wanted
    assert adoption.label == adoption.title != ""
    said = sentence_of(newest(session))
    assert said.startswith("coordinator corrected a date of KGZ-4: Adoption, now 26 Sep")
    assert newest(session).before["certainty"] == "derived"  # type: ignore[index]
    assert not correct_milestone(session, coordinator, adoption, wanted, NOW, seen=wanted.digest)
    refused(
        session,
        Milestone,
        Refused,
        lambda: remove_milestone(session, coordinator, adoption, NOW, seen=wanted.digest),
    )


def test_who_read_something_else_overwrites_and_removes_nothing(session: Session, cast: Cast) -> None:
    added, coordinator = add(session, cast), cast["coordinator"]
    changed = replace(SOURCED, note="By video")
    correct_milestone(session, coordinator, added, changed, NOW, seen=SOURCED.digest)
    assert sentence_of(newest(session)).startswith("coordinator corrected how a date of KGZ-4 is known")
    for deed in (
        lambda: correct_milestone(session, coordinator, added, SOURCED, NOW, seen=SOURCED.digest),
        lambda: remove_milestone(session, coordinator, added, NOW, seen=SOURCED.digest),
    ):
        failure = refused(session, Milestone, ChangedMeanwhile, deed)
        assert failure.theirs == changed  # type: ignore[attr-defined]
    remove_milestone(session, coordinator, added, NOW, seen=changed.digest)
    assert sentence_of(newest(session)) == "coordinator removed a date of KGZ-4: Letter, 31 Mar 2026"
    assert session.scalar(select(Milestone.id).where(Milestone.is_by_hand)) is None
    with pytest.raises(NotFound):
        remove_milestone(session, coordinator, added, NOW, seen=changed.digest)


def dates_of(session: Session, code: str) -> list[Milestone]:
    return list(session.scalars(select(Milestone).where(Milestone.review_id == review(session, code).id)))


def test_the_window_of_the_report_follows_from_the_adoption_as_in_the_seed(
    session: Session, cast: Cast
) -> None:
    # The fourth review's is what follows; the third's is in a letter, whatever follows from its adoption
    assert propose_mid_term(dates_of(session, "KGZ-4")) is None
    assert propose_mid_term(dates_of(session, "KGZ-3")) is None
    assert propose_mid_term(dates_of(session, "KGZ-2")) is None  # no adoption
    # With the adoption's day the window is another one
    adoption, report = seeded(session, "upr4_adoption"), seeded(session, "upr4_midterm")
    day = date(2025, 8, 31)
    wanted = replace(SOURCED, starts_on=day, ends_on=day)
    seen = MilestoneFields.of(adoption).digest
    correct_milestone(session, cast["coordinator"], adoption, wanted, NOW, seen=seen)
    proposal = propose_mid_term(dates_of(session, "KGZ-4"))
    assert proposal is not None
    assert proposal.replaces is report
    fields = proposal.fields
    assert (fields.starts_on, fields.ends_on) == (date(2027, 8, 31), date(2028, 2, 29))  # a month's end
    assert (fields.certainty, "31 August 2025" in fields.source) == (Certainty.DERIVED, True)
    # Without a report one is proposed that replaces nothing
    adoption_alone = [each for each in dates_of(session, "KGZ-4") if each is not report]
    assert propose_mid_term(adoption_alone) == replace(proposal, replaces=None)
