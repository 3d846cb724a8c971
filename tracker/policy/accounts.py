"""Accounts: who may make them, who sees whom, who may change what of another person's account, and who must have a
second factor.

Two groups that never see each other: people of the State (and administrators), whom the coordinator and the
administrator see; people of an independent organisation, whom only its own lead sees.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select

from tracker.models.accounts import Account, Role
from tracker.models.organisations import Organisation
from tracker.policy.actors import Actor, is_independent_account
from tracker.policy.roles import (
    STATE_KINDS,
    WRITERS,
    administrates,
    administrates_all,
    coordinates,
    holds,
    managed_organisations,
    manages_people_of,
)


def may_create_accounts(actor: Actor) -> bool:
    """The operator at the command line, and the seed."""
    return actor.sees_all


def helps_password_managers(actor: Actor) -> bool:
    """Do the forms of an account tell password managers what is a handle, a passphrase and a code? An independent
    account's only if its holder chose it: what a browser saved tells whoever takes the device. Before somebody is
    signed in the forms are the same for all."""
    return not is_independent_account(actor) or actor.saves_passphrase


def may_manage_state_people(actor: Actor) -> bool:
    """The coordinator and the administrator: accounts of the State."""
    return coordinates(actor) or administrates(actor)


def may_lead(actor: Actor) -> bool:
    """The lead of an independent organisation, who manages the accounts of that organisation."""
    return actor.is_independent and actor.has(Role.ORGANISATION_LEAD)


def may_see_people(actor: Actor) -> bool:
    return may_manage_state_people(actor) or may_lead(actor)


def must_have_second_factor(actor: Actor) -> bool:
    """Everybody of the State, registrars and administrators. All others may have one."""
    return actor.is_of_the_state or actor.has(Role.REGISTRAR, Role.ADMINISTRATOR)


def can_remove_second_factor(actor: Actor) -> bool:
    return actor.account_id is not None and not must_have_second_factor(actor)


def visible_accounts(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_account` allows. Nobody sees ended accounts: the history names them."""
    seen: list[ColumnElement[bool]] = [false()]
    of_the_state = Account.organisation_id.in_(select(Organisation.id).where(managed_organisations(actor)))
    if coordinates(actor):
        seen.append(and_(of_the_state, ~holds(Role.ADMINISTRATOR)))
    if administrates(actor):
        seen.append(of_the_state)
    if administrates_all(actor):
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
    """Those of the instance, without an organisation: they alone see one another. A person of the State who is also an
    administrator is one of its people."""
    return and_(Account.organisation_id.is_(None), holds(Role.ADMINISTRATOR))


def colleagues_in(role: Role, account: Account) -> ColumnElement[bool]:
    """The open accounts, this one included, that hold a role for whom this account holds it: leads of the same
    organisation, coordinators of the same State, administrators. The account must be loaded with its organisation."""
    is_open = and_(Account.ended_at.is_(None), holds(role))
    if role == Role.ORGANISATION_LEAD:
        return and_(is_open, Account.organisation_id == account.organisation_id)
    kinds = select(Organisation.id).where(Organisation.kind.in_(STATE_KINDS))
    if role == Role.COORDINATOR:
        state_code = account.organisation.state_code if account.organisation else None
        return and_(is_open, Account.organisation_id.in_(kinds.where(Organisation.state_code == state_code)))
    return and_(is_open, or_(Account.organisation_id.is_(None), Account.organisation_id.in_(kinds)))


def can_see_account(actor: Actor, account: Account) -> bool:
    """The account must be loaded with its organisation and roles."""
    roles = {row.role for row in account.roles}
    if account.ended_at is not None or Role.REGISTRAR in roles:
        return False
    is_managed = manages_people_of(actor, account.organisation)
    is_administrator = Role.ADMINISTRATOR in roles
    if coordinates(actor) and is_managed and not is_administrator:
        return True
    if administrates(actor) and is_managed:
        return True
    if administrates_all(actor) and account.organisation is None and is_administrator:
        return True
    is_own = account.organisation_id is not None and account.organisation_id == actor.organisation_id
    return may_lead(actor) and is_own and not is_administrator


def can_change_account(actor: Actor, account: Account) -> bool:
    """End it, or let its holder in again: whoever sees the account, but never its holder. So nobody is locked out by
    mistake, and no organisation loses its only lead."""
    return can_see_account(actor, account) and account.id != actor.account_id


def can_give_right_to_publish(actor: Actor, account: Account) -> bool:
    """The lead, to a contributor of the same organisation. A lead has it anyway."""
    roles = {row.role for row in account.roles}
    return may_lead(actor) and can_see_account(actor, account) and roles == {Role.CONTRIBUTOR}


def can_change_roles(actor: Actor, account: Account) -> bool:
    """Roles of the State, to people of the State."""
    kind = account.organisation.kind if account.organisation else None
    return can_change_account(actor, account) and kind in STATE_KINDS


def can_hand_over(actor: Actor, account: Account) -> bool:
    """Pass the work of a focal point or alternate on to a successor."""
    roles = {row.role for row in account.roles}
    return can_change_roles(actor, account) and not roles.isdisjoint(WRITERS)
