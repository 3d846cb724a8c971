"""Sign-in and sign-out; the only place that reads accounts without an actor."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from tracker.models.accounts import Account, AccountRole, SignIn
from tracker.models.organisations import Organisation
from tracker.policy.actors import Actor
from tracker.services.passphrases import is_passphrase

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
TOUCHED_EVERY = timedelta(minutes=5)


def check_passphrase(session: Session, handle: str, passphrase: str) -> UUID | None:
    """The account that handle and passphrase open. The answer and its time are the same for unknown handles."""
    account = session.scalar(
        select(Account).where(Account.handle == handle.strip().casefold(), Account.ended_at.is_(None))
    )
    is_right = is_passphrase(passphrase, account.passphrase_hash if account else None)
    return account.id if is_right and account else None


def begin_sign_in(session: Session, account_id: UUID, now: datetime) -> str:
    """A new token for the cookie; sign-ins that have run out are removed on the way."""
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(token_hash=_hash(token), account_id=account_id, last_seen_at=now, expires_at=now + LONGEST)
    )
    return token


# One row for each role, without making objects: every page of a signed-in person asks this first.
_HOLDER = (
    select(
        SignIn.last_seen_at,
        Account.id,
        Account.handle,
        Account.organisation_id,
        Account.may_publish,
        Organisation.kind,
        AccountRole.role,
    )
    .join(Account, Account.id == SignIn.account_id)
    .outerjoin(Organisation, Organisation.id == Account.organisation_id)
    .outerjoin(AccountRole, AccountRole.account_id == Account.id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.expires_at > bindparam("now"),
        SignIn.last_seen_at > bindparam("idle_since"),
        Account.ended_at.is_(None),
    )
)


def find_actor(where: Session | Connection, token: str, now: datetime) -> tuple[Actor, bool] | None:
    """Who holds the token, and whether its idle time should be written anew. None: ended or unknown.

    A connection is enough, and every page of a signed-in person asks it.
    """
    values = {"token_hash": _hash(token), "now": now, "idle_since": now - IDLE}
    rows = where.execute(_HOLDER, values).all()
    if not rows:
        return None
    first = rows[0]
    actor = Actor(
        account_id=first.id,
        handle=first.handle,
        roles=frozenset(row.role for row in rows if row.role),
        organisation_id=first.organisation_id,
        organisation_kind=first.kind,
        may_publish=first.may_publish,
    )
    return actor, now - first.last_seen_at > TOUCHED_EVERY


def actor_of(account: Account) -> Actor:
    """The actor of an account whose organisation and roles are loaded."""
    return Actor(
        account_id=account.id,
        handle=account.handle,
        roles=frozenset(held.role for held in account.roles),
        organisation_id=account.organisation_id,
        organisation_kind=account.organisation.kind if account.organisation else None,
        may_publish=account.may_publish,
    )


def touch_sign_in(session: Session, token: str, now: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(last_seen_at=now))


def sign_out(session: Session, token: str) -> None:
    """Ends the sign-in at once, on every device that holds this token."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
