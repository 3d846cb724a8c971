"""Invitations: who sees the open ones, and so may withdraw them. Using a link needs no rule: whoever has it may use
it."""

from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, or_, select
from sqlalchemy.orm import aliased

from tracker.models.accounts import Account, Invitation, InvitationKind, Role
from tracker.models.organisations import Organisation
from tracker.policy.accounts import can_see_account, may_lead, may_manage_state_people, visible_accounts
from tracker.policy.actors import Actor
from tracker.policy.organisations import may_admit_organisations
from tracker.policy.roles import (
    INDEPENDENT_KINDS,
    administrates_all,
    admits,
    admitted_organisations,
    leads,
    managed_organisations,
    manages_people_of,
)


def visible_invitations(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_invitation` allows."""
    seen: list[ColumnElement[bool]] = [false()]
    sees_account = or_(
        Invitation.account_id.is_(None),
        Invitation.account_id.in_(select(Account.id).where(visible_accounts(actor))),
    )
    if may_manage_state_people(actor):
        seen.append(and_(_to_organisations(managed_organisations(actor)), sees_account))
    if administrates_all(actor):
        # Compares the text of the whole value, because PostgreSQL cannot compare JSON. Only invitations of
        # administrators and of registrars have no organisation.
        is_administrators = cast(Invitation.roles, Text) == f'["{Role.ADMINISTRATOR.value}"]'
        seen.append(and_(Invitation.organisation_id.is_(None), is_administrators, sees_account))
    if may_lead(actor):
        seen.append(and_(Invitation.organisation_id == actor.organisation_id, sees_account))
    if may_admit_organisations(actor):
        by_registrar = or_(Invitation.replaces_id.is_not(None), ~has_lead())
        is_account = Invitation.kind == InvitationKind.ACCOUNT
        seen.append(and_(_to_organisations(admitted_organisations(actor)), is_account, by_registrar))
    return or_(*seen)


def can_see_invitation(
    actor: Actor, invitation: Invitation, account: Account | None, *, has_lead: bool
) -> bool:
    """The invitation must be loaded with its organisation. `account` is the one whose passphrase or second factor it
    renews; `has_lead`: whether somebody leads the organisation already."""
    kind = invitation.organisation.kind if invitation.organisation else None
    sees_account = account is None or can_see_account(actor, account)
    if manages_people_of(actor, invitation.organisation) and sees_account:
        return True
    if (
        administrates_all(actor)
        and kind is None
        and invitation.roles == [Role.ADMINISTRATOR]
        and sees_account
    ):
        return True
    if kind in INDEPENDENT_KINDS:
        if may_lead(actor) and invitation.organisation_id == actor.organisation_id and sees_account:
            return True
        is_registrars = invitation.replaces_id is not None or not has_lead
        return (
            admits(actor, invitation.organisation)
            and invitation.kind == InvitationKind.ACCOUNT
            and is_registrars
        )
    return False


def has_lead() -> ColumnElement[bool]:
    """Does somebody lead the invitation's organisation already? Then the lead invites, not the registrar."""
    lead = aliased(Account)
    return exists().where(leads(Invitation.organisation_id, of=lead))


def _to_organisations(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Invitation.organisation_id.in_(select(Organisation.id).where(condition))
