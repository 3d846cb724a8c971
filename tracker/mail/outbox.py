"""The outbox: a mail is a row, added in the transaction that decides on it and claimed before it is sent.

A claim that is older than its lease belongs to a process that died between claim and send; the next process takes the
mail over. So no mail is lost, and for each process that dies at most one mail is sent twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from tracker.mail.digest import Words
from tracker.models.accounts import Account
from tracker.models.reminders import MailKind, OutgoingMail

LEASE = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=12)
MOST_ATTEMPTS = 12


@dataclass(frozen=True)
class Claim:
    """A mail that this process has to send: a copy of the row, for the time after the commit."""

    mail_id: UUID
    language: str
    subject: str
    body: str
    attempts: int
    claimed_by: str
    claimed_at: datetime


def queue_mail(
    session: Session, kind: MailKind, account: Account, words: Words, on_date: date, now: datetime
) -> OutgoingMail:
    mail = OutgoingMail(
        id=uuid4(),
        kind=kind,
        account_id=account.id,
        on_date=on_date,
        language=account.language,
        subject=words.subject,
        body=words.body,
        created_at=now,
        next_try_at=now,
    )
    session.add(mail)
    return mail


def claim_next(session: Session, claimed_by: str, now: datetime) -> Claim | None:
    """Claims the oldest mail that is due for this process; the caller commits before it sends.

    The UPDATE repeats the condition, so that only one of two processes gets the row.
    """
    due = (
        OutgoingMail.sent_at.is_(None),
        OutgoingMail.next_try_at <= now,
        OutgoingMail.attempts < MOST_ATTEMPTS,
        _is_free(now),
    )
    candidate = session.scalar(
        select(OutgoingMail.id)
        .where(*due)
        .order_by(OutgoingMail.next_try_at, OutgoingMail.created_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if candidate is None:
        return None
    claimed = session.scalar(
        update(OutgoingMail)
        .where(OutgoingMail.id == candidate, *due)
        .values(claimed_at=now, claimed_by=claimed_by, attempts=OutgoingMail.attempts + 1)
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    )
    return _read_claim(session, claimed, claimed_by, now) if claimed else None


def find_address(session: Session, claim: Claim) -> str | None:
    """Returns the current address; None where it was removed or the account has ended. Raises `KeyMissing` where the
    key folder does not open it. Call it after the claim, so that the mails of others go on."""
    query = select(Account.email).join(OutgoingMail, OutgoingMail.account_id == Account.id)
    return session.scalar(query.where(OutgoingMail.id == claim.mail_id, Account.ended_at.is_(None)))


def note_sent(session: Session, mail_id: UUID, now: datetime) -> None:
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id)
        .values(sent_at=now, claimed_at=None, claimed_by=None, last_error=None)
    )


def note_failure(session: Session, claim: Claim, error: str, now: datetime) -> None:
    """Schedules a retry; the wait doubles each time, up to `LONGEST_RETRY`. After `MOST_ATTEMPTS` the coordinator sees
    that the mail failed.

    Changes nothing where another process has taken the mail over meanwhile.
    """
    wait = min(FIRST_RETRY * 2 ** max(claim.attempts - 1, 0), LONGEST_RETRY)
    session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.id == claim.mail_id,
            OutgoingMail.sent_at.is_(None),
            OutgoingMail.claimed_by == claim.claimed_by,
            OutgoingMail.claimed_at == claim.claimed_at,
        )
        .values(claimed_at=None, claimed_by=None, last_error=error, next_try_at=now + wait)
    )


def is_given_up(mail: OutgoingMail, now: datetime) -> bool:
    """Whether no attempt is left and none is running."""
    is_free = mail.claimed_at is None or mail.claimed_at < now - LEASE
    return mail.sent_at is None and mail.attempts >= MOST_ATTEMPTS and is_free


def try_again(session: Session, mail_id: UUID, now: datetime) -> bool:
    """Queues a mail again that was given up, with all its attempts; returns False, without a change, for any other.

    The UPDATE has the condition, so a process that is sending the mail just now keeps its claim.
    """
    queued = session.scalar(
        update(OutgoingMail)
        .where(
            OutgoingMail.id == mail_id,
            OutgoingMail.sent_at.is_(None),
            OutgoingMail.attempts >= MOST_ATTEMPTS,
            _is_free(now),
        )
        .values(attempts=0, next_try_at=now, last_error=None, claimed_at=None, claimed_by=None)
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    )
    return queued is not None


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(OutgoingMail.claimed_at.is_(None), OutgoingMail.claimed_at < now - LEASE)


def _read_claim(session: Session, mail_id: UUID, claimed_by: str, claimed_at: datetime) -> Claim:
    mail = session.get_one(OutgoingMail, mail_id, populate_existing=True)
    return Claim(
        mail.id,
        mail.language,
        mail.subject,
        mail.body,
        mail.attempts,
        claimed_by,
        claimed_at,
    )
