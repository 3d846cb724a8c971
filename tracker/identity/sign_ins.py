"""Sign-in and sign-out: reads accounts before there is an actor.

A person of the State is signed out after two idle hours, and after twelve hours in any case; an independent person
(whose open laptop may be taken) after half an hour, and after eight hours. With a second factor, the passphrase alone
opens only the page that asks for the code, for ten minutes.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.failures import NotFound
from tracker.identity.passphrases import QUEUE, Queue, is_passphrase
from tracker.models.accounts import Account, AccountRole, SignIn
from tracker.models.organisations import Organisation
from tracker.policy.accounts import must_have_second_factor
from tracker.policy.actors import Actor, is_independent_account

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
IDLE_INDEPENDENT, LONGEST_INDEPENDENT = timedelta(minutes=30), timedelta(hours=8)
CODE_LIFETIME = timedelta(minutes=10)
TOUCH_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True)
class SignInSession:
    """Whose token it is. `is_stale`: `last_seen_at` must be updated. `needs_code`: only the passphrase was given.
    `has_factor`: the account has a second factor."""

    actor: Actor
    account_id: UUID
    sign_in_id: UUID
    needs_code: bool
    has_factor: bool
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
    """What a passphrase was checked against. `lock_credentials` requires it unchanged when the check takes effect."""

    account_id: UUID
    passphrase_hash: str


def find_credentials(session: Session, handle: str) -> StoredCredentials | None:
    """For `check_passphrase`. Two functions, so that no connection is in use while the hash is computed."""
    query = select(Account.id, Account.passphrase_hash)
    query = query.where(Account.handle == plain_handle(handle), Account.ended_at.is_(None))
    row = session.execute(query).first()
    return StoredCredentials(row.id, row.passphrase_hash) if row else None


def find_language(session: Session, account_id: UUID) -> str:
    """The language that the account has chosen."""
    return session.execute(select(Account.language).where(Account.id == account_id)).scalar_one()


def check_passphrase(
    credentials: StoredCredentials | None, passphrase: str, queue: Queue = QUEUE
) -> StoredCredentials | None:
    """The credentials if the passphrase is theirs. An unknown handle gives the same answer after the same time."""
    is_right = is_passphrase(passphrase, credentials.passphrase_hash if credentials else None, queue)
    return credentials if is_right else None


def lock_credentials(
    session: Session, credentials: StoredCredentials, *, to_change_account: bool = False
) -> bool:
    """Are these still the credentials of an open account? Call it in the transaction of whatever the passphrase allows,
    before anything is written there: the passphrase was checked outside, and may have been changed since. The row stays
    locked until the transaction ends, so that whoever changes the passphrase waits, and then ends what was begun."""
    query = select(Account.id).where(
        Account.id == credentials.account_id,
        Account.passphrase_hash == credentials.passphrase_hash,
        Account.ended_at.is_(None),
    )
    locked = query.with_for_update(key_share=True) if to_change_account else query.with_for_update(read=True)
    return session.scalar(locked) is not None


def lock_sign_in(session: Session, account_id: UUID, token: str) -> bool:
    """Is the sign-in with this token still there? Call it in the transaction that changes how the account is opened,
    before anything is written there: whoever did the same a moment ago has ended all other sign-ins. The account stays
    locked until the transaction ends."""
    session.scalar(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    query = select(SignIn.id).where(SignIn.token_hash == _hash(token), SignIn.account_id == account_id)
    return session.scalar(query) is not None


def plain_handle(handle: str) -> str:
    """The handle as it is stored: capital and small letters are the same, and й as one character or as two."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", handle).strip().casefold())


def begin_sign_in(session: Session, account_id: UUID, now: datetime, *, needs_code: bool = False) -> str:
    """Returns a new token for the cookie. Also deletes expired sign-ins."""
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    lifetime = CODE_LIFETIME if needs_code else _lifetimes(read_actor(session, account_id))[1]
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=_hash(token),
            account_id=account_id,
            needs_code=needs_code,
            last_seen_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def complete_sign_in(session: Session, account_id: UUID, token: str, now: datetime) -> str | None:
    """Replaces the token after the code: the old one no longer works (session fixation). None where somebody ended the
    first half meanwhile. The caller has locked the account (`second_factors.use_code`)."""
    return begin_sign_in(session, account_id, now) if sign_out(session, token) else None


def renew_sign_in(session: Session, account_id: UUID, now: datetime) -> str:
    """When the passphrase or the second factor was changed: ends every sign-in of the account, which was opened with
    less or by somebody else, and begins another one for this browser. The caller has changed the account's row in this
    transaction, so that no sign-in can begin meanwhile."""
    end_sign_ins(session, account_id)
    return begin_sign_in(session, account_id, now)


