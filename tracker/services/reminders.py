"""Reminders of milestones: one digest mail per person and day, in the transaction that decides on it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.language import speaking
from tracker.mail import digest, outbox
from tracker.models.accounts import Account
from tracker.models.milestones import Milestone
from tracker.models.reminders import MailKind, OutgoingMail, Reminder
from tracker.models.reviews import Review
from tracker.models.settings import SET_UP_ON, Setting
from tracker.queries.milestones import list_reminded_milestones
from tracker.queries.recipients import list_recipients
from tracker.queries.reviews import is_demonstration
from tracker.services.milestones import Offset, offset_due
from tracker.services.missing_entries import find_missing


@dataclass(frozen=True)
class _Due:
    milestone: Milestone
    offset: Offset

    @property
    def cause(self) -> str:
        return f"milestone {self.milestone.key}"


def remind_of_milestones(session: Session, today: date, now: datetime, base_url: str) -> int:
    """Queues what is due today and was not queued yet; returns the number of digests.

    Safe to run twice, by hand and for any day: cause, day and person are unique in the database. Someone
    without an e-mail address, or who wants no mail, gets none (the coordinator is shown who); a digest that was
    queued today already is not queued again.
    """
    # Locks the row until the commit: a second scheduler waits, then finds everything queued.
    set_up_on = session.get(Setting, SET_UP_ON, with_for_update=True)
    if set_up_on is None:
        return 0
    due: dict[Account, list[_Due]] = defaultdict(list)
    for milestone in list_reminded_milestones(session):
        offset = offset_due(
            milestone.starts_on, milestone.ends_on, today, date.fromisoformat(set_up_on.value)
        )
        if offset:
            line = _Due(milestone, offset)
            for account in list_recipients(session, milestone):
                if not _was_reminded(session, line, account):
                    due[account].append(line)
    return sum(_queue(session, account, lines, today, now, base_url) for account, lines in due.items())


def _was_reminded(session: Session, line: _Due, account: Account) -> bool:
    return (
        session.scalar(
            select(Reminder.id).where(
                Reminder.cause == line.cause,
                Reminder.due_on == line.offset.due_on,
                Reminder.account_id == account.id,
            )
        )
        is not None
    )


def _queue(
    session: Session, account: Account, lines: list[_Due], today: date, now: datetime, base_url: str
) -> bool:
    """Queues the digest of the day. False where one was queued today already: the lines stay due for tomorrow."""
    queued = select(OutgoingMail.id).where(
        OutgoingMail.kind == MailKind.REMINDER_DIGEST,
        OutgoingMail.account_id == account.id,
        OutgoingMail.on_date == today,
    )
    if session.scalar(queued):
        return False
    words = digest.write_digest(
        _parts(session, account, lines, today, base_url),
        account.language,
        today,
        base_url,
        is_demonstration=is_demonstration(session),
    )
    mail = outbox.queue_mail(session, MailKind.REMINDER_DIGEST, account, words, today, now)
    for due in lines:
        session.add(
            Reminder(
                cause=due.cause,
                due_on=due.offset.due_on,
                account_id=account.id,
                mail_id=mail.id,
                created_at=now,
            )
        )
    return True


def _parts(
    session: Session, account: Account, lines: list[_Due], today: date, base_url: str
) -> list[digest.DigestPart]:
    """By review, in the order of their first dates."""
    by_review: dict[Review, list[digest.MilestoneLine]] = defaultdict(list)
    for due in lines:
        milestone = due.milestone
        if milestone.review:
            with speaking(account.language):
                title = milestone.title
            line = digest.MilestoneLine(
                title,
                milestone.starts_on,
                milestone.ends_on,
                milestone.certainty,
                milestone.ends_on < today,
            )
            by_review[milestone.review].append(line)
    return [
        digest.DigestPart(dates, find_missing(session, account, review, base_url))
        for review, dates in by_review.items()
    ]
