"""Locks rows of accounts and reads them again before one of them is changed. Of two people who change each other, or
the last two of a kind, at the same moment, the second sees what the first has done."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.failures import NotAllowed, Refused
from tracker.identity.sign_ins import read_actor
from tracker.language import gettext, mark
from tracker.models.accounts import Account, Role
from tracker.policy.accounts import colleagues_in
from tracker.policy.actors import Actor

MUST_REMAIN = {
    Role.ORGANISATION_LEAD: mark(
        "%(handle)s is the only lead of this organisation: invite another one first."
    ),
    Role.COORDINATOR: mark("%(handle)s is the only coordinator of the State: invite another one first."),
    Role.ADMINISTRATOR: mark("%(handle)s is the only administrator: invite another one first."),
}
"""Roles that somebody must hold, and what is said to whoever would end the last holder."""


def lock_and_recheck_actor(session: Session, actor: Actor) -> None:
    """Locks the actor's row; checks again that the account is open and its roles unchanged. Ending an account or
    removing a role locks the row, too, and closes the links of the account: none can be made while that happens. Call
    it before the history line is written: that locks the head of the history, for which everybody waits."""
    if actor.account_id is None:
        return
    session.scalar(select(Account.id).where(Account.id == actor.account_id).with_for_update(read=True))
    _recheck(session, actor)


def lock_to_change(session: Session, actor: Actor, *accounts: Account) -> None:
    """Locks the rows of the actor, of the accounts and of everybody among whom one of them may be the last of a role,
    in the order of their numbers, so that nobody waits in a circle; then reads them again. Call it before anything is
    checked or written. Raises `NotAllowed` where the actor's account was ended or its roles were changed meanwhile.

    It does not wait for rows that the holder of an account writes now (`key_share`): the holder may wait for us."""
    ids = [account.id for account in accounts] + ([actor.account_id] if actor.account_id else [])
    colleagues = [colleagues_in(role, each) for each in accounts for role in _roles(each) & set(MUST_REMAIN)]
    query = select(Account.id).where(or_(Account.id.in_(ids), *colleagues)).order_by(Account.id)
    session.execute(query.with_for_update(of=Account, key_share=True))
    again = select(Account).where(Account.id.in_([account.id for account in accounts]))
    again = again.options(joinedload(Account.organisation), selectinload(Account.roles))
    session.scalars(again, execution_options={"populate_existing": True}).all()
    _recheck(session, actor)


def refuse_last(session: Session, account: Account, *roles: Role) -> None:
    """Raises `Refused` where nobody else holds one of these roles, which the account is about to lose. The caller has
    called `lock_to_change`."""
    for role, sentence in find_last_roles(session, account).items():
        if role in roles:
            raise Refused(sentence)


def find_last_roles(session: Session, account: Account) -> dict[Role, str]:
    """The roles that somebody must hold and that nobody holds but this account, each with a sentence that says so."""
    found = {}
    for role in sorted(_roles(account) & set(MUST_REMAIN)):
        others = select(Account.id).where(colleagues_in(role, account), Account.id != account.id)
        if session.scalar(others.limit(1)) is None:
            found[role] = gettext(MUST_REMAIN[role], handle=account.handle)
    return found


def _recheck(session: Session, actor: Actor) -> None:
    if actor.account_id is None:
        return
    is_open = session.scalar(select(Account.ended_at).where(Account.id == actor.account_id)) is None
    if not is_open or read_actor(session, actor.account_id).roles != actor.roles:
        raise NotAllowed


def _roles(account: Account) -> set[Role]:
    return {row.role for row in account.roles}
