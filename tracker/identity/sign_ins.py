"""Sign-in and sign-out; the only place that reads accounts without an actor.

A person of the State stays signed in for two idle hours and twelve in all, an independent one (whose open laptop
may be taken) for half an hour and eight. Whoever has a second factor first gets a sign-in that opens nothing but
the page that asks for the code, for ten minutes.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.failures import NotFound
from tracker.identity.passphrases import QUEUE, Queue, is_passphrase
from tracker.models.accounts import Account, AccountRole, SignIn
from tracker.models.organisations import Organisation
from tracker.policy.accounts import must_have_second_factor
from tracker.policy.actors import Actor, is_independent_account

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
IDLE_INDEPENDENT, LONGEST_INDEPENDENT = timedelta(minutes=30), timedelta(hours=8)
FOR_THE_CODE = timedelta(minutes=10)
TOUCHED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class SignInSession:
    """Who holds a token. `is_stale`: its idle time should be written anew. `needs_code`: only the passphrase was
    given."""

    actor: Actor
    account_id: UUID
    sign_in_id: UUID
    needs_code: bool
    is_stale: bool


@dataclass(frozen=True)
class OwnSignIn:
    """One line of the account page: no address and no name of a device, because neither is stored."""

    id: UUID
    is_this: bool
    needs_code: bool
    idle: timedelta


@dataclass(frozen=True)
class StoredCredentials:
    account_id: UUID
    passphrase_hash: str


def find_credentials(session: Session, handle: str) -> StoredCredentials | None:
    """What `check_passphrase` compares with. Two steps, so that nobody holds a connection during the slow one."""
    known = select(Account.id, Account.passphrase_hash)
    known = known.where(Account.handle == plain_handle(handle), Account.ended_at.is_(None))
    found = session.execute(known).first()
    return StoredCredentials(found.id, found.passphrase_hash) if found else None


def check_passphrase(known: StoredCredentials | None, passphrase: str, queue: Queue = QUEUE) -> UUID | None:
    """The account that the passphrase opens. Answer and time are the same for unknown handles."""
    is_right = is_passphrase(passphrase, known.passphrase_hash if known else None, queue)
    return known.account_id if is_right and known else None


def plain_handle(handle: str) -> str:
    """As it is stored: large and small letters are one, and so are й as one sign and й as two."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", handle).strip().casefold())


def begin_sign_in(session: Session, account_id: UUID, now: datetime, *, needs_code: bool = False) -> str:
    """A new token for the cookie; sign-ins that have run out are removed on the way."""
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    longest = FOR_THE_CODE if needs_code else _lengths(read_actor(session, account_id))[1]
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=_hash(token),
            account_id=account_id,
            needs_code=needs_code,
            last_seen_at=now,
            expires_at=now + longest,
        )
    )
    return token


def renew_sign_in(session: Session, account_id: UUID, token: str, now: datetime) -> str:
    """A new token in the place of the old one, which opens nothing any more: whenever somebody proved more."""
    sign_out(session, token)
    return begin_sign_in(session, account_id, now)


def asks_for_code(session: Session, account_id: UUID) -> bool:
    return session.scalar(select(Account.totp_secret).where(Account.id == account_id)) is not None


# One row for each role, without making objects: every page of a signed-in person asks this first.
_HOLDER = (
    select(
        SignIn.id.label("sign_in_id"),
        SignIn.needs_code,
        SignIn.last_seen_at,
        Account.id,
        Account.handle,
        Account.organisation_id,
        Account.may_publish,
        Account.totp_secret.is_not(None).label("has_factor"),
        Organisation.kind,
        Organisation.state_code,
        AccountRole.role,
    )
    .join(Account, Account.id == SignIn.account_id)
    .outerjoin(Organisation, Organisation.id == Account.organisation_id)
    .outerjoin(AccountRole, AccountRole.account_id == Account.id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.expires_at > bindparam("now"),
        Account.ended_at.is_(None),
    )
)


def find_sign_in_session(where: Session | Connection, token: str, now: datetime) -> SignInSession | None:
    """None: ended or unknown. Who must have a second factor and has none is `is_setting_up`.

    A connection is enough, and every page of a signed-in person asks it.
    """
    rows = where.execute(_HOLDER, {"token_hash": _hash(token), "now": now}).all()
    if not rows:
        return None
    first = rows[0]
    actor = Actor(
        account_id=first.id,
        handle=first.handle,
        roles=frozenset(row.role for row in rows if row.role),
        organisation_id=first.organisation_id,
        organisation_kind=first.kind,
        state_code=first.state_code,
        may_publish=first.may_publish,
    )
    idle = now - first.last_seen_at
    if idle >= _lengths(actor)[0]:
        return None
    if must_have_second_factor(actor) and not first.has_factor:
        actor = Actor(account_id=first.id, handle=first.handle, is_setting_up=True)
    return SignInSession(actor, first.id, first.sign_in_id, first.needs_code, idle > TOUCHED_EVERY)


def actor_of(account: Account) -> Actor:
    """The actor of an account whose organisation and roles are loaded."""
    return Actor(
        account_id=account.id,
        handle=account.handle,
        roles=frozenset(held.role for held in account.roles),
        organisation_id=account.organisation_id,
        organisation_kind=account.organisation.kind if account.organisation else None,
        state_code=account.organisation.state_code if account.organisation else None,
        may_publish=account.may_publish,
    )


def read_actor(session: Session, account_id: UUID) -> Actor:
    """The holder of an account with all roles, however far the sign-in has come."""
    whole = (joinedload(Account.organisation), selectinload(Account.roles))
    return actor_of(session.get_one(Account, account_id, options=whole, populate_existing=True))


def touch_sign_in(session: Session, token: str, now: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(last_seen_at=now))


def sign_out(session: Session, token: str) -> None:
    """Ends the sign-in at once, on every device that holds this token."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def list_own_sign_ins(session: Session, actor: Actor, here: UUID, now: datetime) -> list[OwnSignIn]:
    """Those that still open something, this browser (`here`) first, then the newest use."""
    found = select(SignIn).where(SignIn.account_id == actor.account_id, SignIn.expires_at > now)
    longest_idle = _lengths(actor)[0]
    rows = [row for row in session.scalars(found) if now - row.last_seen_at < longest_idle]
    rows.sort(key=lambda row: (row.id != here, now - row.last_seen_at, row.id))
    return [OwnSignIn(row.id, row.id == here, row.needs_code, now - row.last_seen_at) for row in rows]


def end_sign_in(session: Session, actor: Actor, sign_in_id: UUID) -> None:
    """Ends one of one's own; another person's is not found."""
    own = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.account_id == actor.account_id)
    if not session.execute(own).rowcount:  # type: ignore[attr-defined]  # a delete gives a cursor result
        raise NotFound


def end_sign_ins(session: Session, account_id: UUID) -> None:
    """Ends all of an account."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))


def _lengths(actor: Actor) -> tuple[timedelta, timedelta]:
    """How long a sign-in lives without use, and at most."""
    return (IDLE_INDEPENDENT, LONGEST_INDEPENDENT) if is_independent_account(actor) else (IDLE, LONGEST)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