def asks_for_code(session: Session, account_id: UUID) -> bool:
    return session.scalar(select(Account.totp_secret).where(Account.id == account_id)) is not None


def find_sign_in_session(session: Session, token: str, now: datetime) -> SignInSession | None:
    """None: unknown, ended or expired. An actor who must have a second factor and has none `is_setting_up`.

    One statement, with a row for each role: every page of a signed-in person asks this first.
    """
    columns = (
        SignIn.id.label("sign_in_id"),
        SignIn.needs_code,
        SignIn.last_seen_at,
        Account.id,
        Account.handle,
        Account.organisation_id,
        Organisation.original_id,
        Account.may_publish,
        Account.saves_passphrase,
        Account.totp_secret.is_not(None).label("has_factor"),
        Organisation.kind,
        Organisation.state_code,
        AccountRole.role,
    )
    query = (
        select(*columns)
        .join(Account, Account.id == SignIn.account_id)
        .outerjoin(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(AccountRole, AccountRole.account_id == Account.id)
        .where(SignIn.token_hash == _hash(token), SignIn.expires_at > now, Account.ended_at.is_(None))
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    first = rows[0]
    actor = Actor(
        account_id=first.id,
        handle=first.handle,
        roles=frozenset(row.role for row in rows if row.role),
        organisation_id=first.organisation_id,
        original_organisation_id=first.original_id,
        organisation_kind=first.kind,
        state_code=first.state_code,
        may_publish=first.may_publish,
        saves_passphrase=first.saves_passphrase,
    )
    idle = now - first.last_seen_at
    if idle >= _lifetimes(actor)[0]:
        return None
    if must_have_second_factor(actor) and not first.has_factor:
        actor = Actor(account_id=first.id, handle=first.handle, is_setting_up=True)
    return SignInSession(
        actor,
        first.id,
        first.sign_in_id,
        needs_code=first.needs_code,
        has_factor=first.has_factor,
        is_stale=idle > TOUCH_INTERVAL,
    )


def actor_of(account: Account) -> Actor:
    """The actor of an account whose organisation and roles are loaded."""
    return Actor(
        account_id=account.id,
        handle=account.handle,
        roles=frozenset(row.role for row in account.roles),
        organisation_id=account.organisation_id,
        original_organisation_id=account.organisation.original_id if account.organisation else None,
        organisation_kind=account.organisation.kind if account.organisation else None,
        state_code=account.organisation.state_code if account.organisation else None,
        may_publish=account.may_publish,
        saves_passphrase=account.saves_passphrase,
    )


def read_actor(session: Session, account_id: UUID) -> Actor:
    """The holder of an account with all stored roles, also before the sign-in is complete."""
    options = (joinedload(Account.organisation), selectinload(Account.roles))
    return actor_of(session.get_one(Account, account_id, options=options, populate_existing=True))


def touch_sign_in(session: Session, token: str, now: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(last_seen_at=now))


def find_handle(session: Session, token: str) -> str | None:
    """Of whoever signed in with this token, also while a code is missing."""
    query = select(Account.handle).join(SignIn, SignIn.account_id == Account.id)
    return session.scalar(query.where(SignIn.token_hash == _hash(token)))


def sign_out(session: Session, token: str) -> bool:
    """Ends the sign-in at once, on every device that holds this token. False: it had ended before."""
    result = session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a delete gives a cursor result


def list_own_sign_ins(session: Session, actor: Actor, here: UUID, now: datetime) -> list[OwnSignIn]:
    """Those that have not expired: this browser (`here`) first, then the most recently used."""
    query = select(SignIn).where(SignIn.account_id == actor.account_id, SignIn.expires_at > now)
    longest_idle = _lifetimes(actor)[0]
    rows = [row for row in session.scalars(query) if now - row.last_seen_at < longest_idle]
    rows.sort(key=lambda row: (row.id != here, now - row.last_seen_at, row.id))
    return [OwnSignIn(row.id, row.id == here, row.needs_code, now - row.last_seen_at) for row in rows]


def end_sign_in(session: Session, actor: Actor, sign_in_id: UUID) -> None:
    """Ends one of the actor's own. Raises `NotFound` for one of another person."""
    statement = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.account_id == actor.account_id)
    if not session.execute(statement).rowcount:  # type: ignore[attr-defined]  # a delete gives a cursor result
        raise NotFound


def end_sign_ins(session: Session, account_id: UUID) -> None:
    """Ends all sign-ins of an account."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))


def _lifetimes(actor: Actor) -> tuple[timedelta, timedelta]:
    """How long a sign-in may be idle, and how long it lives at most."""
    return (IDLE_INDEPENDENT, LONGEST_INDEPENDENT) if is_independent_account(actor) else (IDLE, LONGEST)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
