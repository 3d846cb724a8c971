"""Limits wrong attempts. The caller (`web`) runs each function in a short transaction of its own, so that an attempt
stays counted when the request is refused. The tables hold digests, no handle and no browser, and nothing of an attempt
that was right."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.failures import TooManyAttempts
from tracker.models.accounts import KnownBrowser, Throttle

LIMITS = ((timedelta(minutes=15), 10), (timedelta(days=1), 100))
"""Windows, which begin with their first attempt, and the most attempts in each."""
PUBLICATIONS = (timedelta(minutes=10), 30)
"""The most assessments that an organisation publishes in such a time."""
BROWSER_LIFETIME = timedelta(days=90)
_INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def consume_attempt(session: Session, key: str, now: datetime) -> None:
    """Counts an attempt before it is verified, so that many at once cannot exceed the limit; `refund_attempt` takes a
    right one back. Raises `TooManyAttempts`. Unknown handles count like known ones."""
    _delete_expired(session, now)
    for length, limit in LIMITS:
        if not _count(session, _name(key, length), length, limit, now):
            since = session.scalar(select(Throttle.since).where(Throttle.tried == _name(key, length))) or now
            raise TooManyAttempts(max(1, int((since + length - now).total_seconds()) + 1))


def count_publication(session: Session, organisation_id: int, now: datetime) -> int | None:
    """Counts an assessment that an organisation publishes, in the transaction that publishes it: two at once count as
    two. Returns None, or after how many seconds the organisation may publish again: every reader of a recommendation
    reads what is published there. What is withdrawn stays counted."""
    length, limit = PUBLICATIONS
    name = _name(f"publications of {organisation_id}", length)
    if _count(session, name, length, limit, now):
        return None
    since = session.scalar(select(Throttle.since).where(Throttle.tried == name)) or now
    return max(1, int((since + length - now).total_seconds()) + 1)


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
    nothing_left = Throttle.tried.in_([_name(key, length) for length, _ in LIMITS]), Throttle.times <= 0
    session.execute(delete(Throttle).where(*nothing_left), execution_options={"synchronize_session": False})


def remember_browser(session: Session, handle: str, device: str, now: datetime) -> str:
    """A new token for the cookie of the browser in which the owner of this account has signed in. It names neither the
    account nor the place, and replaces the one that the browser sent."""
    forget_browser(session, handle, device)
    token = secrets.token_urlsafe(32)
    expires = (now + BROWSER_LIFETIME).date()
    until = (expires.replace(day=1) + timedelta(days=32)).replace(day=1)
    session.execute(insert(KnownBrowser).values(token=f"{handle} {token}", until=until))
    return token


def forget_browser(session: Session, handle: str, device: str) -> None:
    statement = delete(KnownBrowser).where(KnownBrowser.token == f"{handle} {device}")
    session.execute(statement, execution_options={"synchronize_session": False})


def forget_expired(session: Session, now: datetime) -> None:
    """Deletes counts whose windows are over, and browsers that nobody has signed in with for long."""
    _delete_expired(session, now)
    statement = delete(KnownBrowser).where(KnownBrowser.until < now.date())
    session.execute(statement, execution_options={"synchronize_session": False})


def throttle_key(session: Session, handle: str, device: str) -> str:
    """What attempts are counted by. A known browser has a key of its own, so that somebody else who floods a handle
    does not lock its owner out."""
    return f"device {device} {handle}" if is_known(session, handle, device) else f"handle {handle}"


def is_known(session: Session, handle: str, device: str) -> bool:
    """Has the owner signed in before in the browser with this token?"""
    if not device:
        return False
    query = select(KnownBrowser.until).where(KnownBrowser.token == f"{handle} {device}")
    return session.scalar(query) is not None


def _delete_expired(session: Session, now: datetime) -> None:
    """Deletes rows whose windows are over. Skips rows that another request has locked: two requests that wait for each
    other would deadlock."""
    longest = max(length for length, _ in LIMITS)
    expired = select(Throttle.tried).where(Throttle.since <= now - longest).with_for_update(skip_locked=True)
    session.execute(
        delete(Throttle).where(Throttle.tried.in_(expired)).execution_options(synchronize_session=False)
    )


def _name(key: str, length: timedelta) -> str:
    return f"{int(length.total_seconds())} {key}"


def _count(session: Session, name: str, length: timedelta, limit: int, now: datetime) -> bool:
    """One upsert, so that two attempts at once count as two. A window that is over starts again. False: the limit is
    reached."""
    is_over = Throttle.since <= now - length
    upsert = _INSERT[session.get_bind().dialect.name](Throttle)
    statement = (
        upsert.values(tried=name, times=1, since=now)
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
