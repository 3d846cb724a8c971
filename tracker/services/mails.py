"""Mails: another attempt at one that was given up."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.failures import NotAllowed
from tracker.history.lines import write_line
from tracker.mail import outbox
from tracker.models.reminders import OutgoingMail
from tracker.policy.actors import Actor
from tracker.policy.mails import can_see_mail


def try_again(session: Session, actor: Actor, mail: OutgoingMail, now: datetime) -> bool:
    """The mail goes out with the next delivery and has all its attempts again. False: it is not given up, or
    not any more; then nothing changes."""
    if not can_see_mail(actor, mail):
        raise NotAllowed
    before = {"attempts": mail.attempts, "error": mail.last_error}
    if not outbox.try_again(session, mail.id, now):
        return False
    facts = {"handle": mail.account.handle}
    write_line(session, actor, "try_again", f"mail {mail.id}", at=now, facts=facts, before=before)
    return True
