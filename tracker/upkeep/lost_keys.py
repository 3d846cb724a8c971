"""For the day when the key folder is lost for good: deletes the values that nobody can open any more."""

from typing import Any

from sqlalchemy import Text, delete, select, type_coerce, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.failures import KeyMissing, NotAllowed
from tracker.keys import SEALED, Keys
from tracker.models.accounts import Account, Invitation, RecoveryCode
from tracker.models.sealed import Sealed, keys_of
from tracker.policy.accounts import may_create_accounts
from tracker.policy.actors import Actor


def forget_sealed(session: Session, actor: Actor) -> None:
    """Deletes addresses, second factors with their recovery codes, and invitations that do not open. People who need
    one enter it anew.

    It returns no count and writes no history: either would tell how many accounts there are.
    """
    if not may_create_accounts(actor):
        raise NotAllowed
    addresses = _list_unopenable(session, Account.id, Account.email)
    session.execute(update(Account).where(Account.id.in_(addresses)).values(email=None))
    holders = _list_unopenable(session, Account.id, Account.totp_secret)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id.in_(holders)))
    session.execute(
        update(Account).where(Account.id.in_(holders)).values(totp_secret=None, totp_last_step=None)
    )
    invitations = _list_unopenable(session, Invitation.id, Invitation.note)
    session.execute(delete(Invitation).where(Invitation.id.in_(invitations)))


def _list_unopenable(
    session: Session, identifier: InstrumentedAttribute[Any], column: InstrumentedAttribute[Any]
) -> list[Any]:
    """Returns the identifiers of the rows whose value in the column no key opens."""
    kind = column.type
    assert isinstance(kind, Sealed)
    stored = type_coerce(column, Text)
    rows = session.execute(select(identifier, stored).where(stored.like(f"{SEALED}%")))
    keys = keys_of(session.get_bind().dialect)
    return [each for each, value in rows if not _opens(keys, kind.purpose, value)]


def _opens(keys: Keys, purpose: str, value: str) -> bool:
    try:
        keys.open(purpose, value)
    except KeyMissing:
        return False
    return True
