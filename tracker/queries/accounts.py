"""The actor's own account. Those of other people are in `queries/people.py`."""

from sqlalchemy.orm import Session

from tracker.failures import NotFound
from tracker.models.accounts import Account
from tracker.policy.actors import Actor


def get_own_account(session: Session, actor: Actor) -> Account:
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound
    return account
