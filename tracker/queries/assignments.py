"""Which organisations lead and support a recommendation now."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation


def list_assignments(session: Session, recommendation_id: int) -> list[Assignment]:
    """With their organisations: the lead first, then those that support, by name."""
    query = (
        select(Assignment)
        .join(Organisation)
        .where(Assignment.recommendation_id == recommendation_id, Assignment.to_on.is_(None))
        .options(joinedload(Assignment.organisation))
        .order_by(Assignment.kind, Organisation.name_en)
    )
    return list(session.scalars(query))


def find_assignment_kind(
    session: Session, organisation_id: int | None, recommendation_id: int
) -> AssignmentKind | None:
    """How the organisation is assigned to the recommendation now; None: not at all."""
    query = select(Assignment.kind).where(
        Assignment.organisation_id == organisation_id,
        Assignment.recommendation_id == recommendation_id,
        Assignment.to_on.is_(None),
    )
    return session.scalar(query)
