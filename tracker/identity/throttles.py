"""How often somebody may be wrong. Each function is a short transaction of its own at its caller (`web`), so that
what was counted stays counted when the request is refused. The table holds digests, no handle and no device."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.failures import TooManyTries
from tracker.models.accounts import Throttle
from tracker.models.sealed import keys_of

LIMITS = ((timedelta(minutes=15), 10), (timedelta(days=1), 100))
"""Wrong tries within a time that begins with the first of them."""
_INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def count_attempt(session: Session, what: str, now: datetime) -> None:
    """Counts a try before it is looked at, so that many at once are not more than the limit; `refund_attempt` takes a
    right one back. Raises `TooManyTries`. What is unknown counts like what is known."""
    _forget(session, now)
    for length, most in LIMITS:
        if not _count(session, _name(what, length), length, most, now):
            since = session.scalar(select(Throttle.since).where(Throttle.tried == _name(what, length))) or now
            raise TooManyTries(max(1, int((since + length - now).total_seconds()) + 1))


def record_attempt(session: Session, handle: str, device: str, now: datetime, kind: str = "") -> str:
    """Counts a try in the bucket of this browser, and gives that; `kind` says what is tried, if not the passphrase."""
    tries = f"{kind}{whose_tries(session, handle, device)}"
    try:
        count_attempt(session, tries, now)
    except TooManyTries as error:
        raise TooManyTries(error.seconds, is_known(session, handle, device)) from error
    return tries


def refund_attempt(session: Session, what: str) -> None:
    """Takes an attempt back that was right, or that nobody looked at. It changes the rows in the order of
    `count_attempt`: in another order two attempts at once could deadlock."""
    for length, _ in LIMITS:
        session.execute(
            update(Throttle)
            .where(Throttle.tried == _name(what, length), Throttle.times > 0)
            .values(times=Throttle.times - 1)
            .execution_options(synchronize_session=False)
        )


def make_device(session: Session, handle: str) -> str:
    """What a browser shows to be known to this account's owner. Nobody makes one without the key folder, and it
    says neither whose nor where."""
    nonce = secrets.token_hex(16)
    return f"{nonce}.{_sign(session, handle, nonce)}"


def whose_tries(session: Session, handle: str, device: str) -> str:
    """The bucket of a try: a known browser has its own, so that a stranger who floods a handle does not lock its
    owner out."""
    nonce = device.partition(".")[0]
    return f"device {nonce} {handle}" if is_known(session, handle, device) else f"handle {handle}"


def is_known(session: Session, handle: str, device: str) -> bool:
    """Whether the owner signed in before in the browser that shows this; nobody waits for the database."""
    nonce, _, signature = device.partition(".")
    return secrets.compare_digest(signature.encode(), _sign(session, handle, nonce).encode())


def _forget(session: Session, now: datetime) -> None:
    """What is over leaves no trail. Rows that another request is counting in are left to it: waiting for each other
    two requests could wait for ever."""
    longest = max(length for length, _ in LIMITS)
    over = select(Throttle.tried).where(Throttle.since <= now - longest).with_for_update(skip_locked=True)
    session.execute(
        delete(Throttle).where(Throttle.tried.in_(over)).execution_options(synchronize_session=False)
    )


def _sign(session: Session, handle: str, nonce: str) -> str:
    return keys_of(session.get_bind().dialect).digest("device", f"{handle} {nonce}")


def _name(what: str, length: timedelta) -> str:
    return f"{int(length.total_seconds())} {what}"


def _count(session: Session, name: str, length: timedelta, most: int, now: datetime) -> bool:
    """One statement, so that two tries at once are two. A time that has passed begins anew."""
    is_over = Throttle.since <= now - length
    insert = _INSERT[session.get_bind().dialect.name](Throttle)
    counted = (
        insert.values(tried=name, times=1, since=now)
        .on_conflict_do_update(
            index_elements=[Throttle.tried],
            set_={
                "times": case((is_over, 1), else_=Throttle.times + 1),
                "since": case((is_over, now), else_=Throttle.since),
            },
            where=or_(is_over, Throttle.times < most),
        )
        .returning(Throttle.times)
    )
    return session.execute(counted).first() is not None
