"""Assessments: who may see, publish and withdraw them. Nobody of the State may do anything to them.

All that is stored is published or a tombstone, so everybody sees all of it.
"""

from sqlalchemy import ColumnElement, false, or_, true

from tracker.models.accounts import Role
from tracker.models.assessments import Assessment
from tracker.models.reviews import Review
from tracker.policy.actors import Actor


def visible_assessments(_actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_assessment` allows, as an SQL condition."""
    return or_(Assessment.published_at.is_not(None), Assessment.withdrawn_on.is_not(None))


def can_see_assessment(_actor: Actor, assessment: Assessment) -> bool:
    return assessment.published_at is not None or assessment.withdrawn_on is not None


def may_publish_assessments(actor: Actor) -> bool:
    """An organisation's lead, or a contributor to whom the lead gave that right; never the State."""
    if not actor.is_independent:
        return False
    return actor.has(Role.ORGANISATION_LEAD) or (actor.has(Role.CONTRIBUTOR) and actor.may_publish)


def can_assess(actor: Actor, state_code: str) -> bool:
    """On reviews of that State: an actor of the same State, or of no State (a body of the UN)."""
    return may_publish_assessments(actor) and actor.state_code in (None, state_code)


def assessable_reviews(actor: Actor) -> ColumnElement[bool]:
    """The reviews that `can_assess` allows, as an SQL condition on `Review`."""
    if not may_publish_assessments(actor):
        return false()
    return true() if actor.state_code is None else Review.state_code == actor.state_code


def can_withdraw_assessment(actor: Actor, assessment: Assessment) -> bool:
    """The organisation whose name it bears, through somebody who may publish for it."""
    return (
        may_publish_assessments(actor)
        and assessment.withdrawn_on is None
        and assessment.organisation_id == actor.organisation_id
    )
