"""What is measured, and the limits: CPU per request in interleaved rounds, memory, start."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench.client import Client, token_of
from bench.corpus import COORDINATOR, FULL_ENTRIES, FULL_POINTS, FULL_REF, PASSPHRASE, Corpus
from bench.processes import Server, cpu_seconds, memory_megabytes, serving, serving_as_users_do

ROUNDS = 7
REQUESTS = 80
PUBLISHED_A_ROUND = 60
REBUILT_A_ROUND = 8
WARM_UP = 40
STARTS = 5
TIMES_LEAN = 2.5
LEAN, LIST, FILTERED = (
    "lean list of 25 rows",
    "list of one review",
    "the same by theme and level, with its counts",
)
FULL = f"recommendation with {FULL_POINTS} points and {FULL_ENTRIES} entries"
SIGNED_IN = "the same to the coordinator, with what only some may do"
HOME, PUBLISHING = "home, its figures standing", "publishing an update"
REBUILT = "publishing, and the home page that rebuilds the figures"
WRITTEN = "publishing, and the recommendation to the first who reads it then"
MEMORY, START = "idle memory of web and scheduler", "start to first answer"
LIMITS = {HOME: 5.0, PUBLISHING: 5.0, MEMORY: 200.0, START: 2.0}
UNITS = {MEMORY: "MB", START: "s"}


@dataclass(frozen=True)
class Measure:
    """`limit` None: reported only. `ratio` is to the lean list of the same run."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None

    @property
    def is_kept(self) -> bool:
        return self.limit is None or self.value <= self.limit


def measure_requests(environment: dict[str, str], corpus: Corpus, database: list[int]) -> list[Measure]:
    """CPU milliseconds per request of the server's process tree (and of PostgreSQL's, where it answers)."""
    found: dict[str, list[float]] = defaultdict(list)
    with (
        serving("bench.lean:create_app()", environment) as lean,
        serving("tracker.app:create_server()", environment) as ours,
    ):
        deeds = _Deeds(lean, ours, corpus)
        deeds.warm_up()
        for _ in range(ROUNDS):
            for name, roots, times, deed in deeds.round(lean, ours):
                before = cpu_seconds([*roots, *database])
                deed()
                found[name].append((cpu_seconds([*roots, *database]) - before) * 1000 / times)
            deeds.settle()
    floor = median(found[LEAN])
    limits = {**LIMITS, **dict.fromkeys((LIST, FILTERED, FULL, SIGNED_IN), TIMES_LEAN * floor)}
    return [
        Measure(name, median(values), "ms", limits.get(name), median(values) / floor)
        for name, values in found.items()
    ]


class _Deeds:
    """The requests of a round. Publishing uses each waiting update once, through its own form."""

    def __init__(self, lean: Server, ours: Server, corpus: Corpus) -> None:
        self.lean, self.visitor, self.coordinator = Client(lean.port), Client(ours.port), Client(ours.port)
        self.list = f"/recommendations?review={corpus.review}"
        self.filtered = f"{self.list}&theme={corpus.theme}&level={corpus.level}&voice=state"
        self.full = f"/recommendations/{corpus.review}/{FULL_REF}"
        self.waiting = [str(found) for found in corpus.to_publish]

    def warm_up(self) -> None:
        self.coordinator.sign_in(COORDINATOR, PASSPHRASE)
        for _ in range(WARM_UP):
            self.lean.get("/")
            for path in ("/", self.list, self.filtered, self.full):
                self.visitor.get(path)
        self._publish(self._forms(WARM_UP))
        _check(self.visitor, self.list, self.filtered, self.full)

    def round(self, lean: Server, ours: Server) -> list[tuple[str, list[int], int, Callable[[], None]]]:
        """Name, whose CPU, how many requests, the deed. Forms are loaded before the clock runs."""
        floor, product = [lean.process.pid], [ours.process.pid]
        forms = self._forms(PUBLISHED_A_ROUND)
        rebuilt, written = self._forms(REBUILT_A_ROUND), self._forms(REBUILT_A_ROUND)
        return [
            (LEAN, floor, REQUESTS, lambda: self._read(self.lean, "/")),
            (LIST, product, REQUESTS, lambda: self._read(self.visitor, self.list)),
            (FILTERED, product, REQUESTS, lambda: self._read(self.visitor, self.filtered)),
            (FULL, product, REQUESTS, lambda: self._read(self.visitor, self.full)),
            (SIGNED_IN, product, REQUESTS, lambda: self._read(self.coordinator, self.full)),
            (HOME, product, REQUESTS, lambda: self._read(self.visitor, "/")),
            (PUBLISHING, product, PUBLISHED_A_ROUND, lambda: self._publish(forms)),
            (REBUILT, product, REBUILT_A_ROUND, lambda: self._publish(rebuilt, then="/")),
            (WRITTEN, product, REBUILT_A_ROUND, lambda: self._publish(written, then=self.full)),
        ]

    def _read(self, client: Client, path: str) -> None:
        for _ in range(REQUESTS):
            client.get(path)

    def settle(self) -> None:
        """Reads what the publications made stale, before the next round."""
        for path in ("/", self.list, self.filtered, self.full):
            self.visitor.get(path)

    def _forms(self, many: int) -> list[tuple[str, str]]:
        paths = [f"/updates/{self.waiting.pop()}" for _ in range(many)]
        return [(f"{path}/publish", token_of(self.coordinator.get(path), "/publish")) for path in paths]

    def _publish(self, forms: list[tuple[str, str]], then: str = "") -> None:
        """The cookie goes back to what it was, as if the confirmation had been read on the next page."""
        cookies = dict(self.coordinator.cookies)
        for path, token in forms:
            self.coordinator.cookies = dict(cookies)
            self.coordinator.post(path, {"csrf_token": token})
            if then:
                self.visitor.get(then)
        self.coordinator.cookies = cookies


def _check(visitor: Client, listed: str, filtered: str, full: str) -> None:
    """The pages hold what they are measured for."""
    rows = visitor.get(listed).count('class="rec-row"'), visitor.get(filtered).count('class="rec-row"')
    page = visitor.get(full)
    points, entries = page.count('class="point"'), page.split('id="whole"')[0].count("<li><p><strong>")
    if rows[0] != 25 or not rows[1] or (points, entries) != (FULL_POINTS, FULL_ENTRIES):
        raise RuntimeError(
            f"the pages do not show what is measured: {rows}, {points} points, {entries} entries"
        )


def measure_start_and_memory(environment: dict[str, str]) -> list[Measure]:
    """As `make run` starts it: the parent, the web server and the scheduler."""
    starts = []
    for _ in range(STARTS):
        with serving("tracker.app:create_server()", environment) as server:
            starts.append(server.first_answer_seconds)
    with serving_as_users_do(environment) as server:
        Client(server.port).get("/recommendations")
        memory = wait_until_idle(server)
    return [
        Measure(MEMORY, memory, UNITS[MEMORY], LIMITS[MEMORY], None),
        Measure(START, median(starts), UNITS[START], LIMITS[START], None),
    ]


def wait_until_idle(server: Server) -> float:
    """The memory once the scheduler has started too and nothing in the tree computes any more."""
    before = -1.0
    while (now := cpu_seconds([server.process.pid])) - before > 0.02:
        before = now
        time.sleep(1.5)
    return memory_megabytes(server.process.pid)
