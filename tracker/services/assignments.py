"""Distributes recommendations among organisations of the State."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, NotAllowed
from tracker.history.lines import write_line
from tracker.language import gettext
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
) -> None:
    """From today the organisation leads or supports. Another lead, and its own other assignment, end today."""
    review = session.get_one(Review, recommendation.review_id)
    if not can_assign(actor, review):
        raise NotAllowed
    if not can_be_assigned(organisation, review):
        raise BadInput(
            gettext(
                "Only an organisation of the State can be assigned: of the State under review, to its own."
            )
        )
    current = session.scalars(
        select(Assignment).where(
            Assignment.recommendation_id == recommendation.id, Assignment.to_on.is_(None)
        )
    ).all()
    if any(held.organisation_id == organisation.id and held.kind == kind for held in current):
        return
    for held in current:
        if held.organisation_id == organisation.id or kind == held.kind == AssignmentKind.LEAD:
            held.to_on = max(today, held.from_on)
    session.flush()
    session.add(
        Assignment(
            recommendation_id=recommendation.id, organisation_id=organisation.id, kind=kind, from_on=today
        )
    )
    # Locks the review before the history line is written, in the same order as a publication.
    bump_version(session, review.id)
    place = f"{review.code} {recommendation.ref}"
    write_line(
        session,
        actor,
        "assign",
        f"recommendation {place}",
        at=now,
        state_code=review.state_code,
        facts={**organisation.facts, "kind": kind.value, "recommendation": place},
        after={"recommendation": recommendation.id, "organisation": organisation.id, "kind": kind.value},
        may_be_public=review.is_published,
    )
