"""Assessments: who may see, publish and withdraw them. Nobody of the State may do anything to them.

All that is stored is published or a tombstone, so everybody sees all of it; drafts come with the vault.
"""

from sqlalchemy import ColumnElement, or_

from tracker.models.accounts import Role
from tracker.models.assessments import Assessment
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


def can_withdraw_assessment(actor: Actor, assessment: Assessment) -> bool:
    """The organisation whose name it bears, through somebody who may publish for it."""
    return (
        may_publish_assessments(actor)
        and assessment.withdrawn_on is None
        and assessment.organisation_id == actor.organisation_id
    )
