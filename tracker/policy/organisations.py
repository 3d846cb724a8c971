"""Organisations: who sees which, who admits independent ones, who changes those of a State, who invites people to
which, and in which roles."""

from sqlalchemy import ColumnElement, and_, false, or_

from tracker.models.accounts import Role
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.policy.accounts import may_lead, may_manage_state_people
from tracker.policy.actors import Actor
from tracker.policy.roles import (
    ROLES_OF_INDEPENDENTS,
    ROLES_OF_THE_STATE,
    STATE_KINDS,
    administrates_all,
    admits,
    admitted_organisations,
    coordinates,
    coordinates_state,
    is_registrar,
    managed_organisations,
    manages_people_of,
)


def may_admit_organisations(actor: Actor) -> bool:
    return is_registrar(actor)


def may_manage_organisations(actor: Actor) -> bool:
    """Create, correct, rename, merge, split and end the organisations of a State: its coordinator, and the operator at
    the command line."""
    return actor.sees_all or coordinates(actor)


def may_create_organisation(actor: Actor, kind: OrganisationKind, state_code: str | None) -> bool:
    """The coordinator makes those of the own State; the operator makes all."""
    return actor.sees_all or (kind in STATE_KINDS and coordinates_state(actor, state_code))


def organisations_to_manage(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_manage_organisation` allows."""
    is_of_a_state = Organisation.kind.in_(STATE_KINDS)
    if actor.sees_all:
        return is_of_a_state
    if not coordinates(actor):
        return false()
    return and_(is_of_a_state, Organisation.state_code == actor.state_code)


def can_manage_organisation(actor: Actor, organisation: Organisation) -> bool:
    is_allowed = actor.sees_all or coordinates_state(actor, organisation.state_code)
    return organisation.kind in STATE_KINDS and is_allowed


def may_invite_people(actor: Actor) -> bool:
    """Whoever manages the people of organisations, or admits organisations."""
    return may_admit_organisations(actor) or may_manage_state_people(actor) or may_lead(actor)


def may_invite_administrators(actor: Actor) -> bool:
    """Administrators of the instance, who belong to no organisation: they reach every State, so nobody of one State
    makes them."""
    return administrates_all(actor)


def visible_organisations(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_organisation` allows: those of the State are public, of an independent one know those who
    may invite people to it."""
    return or_(Organisation.kind.in_(STATE_KINDS), organisations_to_invite_to(actor))


def can_see_organisation(actor: Actor, organisation: Organisation) -> bool:
    return organisation.kind in STATE_KINDS or can_invite_to(actor, organisation)


def organisations_to_invite_to(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_invite_to` allows. A registrar also sees what other registrars admitted: who admitted which
    organisation is not stored."""
    seen = [admitted_organisations(actor), managed_organisations(actor)]
    if may_lead(actor):
        seen.append(Organisation.id == actor.organisation_id)
    return or_(*seen)


def can_invite_to(actor: Actor, organisation: Organisation) -> bool:
    """May the actor invite people to the organisation, and see its open links?"""
    if admits(actor, organisation) or manages_people_of(actor, organisation):
        return True
    return may_lead(actor) and organisation.id == actor.organisation_id


def can_see_people_of(actor: Actor, organisation: Organisation) -> bool:
    """The registrar sees an organisation, and never its people."""
    if organisation.kind in STATE_KINDS:
        return manages_people_of(actor, organisation)
    return may_lead(actor) and organisation.id == actor.organisation_id


def roles_to_invite(actor: Actor, organisation: Organisation | None) -> tuple[Role, ...]:
    """The roles in which the actor may invite somebody to the organisation; None stands for the administrators, who
    belong to none. Nobody is invited to an organisation that ended. Registrars come from the command line only."""
    if organisation is None:
        return (Role.ADMINISTRATOR,) if may_invite_administrators(actor) else ()
    if organisation.kind in STATE_KINDS:
        is_open = organisation.valid_to is None
        return ROLES_OF_THE_STATE if is_open and manages_people_of(actor, organisation) else ()
    if may_lead(actor) and organisation.id == actor.organisation_id:
        return ROLES_OF_INDEPENDENTS
    return (Role.ORGANISATION_LEAD,) if admits(actor, organisation) else ()
