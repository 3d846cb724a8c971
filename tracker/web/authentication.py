"""Proofs of who somebody is: passphrase and code, each counted before it is looked at (`identity/throttles.py`)."""

from uuid import UUID

from tracker import clock
from tracker.identity import passphrases, second_factors, sign_ins, throttles
from tracker.web import access
from tracker.web.transactions import database, session


def verify_passphrase(handle: str, passphrase: str) -> UUID | None:
    """The account that both open. Call it before the request's session writes: it counts in transactions of its
    own, and the hash is computed outside them all. A place in the line is taken before anything is written, so that a
    flood costs those whom it turns away (`TooBusy`) no try, and everybody else little."""
    if not passphrases.is_allowed_length(passphrase):
        return None
    handle = sign_ins.plain_handle(handle)
    with database().reading() as reading:
        is_known = throttles.is_known(reading, handle, access.device())
    queue = passphrases.KNOWN_BROWSER_QUEUE if is_known else passphrases.QUEUE
    with queue.place():
        return _prove_in(queue, handle, passphrase)


def _prove_in(queue: passphrases.Queue, handle: str, passphrase: str) -> UUID | None:
    with database().transaction() as counting:
        tries = throttles.record_attempt(counting, handle, access.device(), clock.now())
    is_counted = False
    try:
        with database().reading() as reading:
            known = sign_ins.find_credentials(reading, handle)
        account_id = sign_ins.check_passphrase(known, passphrase, queue)
        is_counted = account_id is None
    finally:
        if not is_counted:  # right, or nobody could look at it
            with database().transaction() as counting:
                throttles.refund_attempt(counting, tries)
    return account_id


def count_code_attempt(handle: str) -> str:
    """Counts the try of a code and gives its bucket. Call it before the request's session writes."""
    with database().transaction() as counting:
        return throttles.record_attempt(counting, handle, access.device(), clock.now(), "code ")


def verify_code(account_id: UUID, handle: str, code: str) -> bool:
    """Whether the code opens; then it opens no more. Used up in the request's transaction, as what it opens."""
    tries = count_code_attempt(handle)
    if not second_factors.use_code(session(), account_id, code, clock.now()):
        return False
    throttles.refund_attempt(session(), tries)
    return True
