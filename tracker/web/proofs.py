"""Proofs of who somebody is: passphrase and code, each counted before it is looked at (`services/throttles.py`)."""

from uuid import UUID

from tracker import clock
from tracker.services import passphrases, second_factors, sign_ins, throttles
from tracker.web import access
from tracker.web.transactions import database, session


def prove_passphrase(handle: str, passphrase: str) -> UUID | None:
    """The account that both open. Call it before the request's session writes: it counts in transactions of its
    own, and the hash is computed outside them all. A place in the line is taken before anything is written, so that a
    flood costs those whom it turns away (`TooBusy`) no try, and everybody else little."""
    if not passphrases.can_be_one(passphrase):
        return None
    handle = sign_ins.plain_handle(handle)
    with database().reading() as reading:
        is_known = throttles.is_known(reading, handle, access.device())
    queue = passphrases.KNOWN_QUEUE if is_known else passphrases.QUEUE
    with queue.place():
        return _prove_in(queue, handle, passphrase)


def _prove_in(queue: passphrases.Queue, handle: str, passphrase: str) -> UUID | None:
    with database().transaction() as counting:
        tries = throttles.begin_try_here(counting, handle, access.device(), clock.now())
    is_counted = False
    try:
        with database().reading() as reading:
            known = sign_ins.find_known(reading, handle)
        account_id = sign_ins.check_passphrase(known, passphrase, queue)
        is_counted = account_id is None
    finally:
        if not is_counted:  # right, or nobody could look at it
            with database().transaction() as counting:
                throttles.forgive_try(counting, tries)
    return account_id


def begin_code(handle: str) -> str:
    """Counts the try of a code and gives its bucket. Call it before the request's session writes."""
    with database().transaction() as counting:
        return throttles.begin_try_here(counting, handle, access.device(), clock.now(), "code ")


def prove_code(account_id: UUID, handle: str, code: str) -> bool:
    """Whether the code opens; then it opens no more. Used up in the request's transaction, as what it opens."""
    tries = begin_code(handle)
    if not second_factors.use_code(session(), account_id, code, clock.now()):
        return False
    throttles.forgive_try(session(), tries)
    return True
