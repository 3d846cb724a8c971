"""`python -m bench.sign_ins`: what one sign-in takes, and what fifty at once do to everybody else.

Exits 1 beyond a limit; `--postgresql` measures on PostgreSQL too. People have real hashes and second factors, a
browser each, and do as the page says: who is told to wait tries again after that time.
"""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from types import TracebackType

from sqlalchemy import select

from bench.client import Client, fields_of
from bench.corpus import TOTP_SECRET
from bench.filled import Filled, run
from bench.processes import memory_megabytes, serving_as_users_do
from bench.table import Measure
from tracker import clock
from tracker.database import Database
from tracker.identity.passphrases import hash_passphrase
from tracker.keys import read_or_make_keys
from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.organisations import Organisation

AT_ONCE, ALONE = 50, 9
PASSPHRASE = "seven-lanterns-over-the-quiet-harbour"
ALONE_SECONDS, OTHERS_SECONDS, MEGABYTES = 0.5, 0.5, 600.0
MOST_TRIES = 20
BETWEEN_PAGES_SECONDS, BETWEEN_LOOKS_SECONDS = 0.02, 0.05


def main() -> int:
    return run("Measures sign-ins, alone and fifty at once.", measure_sign_ins)


def measure_sign_ins(database: Filled) -> list[Measure]:
    handles = add_people(database.environment, AT_ONCE + ALONE)
    with serving_as_users_do(database.environment) as server:
        pages = ("/", f"/recommendations?review={database.corpus.review}")
        reader = _PageReader(server.port, pages)
        alone = [_Person(server.port, handle).come_in() for handle in handles[AT_ONCE:]]
        people = [_Person(server.port, handle) for handle in handles[:AT_ONCE]]
        root = server.process.pid
        with ThreadPoolExecutor(AT_ONCE) as doors, _Looking(lambda: memory_megabytes(root)) as memory:
            begun = time.perf_counter()
            coming = [doors.submit(person.come_in) for person in people]
            while not all(each.done() for each in coming):
                reader.read(is_counted=any(person.is_served for person in people))
            waits = [each.result() for each in coming]
            last = time.perf_counter() - begun
    many = f"{AT_ONCE} sign-ins at once"
    first, in_the_end = sum(person.tries == 1 for person in people), sum(person.is_in for person in people)
    return [
        Measure("a sign-in alone, passphrase and code", median(alone), "s", ALONE_SECONDS),
        Measure(f"{many}: home and list for others, p95", reader.slowest(), "s", OTHERS_SECONDS),
        Measure(f"{many}: highest memory of web and scheduler", memory.highest, "MB", MEGABYTES),
        Measure(f"{many}: let in, in the end", in_the_end, "", AT_ONCE, is_least=True),
        Measure(f"{many}: of them at the first try", first, "", None),
        Measure(f"{many}: told to wait and try again", AT_ONCE - first, "", None),
        Measure(f"{many}: half of them are in after", median(waits), "s", None),
        Measure(f"{many}: the last one is in after", last, "s", None),
    ]


def add_people(environment: dict[str, str], many: int) -> list[str]:
    """Focal points of one ministry, whose hashes cost what real ones do."""
    handles, hashed, now = (
        [f"bench-person-{n}" for n in range(many)],
        hash_passphrase(PASSPHRASE),
        clock.now(),
    )
    database = Database(environment["DATABASE_URL"], read_or_make_keys(Path(environment["KEY_DIR"])))
    with database.transaction() as session:
        office = session.scalars(select(Organisation).where(Organisation.key == "bench-office")).one()
        for handle in handles:
            role = AccountRole(role=Role.FOCAL_POINT)
            session.add(
                Account(
                    handle=handle, passphrase_hash=hashed, organisation=office, created_at=now,
                    totp_secret=TOTP_SECRET, roles=[role],
                )
            )  # fmt: skip
    database.dispose()
    return handles


class _Person:
    """Somebody before the open page of the sign-in."""

    def __init__(self, port: int, handle: str) -> None:
        self._client, self._handle = Client(port), handle
        self._fields = fields_of(self._client.get("/sign-in"), "/sign-in")
        self._client.close()
        self.tries, self.is_in, self.is_served = 0, False, False

    def come_in(self) -> float:
        """The seconds until the last step is answered, waiting included."""
        begun = time.perf_counter()
        while wait := self._try():
            if self.tries == MOST_TRIES:
                raise RuntimeError(f"{self._handle} is not let in")
            time.sleep(wait)
        self.is_in = True
        return time.perf_counter() - begun

    def _try(self) -> int:
        self.tries += 1
        self.is_served = True
        typed = {"handle": self._handle, "passphrase": PASSPHRASE}
        answer = self._client.try_post("/sign-in", {**self._fields, **typed})
        if answer.status == 303:
            self._client.send_code(TOTP_SECRET)
        elif answer.status != 503:  # of which one goes back and sends the same form again
            raise RuntimeError(f"the sign-in of {self._handle} answered {answer.status}")
        self._client.close()
        self.is_served = False
        return answer.wait_seconds


class _PageReader:
    """A visitor who goes on reading. Only what was asked while somebody waited for the sign-in counts."""

    def __init__(self, port: int, pages: tuple[str, ...]) -> None:
        self._client, self._pages, self._seconds = Client(port), pages, list[float]()
        for page in pages:
            self._client.get(page)
        self._client.close()

    def read(self, *, is_counted: bool) -> None:
        for page in self._pages:
            begun = time.perf_counter()
            self._client.get(page)
            if is_counted:
                self._seconds.append(time.perf_counter() - begun)
            time.sleep(BETWEEN_PAGES_SECONDS)

    def slowest(self) -> float:
        """The 95th percentile."""
        return quantiles(self._seconds, n=20)[-1]


class _Looking:
    """Looks again and again until the block ends, and keeps the highest value."""

    def __init__(self, look: Callable[[], float]) -> None:
        self._look, self._ended, self.highest = look, threading.Event(), 0.0
        self._thread = threading.Thread(target=self._go_on)

    def __enter__(self) -> "_Looking":
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._ended.wait(BETWEEN_LOOKS_SECONDS):
            self.highest = max(self.highest, self._look())


if __name__ == "__main__":
    sys.exit(main())
