"""Passphrases: Argon2id through PyNaCl (RFC 9106). Verification reads its parameters from the hash.

Each hash takes 64 MiB and a tenth of a second. Each process of the web server computes one at once, ten wait, more are
refused with `TooBusy`. Browsers in which the owner signed in before have a queue of their own, which nobody else can
fill. All other hashes, also those of new passphrases, have a lower priority than pages. Which passphrases are refused:
`identity/weak_passphrases.py`.
"""

import os
import secrets
import sys
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from nacl import pwhash
from nacl.exceptions import InvalidkeyError

from tracker.failures import BadInput, TooBusy
from tracker.identity.weak_passphrases import MOST_CHARACTERS, weakness_of
from tracker.identity.words import WORDS_OF, read_words

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""That nobody confuses when they are read from paper: no 0 o 1 l i."""
GROUPS = 5
LETTERS_A_GROUP = 4
WORDS = 6
AT_ONCE, MOST_WAITING = 1, 10
KNOWN_AT_ONCE, KNOWN_WAITING = 1, 4
RETRY_AFTER_SECONDS = 5
NICE = 2
"""Of the threads with low priority (nice(2)): two thirds of the processor time of a thread that serves pages, if both
need it. With much less, whoever signs in waits for seconds while others load files without pause."""
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True)
class HashCost:
    """Passes over the memory, and its size in bytes."""

    operations: int
    memory: int


STRONG = HashCost(operations=3, memory=64 * 1024 * 1024)
CHEAP = HashCost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)


"""For tests (TRACKER_ENV=testing) only: a story signs in a hundred times."""


def cost_of(environment: str) -> HashCost:
    """By the setting `TRACKER_ENV`: tests take the least that there is."""
    return CHEAP if environment == "testing" else STRONG


def _bare(content: bytes) -> str:
    return b64encode(content).decode().rstrip("=")


DUMMY_HASH = (
    f"$argon2id$v=19$m={STRONG.memory // 1024},t={STRONG.operations},p=1"
    f"${_bare(secrets.token_bytes(16))}${_bare(secrets.token_bytes(32))}"
)
"""The passphrase of an unknown person is verified against this, which takes as long as against a real hash. It is
random, not computed, so that the first sign-in of a process takes no longer."""


class Queue:
    """Computes `at_once` hashes while `most_waiting` callers wait; any other gets `TooBusy` immediately. A caller takes
    a place first, so that refusing one costs next to nothing, and then waits until a thread is free."""

    def __init__(self, at_once: int, most_waiting: int, *, low_priority: bool = False) -> None:
        self._places = threading.BoundedSemaphore(at_once + most_waiting)
        self._threads = ThreadPoolExecutor(at_once, initializer=_lower_priority if low_priority else None)

    def is_full(self) -> bool:
        """A hint: another caller may take the last place right after this."""
        is_free = self._places.acquire(blocking=False)
        if is_free:
            self._places.release()
        return not is_free

    @contextmanager
    def place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooBusy(RETRY_AFTER_SECONDS)
        try:
            yield
        finally:
            self._places.release()

    def compute(
        self, work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """Waits for a thread; returns or raises what `work` does. The caller has a place."""
        return self._threads.submit(work, *arguments, **named).result()


def _lower_priority() -> None:
    """Gives everything else priority over this thread. Only Linux has a priority for each thread. Where a sandbox
    forbids the change, the thread keeps its priority: people must still be able to sign in."""
    if sys.platform == "linux":
        with suppress(OSError):
            present = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(present, NICE))


QUEUE = Queue(AT_ONCE, MOST_WAITING, low_priority=True)
KNOWN_BROWSER_QUEUE = Queue(KNOWN_AT_ONCE, KNOWN_WAITING)
"""The queues of this process: for everybody, and for browsers in which the owner of the account signed in before."""


def make_passphrase() -> str:
    """20 characters in groups, about 99 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(LETTERS_A_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def make_words(language: str) -> str:
    """Six words of the language (66 bits or more), or 20 characters in groups if it has no list of words."""
    words = read_words(language) if language in WORDS_OF else ()
    return "-".join(secrets.choice(words) for _ in range(WORDS)) if words else make_passphrase()


def check_strength(passphrase: str, handle: str) -> None:
    """For passphrases that people choose themselves. Raises `BadInput` with a sentence that says what is weak."""
    reason = weakness_of(passphrase, handle)
    if reason:
        raise BadInput(reason)


def hash_passphrase(passphrase: str, hashing: HashCost = STRONG) -> str:
    with QUEUE.place():
        return QUEUE.compute(
            pwhash.argon2id.str, _bytes(passphrase), opslimit=hashing.operations, memlimit=hashing.memory
        ).decode()


def is_allowed_length(passphrase: str) -> bool:
    """No account has a longer passphrase, so a longer one need not be verified."""
    return len(passphrase) <= MOST_CHARACTERS


def is_passphrase(passphrase: str, hashed: str | None, queue: Queue = QUEUE) -> bool:
    """Takes the same time for an unknown person (`hashed` None), so that handles cannot be guessed. The caller has
    a place in the queue."""
    if not is_allowed_length(passphrase):
        return False
    try:
        queue.compute(pwhash.argon2id.verify, (hashed or DUMMY_HASH).encode(), _bytes(passphrase))
    except InvalidkeyError:
        return False
    return hashed is not None


def _bytes(passphrase: str) -> bytes:
    """In Unicode's NFC: keyboards type й as one character or as two."""
    return unicodedata.normalize("NFC", passphrase).encode()
