"""Makes accounts for the command line and the seed (invitations make the others), changes what their holders may
change, ends them."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, Text, delete, select, type_coerce
from sqlalchemy.orm import Session, undefer
from sqlalchemy.orm.attributes import flag_modified

from tracker.failures import BadInput, NotAllowed, Refused, ValidationFailed
from tracker.history.lines import write_line
from tracker.identity.account_lines import write_account_line
from tracker.identity.passphrases import STRONG, HashCost, hash_passphrase
from tracker.identity.sign_ins import StoredCredentials, end_sign_ins, lock_credentials, plain_handle
from tracker.keys import SEALED
from tracker.language import gettext, long_date
from tracker.models.accounts import (
    Account,
    AccountRole,
    Invitation,
    InvitationKind,
    RecoveryCode,
    Role,
)
from tracker.models.organisations import Organisation
from tracker.policy.accounts import may_create_accounts
from tracker.policy.actors import Actor, is_independent_account
from tracker.policy.mails import may_get_mail, would_get_mail
from tracker.policy.roles import ROLES_OF_INDEPENDENTS, ROLES_OF_THE_STATE
from tracker.queries.organisations import count_leads


def create_account(
    session: Session,
    actor: Actor,
    handle: str,
    roles: Collection[Role],
    organisation: Organisation | None,
    passphrase: str,
    now: datetime,
    *,
    email: str | None = None,
    may_publish: bool = False,
    hashing: HashCost = STRONG,
) -> Account:
    """An account with its roles. Roles of the State need an organisation of the State, contributors and leads an
    independent one. An e-mail address is taken for roles that mail is sent to, and for no others."""
    if not may_create_accounts(actor):
        raise NotAllowed
    handle = plain_handle(handle)
    is_state = organisation is not None and organisation.kind.is_of_the_state
    _check(session, handle, roles, organisation, is_state)
    address = read_address(email)
    if address and not would_get_mail(roles, organisation.kind if organisation else None):
        raise BadInput(gettext("Leave out the e-mail address: no mail is sent to this role."))
    if organisation and Role.ORGANISATION_LEAD in roles:
        lock_organisation(session, organisation.id)
        withdraw_registrars_links(session, organisation, count_leads(session, organisation))
    account = Account(
        handle=handle,
        passphrase_hash=hash_passphrase(passphrase, hashing),
        organisation=organisation,
        may_publish=may_publish,
        email=address,
        created_at=now,
        roles=[AccountRole(role=role) for role in sorted(set(roles))],
    )
    session.add(account)
    session.flush()
    write_account_line(session, actor, "create_account", account, now)
    return account


def lock_organisation(session: Session, organisation_id: int) -> None:
    """Locks the row until the transaction ends: only one transaction at a time makes a lead of an independent
    organisation, or a link to one. Rows that refer to the organisation can still be written (`key_share`)."""
    query = select(Organisation.id).where(Organisation.id == organisation_id)
    session.scalar(query.with_for_update(key_share=True))


def lock_open_organisation(session: Session, organisation: Organisation) -> None:
    """Until the transaction ends the organisation neither ends nor passes on (`key_share`: whoever ends one locks its
    row alone). Raises `Refused` where it has ended."""
    session.refresh(organisation, ["valid_to"], with_for_update={"read": True, "key_share": True})
    refuse_ended(organisation)


def refuse_ended(organisation: Organisation) -> None:
    if organisation.valid_to is not None:
        raise Refused(
            gettext(
                "%(name)s ended on %(day)s already. Nothing was changed.",
                name=organisation.name,
                day=long_date(organisation.valid_to),
            )
        )


def withdraw_registrars_links(session: Session, organisation: Organisation, leads_before: int) -> None:
    """Call it when a lead was added: the registrar's links are no longer needed. If there were leads before, these are
    the links that replace the only lead; otherwise all links to an account of the organisation."""
    statement = delete(Invitation).where(Invitation.organisation_id == organisation.id)
    statement = statement.where(Invitation.kind == InvitationKind.ACCOUNT)
    session.execute(statement.where(Invitation.replaces_id.is_not(None)) if leads_before else statement)


def change_passphrase(
    session: Session, actor: Actor, verified: StoredCredentials, hashed: str, now: datetime
) -> bool:
    """The actor's own. The present passphrase was verified, and `hashed` computed, outside the transaction. False: the
    passphrase is not the verified one any more, and nothing was changed."""
    if not lock_credentials(session, verified, to_change_account=True):
        return False
    session.get_one(Account, actor.account_id).passphrase_hash = hashed
    session.flush()  # lock the account before the head of the history, as every change of an account does
    if not is_independent_account(actor):
        write_line(session, actor, "change_passphrase", f"account {actor.account_id}", at=now)
    return True


def change_settings(
    actor: Actor,
    account: Account,
    language: str,
    email: str | None,
    *,
    wants_mail: bool,
    saves_passphrase: bool = False,
) -> None:
    """The actor's own account. No address is stored for somebody who may not get mail, whatever the form sends; and no
    choice about password managers for somebody who is not asked."""
    account.saves_passphrase = saves_passphrase and is_independent_account(actor)
    if not may_get_mail(actor):
        account.language, account.email = language, None
        return
    account.language, account.email, account.wants_mail = language, read_address(email), wants_mail


def read_address(email: str | None) -> str | None:
    """The e-mail address as it is stored: in ASCII, which every mail server accepts. None for an empty one: nobody
    needs an address here. Only its form is checked, no server is asked. Raises `ValidationFailed`."""
    if not email:
        return None
    import email_validator  # late: its tables take 50 ms to load

    with suppress(
        ValueError
    ):  # mail servers inside a ministry have such names; another thread may have removed it
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("local")
    try:
        return email_validator.validate_email(
            email, check_deliverability=False, allow_smtputf8=False
        ).ascii_email
    except email_validator.EmailNotValidError as error:
        raise ValidationFailed(
            {"email": gettext("Enter an e-mail address such as name@example.org, or leave the field empty.")}
        ) from error


def seal_addresses(session: Session) -> int:
    """Seals the e-mail addresses that an older version stored in clear; returns their number."""
    stored = type_coerce(Account.email, Text)
    query = select(Account).where(stored.is_not(None), stored.not_like(f"{SEALED}%"))
    accounts = session.scalars(query.options(undefer(Account.email))).all()
    for account in accounts:
        flag_modified(account, "email")
    session.flush()
    return len(accounts)


def close_account(session: Session, account: Account, now: datetime) -> int:
    """Ends the account for good. Removes its sign-ins, its e-mail address, its second factor, and the links that renew
    or replace it. Its handle stays, so that nobody else can take it. Closes the open links that it made; returns how
    many. The caller has checked the policy and writes the history line."""
    account.ended_at = account.ended_at or now
    account.email = account.totp_secret = account.totp_last_step = None
    end_sign_ins(session, account.id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    concerns_account = (Invitation.account_id == account.id) | (Invitation.replaces_id == account.id)
    session.execute(delete(Invitation).where(concerns_account))
    session.flush()
    return close_links(session, account)


def close_links(session: Session, account: Account, keep: ColumnElement[bool] | None = None) -> int:
    """Deletes the open links that this account made, except those that match `keep`. Returns how many."""
    statement = delete(Invitation).where(Invitation.made_by == str(account.id))
    if keep is not None:
        statement = statement.where(Invitation.id.not_in(select(Invitation.id).where(keep)))
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]  # a delete gives a cursor result


def _check(
    session: Session,
    handle: str,
    roles: Collection[Role],
    organisation: Organisation | None,
    is_state: bool,
) -> None:
    role_set = set(roles)
    if not handle:
        raise BadInput(gettext("Give the account a username."))
    if session.scalar(select(Account.id).where(Account.handle == handle)):
        raise BadInput(
            gettext("There is an account %(handle)s already: choose another username.", handle=handle)
        )
    if not role_set.isdisjoint(ROLES_OF_THE_STATE) and not is_state:
        raise BadInput(gettext("This role needs an organisation of the State."))
    if not role_set.isdisjoint(ROLES_OF_INDEPENDENTS) and (organisation is None or is_state):
        raise BadInput(gettext("This role needs an independent organisation."))
    if Role.ADMINISTRATOR in role_set and organisation is not None and not is_state:
        raise BadInput(gettext("An administrator is never of an independent organisation."))
    if Role.REGISTRAR in role_set and (is_state or Role.ADMINISTRATOR in role_set):
        raise BadInput(gettext("A registrar is never of the government and never an administrator."))
    if Role.REGISTRAR in role_set and not role_set.isdisjoint(ROLES_OF_INDEPENDENTS):
        raise BadInput(gettext("A registrar is never a contributor or lead as well: make two accounts."))
