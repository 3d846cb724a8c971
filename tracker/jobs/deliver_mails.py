"""Delivers the outbox: claim, commit, send, commit; one mail at a time."""

import os
import socket
from datetime import date, datetime

from tracker.jobs.surroundings import Surroundings
from tracker.mail import delivery, outbox
from tracker.models.reminders import OutgoingMail

MOST_A_RUN = 200


def deliver_due(surroundings: Surroundings, _today: date, now: datetime) -> str:
    """Sends what is due, at most `MOST_A_RUN` mails; says how many were sent and how many failed."""
    me = f"{socket.gethostname()}:{os.getpid()}"
    counts = {True: 0, False: 0}
    for _ in range(MOST_A_RUN):
        mail = surroundings.in_transaction(lambda session: outbox.claim_next(session, me, now))
        if mail is None:
            break
        counts[_deliver(surroundings, mail, now)] += 1
    return f"{counts[True]} sent, {counts[False]} failed"


def _deliver(surroundings: Surroundings, mail: OutgoingMail, now: datetime) -> bool:
    message = delivery.make_message(mail, surroundings.mail_from, now)
    try:
        delivery.deliver(message, surroundings.mail_url)
    except delivery.NotDelivered as error:
        reason = str(error)
        surroundings.in_transaction(lambda session: outbox.note_failure(session, mail, reason, now))
        return False
    surroundings.in_transaction(lambda session: outbox.note_sent(session, mail.id, now))
    return True
