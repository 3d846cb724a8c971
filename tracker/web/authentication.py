"""Verifies passphrases and codes. Each attempt is counted before it is verified (`identity/throttles.py`)."""

from uuid import UUID

from flask import current_app

from tracker import clock
from tracker.identity import passphrases, second_factors, sign_ins, throttles
from tracker.identity.sign_ins import StoredCredentials
from tracker.web import access
from tracker.web.transactions import database, session


def verify_passphrase(handle: str, passphrase: str) -> StoredCredentials | None:
    """The credentials of this handle and passphrase, or None. Call it before the request's session writes: it counts
    attempts in transactions of its own and computes the hash outside them, so the transaction that the passphrase
    allows must call `lock_credentials`. It takes a place in the queue before it writes anything: a person who meets a
    full queue (`TooBusy`) loses no attempt, and a flood costs little."""
    if not passphrases.is_allowed_length(passphrase):
        return None
    handle = sign_ins.plain_handle(handle)
    with database().reading() as reading:
        is_known = throttles.is_known(reading, handle, access.device())
    queue = passphrases.KNOWN_BROWSER_QUEUE if is_known else passphrases.QUEUE
    with queue.place():
        return _verify_in(queue, handle, passphrase)


def hash_passphrase(passphrase: str) -> str:
    """At the cost of this instance."""
    cost = passphrases.cost_of(current_app.config["TRACKER"].TRACKER_ENV)
    return passphrases.hash_passphrase(passphrase, cost)


def _verify_in(queue: passphrases.Queue, handle: str, passphrase: str) -> StoredCredentials | None:
    with database().transaction() as counting:
        bucket = throttles.record_attempt(counting, handle, access.device(), clock.now())
    is_counted = False
    try:
        with database().reading() as reading:
            credentials = sign_ins.find_credentials(reading, handle)
        verified = sign_ins.check_passphrase(credentials, passphrase, queue)
        is_counted = verified is None
    finally:
        if not is_counted:  # it was right, or could not be verified
            with database().transaction() as counting:
                throttles.refund_attempt(counting, bucket)
    return verified


def _count_code_attempt(handle: str) -> str:
    """Counts an attempt with a code and returns its bucket. Call it before the request's session writes."""
    with database().transaction() as counting:
        return throttles.record_attempt(counting, handle, access.device(), clock.now(), "code ")


def verify_code(account_id: UUID, handle: str, code: str) -> bool:
    """Is the code right? A right one is used up, in the transaction of the request that it allows."""
    bucket = _count_code_attempt(handle)
    if not second_factors.use_code(session(), account_id, code, clock.now()):
        return False
    throttles.refund_attempt(session(), bucket)
    return True
