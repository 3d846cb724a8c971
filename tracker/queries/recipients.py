"""Who gets mail about a review, and who gets none."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.language import sort_key
from tracker.models.accounts import Account, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.milestones import Milestone
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.accounts import visible_accounts
from tracker.policy.actors import Actor
from tracker.policy.reviews import visible_recommendations
from tracker.policy.roles import STATE_KINDS, WRITERS, holds
from tracker.queries.translations import shown_title

PAGE = 25
WITH_ROLES = (selectinload(Account.roles), joinedload(Account.organisation))


def list_recipients(session: Session, milestone: Milestone) -> list[Account]:
    """Focal points and alternates of the organisations assigned in the review of the milestone and, if everybody sees
    the milestone, in the review before it while that one has no recommendations or is not published; and always the
    coordinators of that State. Of all these only people who have an e-mail address and want mail. The milestone is
    loaded with its review, and has one."""
    review = milestone.review
    if review is None:
        return []
    reported = find_reported_review(session, review) if milestone.is_public else None
    reviews = {review.id, reported.id} if reported else {review.id}
    assigned = (
        exists()
        .where(Assignment.organisation_id == Account.organisation_id, Assignment.to_on.is_(None))
        .where(Assignment.recommendation_id == Recommendation.id)
        .where(Recommendation.review_id.in_(reviews))
        .where(Recommendation.retired_at.is_(None))
    )
    query = select(Account).join(Organisation, Organisation.id == Account.organisation_id)
    query = query.where(
        Account.ended_at.is_(None),
        Account.email.is_not(None),
        Account.wants_mail,
        Organisation.kind.in_(STATE_KINDS),
        Organisation.state_code == review.state_code,
        or_(holds(*WRITERS) & assigned, holds(Role.COORDINATOR)),
    )
    return sorted(session.scalars(query.options(*WITH_ROLES)), key=lambda each: sort_key(each.handle))


def list_unreachable_focal_points(
    session: Session, actor: Actor, page: int
) -> tuple[list[tuple[str, str, UUID]], bool]:
    """Handle, organisation and account of focal points who have no e-mail address or want no mail: pages show them to
    the coordinator. A page of them, and whether there is another one."""
    query = select(Account.handle, Organisation.name, Account.id)
    query = query.join(Organisation, Organisation.id == Account.organisation_id)
    query = query.where(
        Account.ended_at.is_(None),
        or_(Account.email.is_(None), Account.wants_mail.is_(False)),
        Organisation.kind.in_(STATE_KINDS),
        visible_accounts(actor),
        holds(Role.FOCAL_POINT),
    )
    rows = sorted(session.execute(query), key=lambda row: sort_key(row[0]))[(page - 1) * PAGE :]
    return [(handle, name, account_id) for handle, name, account_id in rows[:PAGE]], len(rows) > PAGE


def count_unassigned(session: Session, actor: Actor, review_id: int) -> int:
    """How many `list_unassigned` has on all its pages."""
    query = select(func.count()).select_from(Recommendation).where(*_unassigned(actor, review_id))
    return session.scalar(query) or 0


def list_unassigned(session: Session, actor: Actor, review_id: int, page: int) -> tuple[Sequence[Any], bool]:
    """Recommendations that no organisation leads, or whose leading organisation has no focal point: nobody will be
    reminded of them. A page of them, in the order of the source, and whether there is another one. `lead`, `lead_key`:
    the organisation that leads, or None; `supporting`: how many support."""
    of_now = and_(Assignment.recommendation_id == Recommendation.id, Assignment.to_on.is_(None))
    supporting = select(func.count()).where(of_now, Assignment.kind == AssignmentKind.SUPPORTING)
    led, leading = aliased(Assignment), aliased(Organisation)
    is_led = and_(
        led.recommendation_id == Recommendation.id, led.to_on.is_(None), led.kind == AssignmentKind.LEAD
    )
    query = (
        select(
            Recommendation.ref,
            shown_title(),
            leading.name.label("lead"),
            leading.key.label("lead_key"),
            supporting.correlate(Recommendation).scalar_subquery().label("supporting"),
        )
        .outerjoin(led, is_led)
        .outerjoin(leading, leading.id == led.organisation_id)
        .where(*_unassigned(actor, review_id))
        .order_by(Recommendation.order, Recommendation.id)
    )
    rows = session.execute(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return rows[:PAGE], len(rows) > PAGE


def _unassigned(actor: Actor, review_id: int) -> tuple[ColumnElement[bool], ...]:
    has_focal_point = (
        exists()
        .where(Assignment.recommendation_id == Recommendation.id)
        .where(Assignment.kind == AssignmentKind.LEAD, Assignment.to_on.is_(None))
        .where(Account.organisation_id == Assignment.organisation_id, Account.ended_at.is_(None))
        .where(holds(Role.FOCAL_POINT))
    )
    return (
        Recommendation.review_id == review_id,
        Recommendation.retired_at.is_(None),
        visible_recommendations(actor),
        ~has_focal_point,
    )


def has_assignments(session: Session, actor: Actor, review_id: int) -> bool:
    """Is any organisation assigned to a recommendation of the review now?"""
    query = select(Assignment.id).join(Recommendation, Recommendation.id == Assignment.recommendation_id)
    query = query.where(
        Recommendation.review_id == review_id, visible_recommendations(actor), Assignment.to_on.is_(None)
    )
    query = query.where(Recommendation.retired_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def find_reported_review(session: Session, review: Review) -> Review | None:
    """The review, or, until it has recommendations and is published, the one before it of which this is so: what its
    reports are about now."""
    has_any = exists().where(Recommendation.review_id == Review.id, Recommendation.retired_at.is_(None))
    query = select(Review).where(
        Review.state_code == review.state_code,
        Review.mechanism == review.mechanism,
        Review.cycle <= review.cycle,
        Review.is_published,
        has_any,
    )
    return session.scalar(query.order_by(Review.cycle.desc()).limit(1))
