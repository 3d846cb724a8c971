"""What is measured, and the limits: CPU per request in interleaved rounds, memory, start."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from uuid import UUID

from bench.client import Client, fields_of
from bench.corpus import COORDINATOR, FULL_ENTRIES, FULL_POINTS, FULL_REF, PASSPHRASE, TOTP_SECRET, Corpus
from bench.processes import Server, cpu_seconds, memory_megabytes, serving, serving_as_users_do
from bench.table import Measure

ROUNDS = 13
REQUESTS = 80
PUBLISHED_A_ROUND = 60
REBUILT_A_ROUND = 8
ONE_CLICK_A_ROUND = 20
WARM_UP = 40
STARTS = 5
PAUSE_SECONDS, MOST_PAUSES, IDLE_CPU_SECONDS = 1.5, 40, 0.02
TIMES_LEAN = 2.5
LEAN, LIST, FILTERED = (
    "lean list of 25 rows",
    "list of one review",
    "the same by theme and level, with its counts",
)
FULL = f"recommendation with {FULL_POINTS} points and {FULL_ENTRIES} entries"
SIGNED_IN = "the same to the coordinator, with what only some may do"
HOME, PUBLISHING = "home, its figures standing", "publishing an update"
ONE_CLICK = "validating and publishing in one click, where there is no officer"
REBUILT = "publishing, and the home page that rebuilds the figures"
WRITTEN = "publishing, and the recommendation to the first who reads it then"
MEMORY, START = "idle memory of web and scheduler", "start to first answer"
LIMITS = {HOME: 5.0, PUBLISHING: 5.0, MEMORY: 200.0, START: 2.0}
UNITS = {MEMORY: "MB", START: "s"}


@dataclass(frozen=True)
class Deed:
    """Something done `times` times in a round, at the cost of the process `root` and what it started."""

    name: str
    root: int
    times: int
    once: Callable[[], object]


def measure_requests(environment: dict[str, str], corpus: Corpus, database: list[int]) -> list[Measure]:
    """CPU milliseconds per request of the server's process tree, and of PostgreSQL's (`database`) if it answers."""
    found: dict[str, list[float]] = defaultdict(list)
    with (
        serving("bench.lean:create_app()", environment) as lean,
        serving("tracker.app:create_server()", environment) as ours,
    ):
        requests = _Requests(lean, ours, corpus)
        requests.warm_up()
        for _ in range(ROUNDS):
            for deed in requests.round():
                before = cpu_seconds([deed.root, *database])
                for _ in range(deed.times):
                    deed.once()
                spent = cpu_seconds([deed.root, *database]) - before
                found[deed.name].append(spent * 1000 / deed.times)
            requests.settle()
    floor = median(found[LEAN])
    limits = {**LIMITS, **dict.fromkeys((LIST, FILTERED, FULL, SIGNED_IN), TIMES_LEAN * floor)}
    return [
        Measure(name, median(values), "ms", limits.get(name), median(values) / floor, min(values))
        for name, values in found.items()
    ]


class _Requests:
    """The requests of a round. Publishing uses each waiting update once, through its own form."""

    def __init__(self, lean: Server, ours: Server, corpus: Corpus) -> None:
        self.floor, self.product = lean.process.pid, ours.process.pid
        self.lean, self.visitor, self.coordinator = Client(lean.port), Client(ours.port), Client(ours.port)
        self.list = f"/recommendations?review={corpus.review}"
        self.filtered = f"{self.list}&theme={corpus.theme}&level={corpus.level}&voice=state"
        self.full = f"/recommendations/{corpus.review}/{FULL_REF}"
        self.validated, self.submitted = list(corpus.to_publish), list(corpus.to_validate)
        needed = WARM_UP + ROUNDS * (PUBLISHED_A_ROUND + 2 * REBUILT_A_ROUND)
        if len(self.validated) < needed or len(self.submitted) < ROUNDS * ONE_CLICK_A_ROUND:
            raise RuntimeError("too few updates wait for publication")

    def warm_up(self) -> None:
        self.coordinator.sign_in(COORDINATOR, PASSPHRASE, TOTP_SECRET)
        for _ in range(WARM_UP):
            self.lean.get("/")
            self.settle()
        forms = self._forms(self.validated, WARM_UP)
        for _ in range(WARM_UP):
            self._publish(forms)
        _check(self.visitor, self.list, self.filtered, self.full)

    def round(self) -> list[Deed]:
        """Forms are loaded here, before anything is measured."""
        forms = self._forms(self.validated, PUBLISHED_A_ROUND)
        submitted = self._forms(self.submitted, ONE_CLICK_A_ROUND)
        rebuilt, written = (self._forms(self.validated, REBUILT_A_ROUND) for _ in range(2))

        def reading(name: str, path: str) -> Deed:
            return Deed(name, self.product, REQUESTS, partial(self.visitor.get, path))

        return [
            Deed(LEAN, self.floor, REQUESTS, partial(self.lean.get, "/")),
            reading(LIST, self.list),
            reading(FILTERED, self.filtered),
            reading(FULL, self.full),
            Deed(SIGNED_IN, self.product, REQUESTS, partial(self.coordinator.get, self.full)),
            reading(HOME, "/"),
            Deed(PUBLISHING, self.product, PUBLISHED_A_ROUND, partial(self._publish, forms)),
            Deed(ONE_CLICK, self.product, ONE_CLICK_A_ROUND, partial(self._publish, submitted)),
            Deed(REBUILT, self.product, REBUILT_A_ROUND, partial(self._publish, rebuilt, "/")),
            Deed(WRITTEN, self.product, REBUILT_A_ROUND, partial(self._publish, written, self.full)),
        ]

    def settle(self) -> None:
        """Reads what the publications made stale, before the next round."""
        for path in ("/", self.list, self.filtered, self.full):
            self.visitor.get(path)

    def _forms(self, waiting: list[UUID], many: int) -> list[tuple[str, dict[str, str]]]:
        paths = [f"/updates/{waiting.pop()}" for _ in range(many)]
        return [(f"{path}/publish", fields_of(self.coordinator.get(path), "/publish")) for path in paths]

    def _publish(self, forms: list[tuple[str, dict[str, str]]], then: str = "") -> None:
        """The cookie goes back to what it was, as if the confirmation had been read on the next page."""
        cookies = dict(self.coordinator.cookies)
        self.coordinator.post(*forms.pop())
        self.coordinator.cookies = cookies
        if then:
            self.visitor.get(then)


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
    """The start of the web server alone; the memory of what `make run` starts: parent, web server, scheduler."""
    starts = []
    for _ in range(STARTS):
        with serving("tracker.app:create_server()", environment) as server:
            starts.append(server.first_answer_seconds)
    with serving_as_users_do(environment) as server:
        Client(server.port).get("/recommendations")
        memory = wait_until_idle(server)
    return [
        Measure(MEMORY, memory, UNITS[MEMORY], LIMITS[MEMORY]),
        Measure(START, median(starts), UNITS[START], LIMITS[START]),
    ]


def wait_until_idle(server: Server) -> float:
    """The memory once the scheduler has started too and nothing in the tree computes any more."""
    before = cpu_seconds([server.process.pid])
    for _ in range(MOST_PAUSES):
        time.sleep(PAUSE_SECONDS)
        now = cpu_seconds([server.process.pid])
        if now - before <= IDLE_CPU_SECONDS:
            return memory_megabytes(server.process.pid)
        before = now
    raise RuntimeError("the server does not come to rest")
