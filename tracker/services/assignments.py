"""Distributes recommendations among organisations of the State."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed
from tracker.history.lines import write_line
from tracker.language import gettext, long_date
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import Actor
from tracker.policy.assignments import can_assign, can_be_assigned
from tracker.services.levels import bump_version


def assign(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    organisation: Organisation,
    kind: AssignmentKind,
    today: date,
    now: datetime,
) -> bool:
    """From today the organisation leads or supports. Another lead, and its own other assignment, end today. False
    where that is so already."""
    review = _lock_review(session, actor, recommendation)
    # Read again under the lock: somebody may have ended it, or taken back that it began, since it was loaded.
    found = session.get(Organisation, organisation.id, populate_existing=True)
    if found is None or not can_be_assigned(found, review):
        raise BadInput(_why_not(organisation))
    current = _current(session, recommendation)
    if any(held.organisation_id == organisation.id and held.kind == kind for held in current):
        return False
    for held in current:
        if held.organisation_id == organisation.id or kind == held.kind == AssignmentKind.LEAD:
            held.to_on = max(today, held.from_on)
    session.flush()
    session.add(
        Assignment(
            recommendation_id=recommendation.id, organisation_id=organisation.id, kind=kind, from_on=today
        )
    )
    _write(session, actor, "assign", review, recommendation, organisation, kind, now)
    return True


def end_assignment(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    organisation: Organisation,
    today: date,
    now: datetime,
) -> bool:
    """From today it neither leads nor supports. What it published stays. False where it does neither."""
    review = _lock_review(session, actor, recommendation)
    held = next(
        (each for each in _current(session, recommendation) if each.organisation_id == organisation.id), None
    )
    if held is None:
        return False
    held.to_on = max(today, held.from_on)
    _write(session, actor, "end_assignment", review, recommendation, organisation, held.kind, now)
    return True


def _lock_review(session: Session, actor: Actor, recommendation: Recommendation) -> Review:
    """The second of two who assign at once waits here, and then sees what the first one did."""
    review = session.get_one(Review, recommendation.review_id)
    if not can_assign(actor, review):
        raise NotAllowed
    session.execute(select(Review.id).where(Review.id == review.id).with_for_update())
    return review


def _why_not(organisation: Organisation) -> str:
    if organisation.valid_to is not None:
        return gettext(
            "%(name)s ended on %(day)s, so it gets no recommendations.",
            name=organisation.name,
            day=long_date(organisation.valid_to),
        )
    return gettext(
        "Only an organisation of the State can be assigned: of the State under review, to its own."
    )


def _current(session: Session, recommendation: Recommendation) -> Sequence[Assignment]:
    query = select(Assignment).where(
        Assignment.recommendation_id == recommendation.id, Assignment.to_on.is_(None)
    )
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def _write(
    session: Session,
    actor: Actor,
    verb: str,
    review: Review,
    recommendation: Recommendation,
    organisation: Organisation,
    kind: AssignmentKind,
    now: datetime,
) -> None:
    # Locks the review before the history line is written, in the same order as a publication.
    bump_version(session, review.id)
    place = f"{review.code} {recommendation.ref}"
    write_line(
        session,
        actor,
        verb,
        f"recommendation {place}",
        at=now,
        state_code=review.state_code,
        facts={**organisation.facts, "kind": kind.value, "recommendation": place},
        after={"recommendation": recommendation.id, "organisation": organisation.id, "kind": kind.value},
        may_be_public=review.is_published,
    )
