"""How far the preparation of a review is: what its coordinator has done and what is left."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session

from tracker.models.accounts import Account, Role
from tracker.models.assignments import Assignment, AssignmentKind
from tracker.models.imports import Import, ImportState
from tracker.models.milestones import Milestone, MilestoneKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.policy.actors import Actor
from tracker.policy.imports import visible_imports
from tracker.policy.milestones import visible_milestones
from tracker.policy.organisations import visible_organisations
from tracker.policy.reviews import visible_recommendations
from tracker.policy.roles import STATE_KINDS, holds
from tracker.queries.reviews import ReviewFacts, list_reviews

UNFINISHED = (ImportState.WAITING, ImportState.COLUMNS, ImportState.READ)


@dataclass(frozen=True)
class Preparation:
    """`led`: recommendations that an organisation leads. `leads`: those organisations, `without_focal_point`: those of
    them that have none. `organisations`: of the State, without the coordinator's own. `unfinished`: imports that were
    not applied yet. `dates`: of the review, `report_on`: the first day of its mid-term report, where that is known."""

    review: ReviewFacts
    dates: int
    report_on: date | None
    recommendations: int
    unfinished: int
    organisations: int
    led: int
    leads: int
    without_focal_point: int

    @property
    def is_over(self) -> bool:
        """Nothing is left to do before people can write."""
        return (
            self.review.is_published
            and self.recommendations > 0
            and self.led == self.recommendations
            and self.without_focal_point == 0
        )


def find_prepared_review(session: Session, actor: Actor, state_code: str, today: date) -> ReviewFacts | None:
    """The newest review of the State that is not closed, has taken place or is being prepared: one that lies ahead, of
    which only the date is known, is not prepared yet."""
    ahead = select(Milestone.review_id).where(
        Milestone.kind == MilestoneKind.REVIEW, Milestone.starts_on > today, Milestone.review_id.is_not(None)
    )
    coming = set(session.scalars(ahead.where(Milestone.state_code == state_code, visible_milestones(actor))))
    for review in list_reviews(session, actor, state_code):
        is_ahead = review.id in coming and review.is_published
        if review.closed_at is None and not is_ahead:
            return review
    return None


def get_preparation(session: Session, actor: Actor, review: ReviewFacts) -> Preparation:
    inside = and_(
        Recommendation.review_id == review.id,
        visible_recommendations(actor),
        Recommendation.retired_at.is_(None),
    )
    is_lead = and_(
        Assignment.recommendation_id == Recommendation.id,
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.to_on.is_(None),
    )
    leading = select(Assignment.organisation_id).join(Recommendation, is_lead).where(inside).distinct()
    has_focal_point = exists().where(
        Account.organisation_id == Organisation.id, Account.ended_at.is_(None), holds(Role.FOCAL_POINT)
    )
    leads = select(func.count()).select_from(Organisation).where(Organisation.id.in_(leading))
    imports = select(func.count()).select_from(Import).where(Import.review_id == review.id)
    led = select(func.count()).select_from(Recommendation).where(inside, exists().where(is_lead))
    of_report = case((Milestone.kind == MilestoneKind.MID_TERM_REPORT, Milestone.starts_on))
    known = select(func.count(), func.min(of_report)).where(
        Milestone.review_id == review.id, visible_milestones(actor)
    )
    dates, report_on = session.execute(known).one()
    return Preparation(
        review=review,
        dates=dates,
        report_on=report_on,
        recommendations=session.scalar(select(func.count()).select_from(Recommendation).where(inside)) or 0,
        unfinished=session.scalar(imports.where(Import.state.in_(UNFINISHED), visible_imports(actor))) or 0,
        organisations=_count_organisations(session, actor, review.state_code),
        led=session.scalar(led) or 0,
        leads=session.scalar(leads) or 0,
        without_focal_point=session.scalar(leads.where(~has_focal_point)) or 0,
    )


def _count_organisations(session: Session, actor: Actor, state_code: str) -> int:
    query = select(func.count()).select_from(Organisation).where(visible_organisations(actor))
    query = query.where(Organisation.kind.in_(STATE_KINDS), Organisation.state_code == state_code)
    return session.scalar(query.where(Organisation.id != (actor.organisation_id or 0))) or 0
