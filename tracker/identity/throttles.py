"""Limits wrong attempts. The caller (`web`) runs each function in a short transaction of its own, so that an attempt
stays counted when the request is refused. The table holds digests, no handle and no device."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.failures import TooManyAttempts
from tracker.models.accounts import Throttle
from tracker.models.sealed import keys_of

LIMITS = ((timedelta(minutes=15), 10), (timedelta(days=1), 100))
"""Windows, which begin with their first attempt, and the most attempts in each."""
_INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def consume_attempt(session: Session, key: str, now: datetime) -> None:
    """Counts an attempt before it is verified, so that many at once cannot exceed the limit; `refund_attempt` takes a
    right one back. Raises `TooManyAttempts`. Unknown handles count like known ones."""
    _delete_expired(session, now)
    for length, limit in LIMITS:
        if not _count(session, _name(key, length), length, limit, now):
            since = session.scalar(select(Throttle.since).where(Throttle.tried == _name(key, length))) or now
            raise TooManyAttempts(max(1, int((since + length - now).total_seconds()) + 1))


def record_attempt(session: Session, handle: str, device: str, now: datetime, kind: str = "") -> str:
    """`consume_attempt` with the key of this browser; returns the key. `kind`: what is tried, if not the passphrase."""
    key = f"{kind}{throttle_key(session, handle, device)}"
    try:
        consume_attempt(session, key, now)
    except TooManyAttempts as error:
        raise TooManyAttempts(error.seconds, is_known(session, handle, device)) from error
    return key


def refund_attempt(session: Session, key: str) -> None:
    """Takes back an attempt that was right, or that was never verified. It changes the rows in the order of
    `consume_attempt`: in another order two attempts at once could deadlock."""
    for length, _ in LIMITS:
        session.execute(
            update(Throttle)
            .where(Throttle.tried == _name(key, length), Throttle.times > 0)
            .values(times=Throttle.times - 1)
            .execution_options(synchronize_session=False)
        )


def make_device(session: Session, handle: str) -> str:
    """The token of a browser in which the owner of this account signed in. Only a holder of the key folder can make
    one. It names neither the account nor the place."""
    nonce = secrets.token_hex(16)
    return f"{nonce}.{_sign(session, handle, nonce)}"


def throttle_key(session: Session, handle: str, device: str) -> str:
    """What attempts are counted by. A known browser has a key of its own, so that somebody else who floods a handle
    does not lock its owner out."""
    nonce = device.partition(".")[0]
    return f"device {nonce} {handle}" if is_known(session, handle, device) else f"handle {handle}"


def is_known(session: Session, handle: str, device: str) -> bool:
    """Whether the owner signed in before in the browser with this token. Runs no query."""
    nonce, _, signature = device.partition(".")
    return secrets.compare_digest(signature.encode(), _sign(session, handle, nonce).encode())


def _delete_expired(session: Session, now: datetime) -> None:
    """Deletes rows whose windows are over. Skips rows that another request has locked: two requests that wait for each
    other would deadlock."""
    longest = max(length for length, _ in LIMITS)
    expired = select(Throttle.tried).where(Throttle.since <= now - longest).with_for_update(skip_locked=True)
    session.execute(
        delete(Throttle).where(Throttle.tried.in_(expired)).execution_options(synchronize_session=False)
    )


def _sign(session: Session, handle: str, nonce: str) -> str:
    return keys_of(session.get_bind().dialect).digest("device", f"{handle} {nonce}")


def _name(key: str, length: timedelta) -> str:
    return f"{int(length.total_seconds())} {key}"


def _count(session: Session, name: str, length: timedelta, limit: int, now: datetime) -> bool:
    """One upsert, so that two attempts at once count as two. A window that is over starts again. False: the limit is
    reached."""
    is_over = Throttle.since <= now - length
    insert = _INSERT[session.get_bind().dialect.name](Throttle)
    statement = (
        insert.values(tried=name, times=1, since=now)
        .on_conflict_do_update(
            index_elements=[Throttle.tried],
            set_={
                "times": case((is_over, 1), else_=Throttle.times + 1),
                "since": case((is_over, now), else_=Throttle.since),
            },
            where=or_(is_over, Throttle.times < limit),
        )
        .returning(Throttle.times)
    )
    return session.execute(statement).first() is not None
