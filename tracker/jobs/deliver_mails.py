"""Delivers the outbox: claim, commit, send, commit; one mail at a time."""

import os
import socket
from datetime import date, datetime
from functools import partial

from tracker import clock
from tracker.failures import KeyMissing
from tracker.jobs.context import JobContext
from tracker.mail import delivery, outbox
from tracker.mail.outbox import Claim

MOST_A_RUN = 200


def deliver_due(context: JobContext, _today: date, now: datetime) -> str:
    """Sends what is due, at most `MOST_A_RUN` mails; returns how many were sent and how many failed, or an empty text
    where none was due. When it is asked to stop, it finishes the current mail; the others stay in the outbox.

    Each claim has the time at which it is made, not that of the run: a lease must not expire while others are sent.
    """
    claimed_by, started = f"{socket.gethostname()}:{os.getpid()}", clock.now()
    counts = {True: 0, False: 0}
    for _ in range(MOST_A_RUN):
        if context.stopping.is_set():
            break
        moment = now + (clock.now() - started)
        claim = context.in_transaction(partial(outbox.claim_next, claimed_by=claimed_by, now=moment))
        if claim is None:
            break
        counts[_deliver(context, claim, moment)] += 1
    return f"{counts[True]} sent, {counts[False]} failed" if any(counts.values()) else ""


def _deliver(context: JobContext, claim: Claim, now: datetime) -> bool:
    try:
        with context.database.reading() as session:
            to = outbox.find_address(session, claim)
        delivery.send(claim, to, context.mail_from, context.mail_url, now)
    except (delivery.NotDelivered, KeyMissing) as error:
        reason = "AddressDoesNotOpen" if isinstance(error, KeyMissing) else str(error)
        context.in_transaction(lambda session: outbox.note_failure(session, claim, reason, now))
        return False
    context.in_transaction(lambda session: outbox.note_sent(session, claim.mail_id, now))
    return True
