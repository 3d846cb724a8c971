"""An account as its own holder sees it. Nobody's else: who sees other people is decided with their pages."""

from sqlalchemy.orm import Session

from tracker.failures import NotFound
from tracker.models.accounts import Account
from tracker.policy.actors import Actor


def get_own_account(session: Session, actor: Actor) -> Account:
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound
    return account
