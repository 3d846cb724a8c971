"""Who gets mail about a review, and who gets none."""

from uuid import UUID

from sqlalchemy import exists, false, or_, select
from sqlalchemy.orm import Session, selectinload

from tracker.models.accounts import Account, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.accounts import visible_accounts
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.policy.roles import STATE_KINDS, WRITERS, holds


def list_recipients(session: Session, review: Review) -> list[Account]:
    """Focal points and alternates of the organisations assigned in the review (or, until it has
    recommendations, in the review before it), once it is published; and always the coordinators of that State. Of all
    these only people who have an e-mail address and want mail."""
    assigned = (
        exists()
        .where(Assignment.organisation_id == Account.organisation_id, Assignment.to_on.is_(None))
        .where(Assignment.recommendation_id == Recommendation.id)
        .where(Recommendation.review_id == _review_with_recommendations(session, review))
    )
    query = select(Account).join(Organisation, Organisation.id == Account.organisation_id)
    query = query.where(
        Account.ended_at.is_(None),
        Account.email.is_not(None),
        Account.wants_mail,
        Organisation.kind.in_(STATE_KINDS),
        Organisation.state_code == review.state_code,
        or_(
            holds(*WRITERS) & assigned if review.is_published else false(),
            holds(Role.COORDINATOR),
        ),
    )
    return list(session.scalars(query.options(selectinload(Account.roles)).order_by(Account.handle)))


def list_unreachable_focal_points(session: Session, actor: Actor) -> list[tuple[str, str, UUID]]:
    """Handle, organisation and account of focal points who have no e-mail address or want no mail: pages show them to
    the coordinator."""
    query = select(Account.handle, Organisation.name_en, Account.id)
    query = query.join(Organisation, Organisation.id == Account.organisation_id)
    query = query.where(
        Account.ended_at.is_(None),
        or_(Account.email.is_(None), Account.wants_mail.is_(False)),
        Organisation.kind.in_(STATE_KINDS),
        visible_accounts(actor),
        holds(Role.FOCAL_POINT),
    )
    rows = session.execute(query.order_by(Account.handle))
    return [(handle, name, account_id) for handle, name, account_id in rows]


def list_unassigned(session: Session, actor: Actor, review_id: int) -> list[tuple[str, str]]:
    """Refs and short titles of recommendations that no organisation leads, or whose leading organisation
    has no focal point: nobody will be reminded of them."""
    has_focal_point = (
        exists()
        .where(Assignment.recommendation_id == Recommendation.id)
        .where(Assignment.kind == AssignmentKind.LEAD, Assignment.to_on.is_(None))
        .where(Account.organisation_id == Assignment.organisation_id, Account.ended_at.is_(None))
        .where(holds(Role.FOCAL_POINT))
    )
    query = select(Recommendation.ref, Recommendation.short_title)
    query = query.where(
        Recommendation.review_id == review_id, visible_recommendations(actor), ~has_focal_point
    )
    query = query.order_by(Recommendation.order)
    return [(ref, title) for ref, title in session.execute(query)]


def _review_with_recommendations(session: Session, review: Review) -> int | None:
    has_any = exists().where(Recommendation.review_id == Review.id)
    query = select(Review.id).where(
        Review.state_code == review.state_code,
        Review.mechanism == review.mechanism,
        Review.cycle <= review.cycle,
        has_any,
    )
    return session.scalar(query.order_by(Review.cycle.desc()).limit(1))
