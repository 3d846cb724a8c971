"""Organisations: who admits independent ones, who sees which, and which roles somebody invites to where."""

from sqlalchemy import ColumnElement, false, or_

from tracker.models.accounts import Role
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.policy.accounts import may_keep_state_people, may_lead
from tracker.policy.actors import Actor
from tracker.policy.roles import (
    INDEPENDENT_KINDS,
    ROLES_OF_INDEPENDENTS,
    ROLES_OF_THE_STATE,
    STATE_KINDS,
    administrates,
)


def may_admit_organisations(actor: Actor) -> bool:
    """The registrar, who is never of the State and never an administrator."""
    return actor.has(Role.REGISTRAR) and not actor.is_of_the_state and not actor.has(Role.ADMINISTRATOR)


def may_see_organisations(actor: Actor) -> bool:
    """Whoever keeps organisations or people; who may see them may invite."""
    return may_admit_organisations(actor) or may_keep_state_people(actor) or may_lead(actor)


def may_invite_administrators(actor: Actor) -> bool:
    """Administrators belong to no organisation."""
    return administrates(actor)


def visible_organisations(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_organisation` allows. Registrars stand in for each other: who admitted which
    organisation is not stored."""
    seen: list[ColumnElement[bool]] = [false()]
    if may_admit_organisations(actor):
        seen.append(Organisation.kind.in_(INDEPENDENT_KINDS))
    if may_keep_state_people(actor):
        seen.append(Organisation.kind.in_(STATE_KINDS))
    if may_lead(actor):
        seen.append(Organisation.id == actor.organisation_id)
    return or_(*seen)


def can_see_organisation(actor: Actor, organisation: Organisation) -> bool:
    if may_admit_organisations(actor) and organisation.kind in INDEPENDENT_KINDS:
        return True
    if may_keep_state_people(actor) and organisation.kind in STATE_KINDS:
        return True
    return may_lead(actor) and organisation.id == actor.organisation_id


def can_see_people_of(actor: Actor, organisation: Organisation) -> bool:
    """The registrar sees an organisation, and never its people."""
    if organisation.kind in STATE_KINDS:
        return may_keep_state_people(actor)
    return may_lead(actor) and organisation.id == actor.organisation_id


def roles_to_invite(
    actor: Actor, kind: OrganisationKind | None, organisation_id: int | None
) -> tuple[Role, ...]:
    """To an organisation of that kind; to none of them where `kind` is None. Registrars come from the command
    line only."""
    if kind is None:
        return (Role.ADMINISTRATOR,) if may_invite_administrators(actor) else ()
    if kind in STATE_KINDS:
        return ROLES_OF_THE_STATE if may_keep_state_people(actor) else ()
    if may_lead(actor) and organisation_id == actor.organisation_id:
        return ROLES_OF_INDEPENDENTS
    return (Role.ORGANISATION_LEAD,) if may_admit_organisations(actor) else ()
