"""Which roles belong to whom, who works in which role for which State, and who holds a role as an SQL condition. The
other rules of this room are built from these."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_

from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.policy.actors import Actor

STATE_KINDS = tuple(kind for kind in OrganisationKind if kind.is_of_the_state)
INDEPENDENT_KINDS = tuple(kind for kind in OrganisationKind if not kind.is_of_the_state)
WRITERS = (Role.FOCAL_POINT, Role.ALTERNATE)
"""They write the updates of their organisation, and can hand their work over to a successor."""
ROLES_IN_MINISTRIES = (*WRITERS, Role.VALIDATING_OFFICER)
ROLES_OF_THE_STATE = (*ROLES_IN_MINISTRIES, Role.COORDINATOR)
ROLES_OF_INDEPENDENTS = (Role.CONTRIBUTOR, Role.ORGANISATION_LEAD)


def coordinates(actor: Actor) -> bool:
    """Does the actor coordinate the follow-up of their own State?"""
    return actor.is_of_the_state and actor.state_code is not None and actor.has(Role.COORDINATOR)


def coordinates_state(actor: Actor, state_code: str | None) -> bool:
    """Does the actor coordinate that State? Nobody coordinates None."""
    return coordinates(actor) and state_code == actor.state_code


def administrates(actor: Actor) -> bool:
    """Never somebody of an independent organisation, whatever role an older version gave them."""
    return not actor.is_independent and actor.has(Role.ADMINISTRATOR)


def manages_people_of(actor: Actor, organisation: Organisation | None) -> bool:
    """Does the actor manage the people of that organisation of the State? The coordinator and the administrator of a
    State do, in their own State. An administrator without an organisation does, in every State of this instance."""
    if organisation is None or organisation.kind not in STATE_KINDS:
        return False
    is_own = organisation.state_code is not None and organisation.state_code == actor.state_code
    return (is_own and (coordinates(actor) or administrates(actor))) or administrates_all(actor)


def managed_organisations(actor: Actor) -> ColumnElement[bool]:
    """The organisations that `manages_people_of` allows, as an SQL condition on `Organisation`."""
    is_of_the_state = Organisation.kind.in_(STATE_KINDS)
    if administrates_all(actor):
        return is_of_the_state
    if coordinates(actor) or administrates(actor):
        return and_(is_of_the_state, Organisation.state_code == actor.state_code)
    return false()


def administrates_all(actor: Actor) -> bool:
    """An administrator of the instance, who belongs to no organisation and so to no State."""
    return administrates(actor) and actor.organisation_id is None


def admits(actor: Actor, organisation: Organisation | None) -> bool:
    """May the registrar admit this organisation? With a State: independent organisations of that State and of no State
    (bodies of the UN). Without a State: all independent ones."""
    if organisation is None or organisation.kind not in INDEPENDENT_KINDS or not is_registrar(actor):
        return False
    return actor.state_code is None or organisation.state_code in (None, actor.state_code)


def admitted_organisations(actor: Actor) -> ColumnElement[bool]:
    """The organisations that `admits` allows, as an SQL condition on `Organisation`."""
    if not is_registrar(actor):
        return false()
    is_independent = Organisation.kind.in_(INDEPENDENT_KINDS)
    if actor.state_code is None:
        return is_independent
    is_in_scope = or_(Organisation.state_code.is_(None), Organisation.state_code == actor.state_code)
    return and_(is_independent, is_in_scope)


def is_registrar(actor: Actor) -> bool:
    """Never somebody of the State and never an administrator."""
    return actor.has(Role.REGISTRAR) and not actor.is_of_the_state and not actor.has(Role.ADMINISTRATOR)


def holds(*roles: Role, of: Any = Account) -> ColumnElement[bool]:
    """Has the account one of these roles? As an SQL condition; `of` is an alias where the query has one."""
    return exists().where(AccountRole.account_id == of.id, AccountRole.role.in_(roles))


def leads(organisation_id: Any, of: Any = Account) -> ColumnElement[bool]:
    """Does the account lead that organisation now? As an SQL condition."""
    return and_(
        of.organisation_id == organisation_id, of.ended_at.is_(None), holds(Role.ORGANISATION_LEAD, of=of)
    )
