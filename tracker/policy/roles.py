"""Which roles and organisations are whose, who works in which role, and who holds one as an SQL condition: the words
that the other rules of this room are made of."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists

from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.organisations import OrganisationKind
from tracker.policy.actors import Actor

STATE_KINDS = tuple(kind for kind in OrganisationKind if kind.is_of_the_state)
INDEPENDENT_KINDS = tuple(kind for kind in OrganisationKind if not kind.is_of_the_state)
WRITERS = (Role.FOCAL_POINT, Role.ALTERNATE)
"""They write what their organisation says, and pass it on to a successor."""
ROLES_IN_MINISTRIES = (*WRITERS, Role.VALIDATING_OFFICER)
ROLES_OF_THE_STATE = (*ROLES_IN_MINISTRIES, Role.COORDINATOR)
ROLES_OF_INDEPENDENTS = (Role.CONTRIBUTOR, Role.ORGANISATION_LEAD)


def coordinates(actor: Actor) -> bool:
    return actor.is_of_the_state and actor.has(Role.COORDINATOR)


def administrates(actor: Actor) -> bool:
    """Never somebody of an independent organisation, whatever an older version let them hold."""
    return not actor.is_independent and actor.has(Role.ADMINISTRATOR)


def holds(*roles: Role, of: Any = Account) -> ColumnElement[bool]:
    """Has the account one of these roles? As an SQL condition; `of` is an alias where the query has one."""
    return exists().where(AccountRole.account_id == of.id, AccountRole.role.in_(roles))


def leads(organisation_id: Any, of: Any = Account) -> ColumnElement[bool]:
    """Does the account lead that organisation now? As an SQL condition."""
    return and_(
        of.organisation_id == organisation_id, of.ended_at.is_(None), holds(Role.ORGANISATION_LEAD, of=of)
    )
