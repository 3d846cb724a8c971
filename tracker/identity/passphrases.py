"""Passphrases: Argon2id through PyNaCl (RFC 9106). Verification reads its parameters from the hash.

Each hash takes 64 MiB and a tenth of a second: one or two at once, twenty wait, more are sent away for a moment. A
browser in which the owner signed in before stands in a line of its own, which no stranger can fill. Everybody
else, and whoever makes a new one, waits behind the pages. Which are refused: `identity/weak_passphrases.py`.
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

# Letters that nobody confuses when they are read from paper: no 0 o 1 l i.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 5
LETTERS_A_GROUP = 4
WORDS = 6
AT_ONCE, MOST_WAITING = 2 if (os.cpu_count() or 1) > 2 else 1, 20
"""A core is left to the other pages."""
KNOWN_AT_ONCE, KNOWN_WAITING = 1, 4
A_MOMENT_SECONDS = 5
NICE = 10
"""Of the threads that stand back: a tenth of the processor time of a thread of pages, where both want it (nice(2))."""
Asked = ParamSpec("Asked")
Found = TypeVar("Found")


@dataclass(frozen=True)
class HashCost:
    """Passes over the memory, and bytes of it."""

    operations: int
    memory: int


STRONG = HashCost(operations=3, memory=64 * 1024 * 1024)
CHEAP = HashCost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
"""For tests (TRACKER_ENV=testing) only: a story signs in a hundred times."""


def _bare(content: bytes) -> str:
    return b64encode(content).decode().rstrip("=")


NOBODYS = (
    f"$argon2id$v=19$m={STRONG.memory // 1024},t={STRONG.operations},p=1"
    f"${_bare(secrets.token_bytes(16))}${_bare(secrets.token_bytes(32))}"
)
"""What the passphrase of an unknown person is compared with: as long to check as a real hash, but made by chance, not
computed, so that the first in a process waits no longer."""


class Queue:
    """So many at once, so many waiting; whoever comes then is told so at once (`TooBusy`). A place is taken first of
    all, so that whoever gets none costs next to nothing; who has one waits until a thread is free."""

    def __init__(self, at_once: int, most_waiting: int, *, stands_back: bool = False) -> None:
        self._places = threading.BoundedSemaphore(at_once + most_waiting)
        self._threads = ThreadPoolExecutor(at_once, initializer=_stand_back if stands_back else None)

    def is_full(self) -> bool:
        """Only a look: who takes a place may still find none."""
        is_free = self._places.acquire(blocking=False)
        if is_free:
            self._places.release()
        return not is_free

    @contextmanager
    def place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooBusy(A_MOMENT_SECONDS)
        try:
            yield
        finally:
            self._places.release()

    def compute(self, work: Callable[Asked, Found], *arguments: Asked.args, **named: Asked.kwargs) -> Found:
        """Waits for what it gives or raises. The caller has a place."""
        return self._threads.submit(work, *arguments, **named).result()


def _stand_back() -> None:
    """Everything else goes before this thread. Only Linux gives each thread a priority of its own; a sandbox may forbid
    to change it, and then nothing goes before it, which is no reason to let nobody in."""
    if sys.platform == "linux":
        with suppress(OSError):
            now = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(now, NICE))


QUEUE = Queue(AT_ONCE, MOST_WAITING, stands_back=True)
KNOWN_QUEUE = Queue(KNOWN_AT_ONCE, KNOWN_WAITING)
"""Of this process: for everybody, and for browsers in which the owner of the account signed in before."""


def make_passphrase() -> str:
    """20 characters in groups, about 99 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(LETTERS_A_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def make_words(language: str) -> str:
    """Six words of the language (66 bits or more); where no list of it is shipped, 20 characters in groups."""
    words = read_words(language) if language in WORDS_OF else ()
    return "-".join(secrets.choice(words) for _ in range(WORDS)) if words else make_passphrase()


def refuse_weak(passphrase: str, handle: str) -> None:
    """Raises `BadInput` with a sentence that says why, for passphrases that people choose themselves."""
    reason = weakness_of(passphrase, handle)
    if reason:
        raise BadInput(reason)


def hash_passphrase(passphrase: str, hashing: HashCost = STRONG) -> str:
    with QUEUE.place():
        return QUEUE.compute(
            pwhash.argon2id.str, _bytes(passphrase), opslimit=hashing.operations, memlimit=hashing.memory
        ).decode()


def can_be_one(passphrase: str) -> bool:
    """No account has a longer one, so that nobody needs to look."""
    return len(passphrase) <= MOST_CHARACTERS


def is_passphrase(passphrase: str, hashed: str | None, queue: Queue = QUEUE) -> bool:
    """Takes the same time for an unknown person (`hashed` None), so that handles cannot be guessed. The caller has
    a place in the queue."""
    if not can_be_one(passphrase):
        return False
    try:
        queue.compute(pwhash.argon2id.verify, (hashed or NOBODYS).encode(), _bytes(passphrase))
    except InvalidkeyError:
        return False
    return hashed is not None


def _bytes(passphrase: str) -> bytes:
    """One letter may be written in two ways: й is one sign on some keyboards and two on others."""
    return unicodedata.normalize("NFC", passphrase).encode()
