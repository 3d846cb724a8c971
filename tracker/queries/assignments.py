"""Which organisations lead and support a recommendation now."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations


def leads_now() -> ColumnElement[bool]:
    """Joins a recommendation with the assignment of the organisation that leads it now."""
    return and_(
        Assignment.recommendation_id == Recommendation.id,
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.to_on.is_(None),
    )


def list_assignments(session: Session, actor: Actor, recommendation_id: int) -> list[Assignment]:
    """With their organisations: the lead first, then those that support, by name."""
    query = (
        select(Assignment)
        .join(Organisation)
        .join(Recommendation)
        .where(
            Recommendation.id == recommendation_id, visible_recommendations(actor), Assignment.to_on.is_(None)
        )
        .options(joinedload(Assignment.organisation))
        .order_by(Assignment.kind, Organisation.name_en)
    )
    return list(session.scalars(query))


def find_own_assignment(session: Session, actor: Actor, recommendation_id: int) -> AssignmentKind | None:
    """How the actor's organisation is assigned to the recommendation now; None: not at all."""
    query = select(Assignment.kind).where(
        Assignment.organisation_id == actor.organisation_id,
        Assignment.recommendation_id == recommendation_id,
        Assignment.to_on.is_(None),
    )
    return session.scalar(query)
