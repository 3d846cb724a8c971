"""Accounts: who may make them, who sees whom, who may change what of another person's account, and who must prove
more than a passphrase.

Two worlds that never meet: people of the State (and administrators), seen by the coordinator and the
administrator; people of an independent organisation, seen by its own lead and by nobody else.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select

from tracker.models.accounts import Account, Role
from tracker.models.organisations import Organisation
from tracker.policy.actors import Actor
from tracker.policy.roles import (
    STATE_KINDS,
    WRITERS,
    administrates,
    coordinates,
    holds,
    keeps_state,
    kept_state_organisations,
)


def may_create_accounts(actor: Actor) -> bool:
    """The operator at the command line and the seed."""
    return actor.sees_all


def may_keep_state_people(actor: Actor) -> bool:
    """The coordinator and the administrator: accounts of the State."""
    return coordinates(actor) or administrates(actor)


def may_lead(actor: Actor) -> bool:
    """The lead of an independent organisation: the accounts of the own one."""
    return actor.is_independent and actor.has(Role.ORGANISATION_LEAD)


def may_see_people(actor: Actor) -> bool:
    return may_keep_state_people(actor) or may_lead(actor)


def must_have_second_factor(actor: Actor) -> bool:
    """Everybody of the State, registrars and administrators; all others may."""
    return actor.is_of_the_state or actor.has(Role.REGISTRAR, Role.ADMINISTRATOR)


def can_remove_second_factor(actor: Actor) -> bool:
    return actor.account_id is not None and not must_have_second_factor(actor)


def visible_accounts(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_account` allows. Ended accounts are seen by nobody: the history names them."""
    seen: list[ColumnElement[bool]] = [false()]
    of_the_state = Account.organisation_id.in_(select(Organisation.id).where(kept_state_organisations(actor)))
    if coordinates(actor):
        seen.append(and_(of_the_state, ~holds(Role.ADMINISTRATOR)))
    if administrates(actor):
        seen.append(of_the_state)
        seen.append(administrators())
    if may_lead(actor):
        seen.append(
            and_(
                Account.organisation_id == actor.organisation_id,
                ~holds(Role.ADMINISTRATOR),
            )
        )
    return and_(Account.ended_at.is_(None), ~holds(Role.REGISTRAR), or_(*seen))


def administrators() -> ColumnElement[bool]:
    """They belong to no organisation; a person of the State who is administrator as well is one of its people."""
    return and_(Account.organisation_id.is_(None), holds(Role.ADMINISTRATOR))


def can_see_account(actor: Actor, account: Account) -> bool:
    """Of an account that is loaded with its organisation and roles."""
    roles = {held.role for held in account.roles}
    kind = account.organisation.kind if account.organisation else None
    if account.ended_at is not None or Role.REGISTRAR in roles:
        return False
    is_kept, is_administrator = keeps_state(actor, account.organisation), Role.ADMINISTRATOR in roles
    if coordinates(actor) and is_kept and not is_administrator:
        return True
    if administrates(actor) and (is_kept or (kind is None and is_administrator)):
        return True
    is_own = account.organisation_id is not None and account.organisation_id == actor.organisation_id
    return may_lead(actor) and is_own and not is_administrator


def can_change_account(actor: Actor, account: Account) -> bool:
    """End it, or let its holder in again: whoever sees it, but never the holder, so that nobody is locked out
    by a slip and no organisation loses its only lead."""
    return can_see_account(actor, account) and account.id != actor.account_id


def can_give_right_to_publish(actor: Actor, account: Account) -> bool:
    """The lead, to a contributor of the own organisation; a lead has it anyway."""
    roles = {held.role for held in account.roles}
    return may_lead(actor) and can_see_account(actor, account) and roles == {Role.CONTRIBUTOR}


def can_change_roles(actor: Actor, account: Account) -> bool:
    """Roles of the State, to people of the State."""
    kind = account.organisation.kind if account.organisation else None
    return can_change_account(actor, account) and kind in STATE_KINDS


def can_hand_over(actor: Actor, account: Account) -> bool:
    """The work of a focal point or alternate passes to a successor."""
    roles = {held.role for held in account.roles}
    return can_change_roles(actor, account) and not roles.isdisjoint(WRITERS)
