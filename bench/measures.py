"""What is measured, and the limits: CPU per request in interleaved rounds, memory, start."""

import gc
import time
import tracemalloc
from collections import defaultdict
from functools import partial
from statistics import median

from bench.client import Client
from bench.filled import Filled
from bench.processes import Server, cpu_seconds, memory_megabytes, serving, serving_as_users_do
from bench.sites import FIRST_READS, FULL, HOME, LIST, OF_ALL, Action, MeasuredSite
from bench.table import Measure
from tracker.language import LANGUAGES, gettext, speaking

ROUNDS = 13
REQUESTS = 80
PUBLISHED_A_ROUND = 40
ONE_CLICK_A_ROUND = 20
FIRST_READS_A_ROUND = 8
WARM_UP = 40
ROUNDS_OF_GROWTH, FIRST_READS_OF_GROWTH, WARM_UP_OF_GROWTH = 9, 6, 10
STARTS = 5
PAUSE_SECONDS, MOST_PAUSES, IDLE_CPU_SECONDS = 1.5, 40, 0.02
LEAN = "lean list of 25 rows"
FILTERED = "the same by theme and level, with its counts"
IN_RUSSIAN = {page: f"in Russian: {page}" for page in (LIST, FILTERED, FULL, HOME)}
TO_COORDINATOR = tuple(f"to the coordinator: {page}" for page in (LIST, FILTERED, FULL, HOME))
PUBLISHING = "publishing an update"
ONE_CLICK = "validating and publishing in one click, where there is no officer"
MEMORY, START = "idle memory of web and scheduler", "start to first answer"
CATALOGUES = "memory of the catalogues of all languages"
START_OF_ALL = "the same of `flask serve`, with the scheduler beside it"
TIMES = (
    dict.fromkeys((LIST, FILTERED, FULL, HOME), 4.0)
    | dict.fromkeys(TO_COORDINATOR, 5.0)
    | dict.fromkeys(OF_ALL, 10.0)
    | dict.fromkeys(FIRST_READS, 25.0)
)
"""At most so many lean lists of the same run, by the fastest round of each."""
TIMES_ENGLISH = 1.15
"""At most so many times what the same page costs in English."""
TIMES_SMALL = 1.3
"""At most so many times what the first reader costs among 80 reviews."""
LIMITS = {MEMORY: 260.0, START: 2.0, CATALOGUES: 10.0}
UNITS = {MEMORY: "MB", START: "s"}
Rounds = dict[str, list[float]]


def measure_requests(database: Filled) -> list[Measure]:
    """CPU milliseconds per request of the server's process tree, and of PostgreSQL's if it answers."""
    with (
        serving("bench.lean:create_app()", database.environment) as lean,
        serving("tracker.app:create_server()", database.environment) as ours,
    ):
        lean_list = Action(
            LEAN, [lean.process.pid, *database.answering], REQUESTS, partial(Client(lean.port).get, "/")
        )
        site = MeasuredSite(ours, database)
        lean_list.measure()
        site.warm_up(WARM_UP)
        rounds: Rounds = defaultdict(list)
        for _ in range(ROUNDS):
            _measure_round([lean_list, *_reading(site), *_publishing(site)], rounds)
            _measure_round(site.first_reads(FIRST_READS_A_ROUND), rounds)
            site.settle()
    floor = min(rounds[LEAN])
    limits = {name: times * floor for name, times in TIMES.items()}
    limits |= {name: TIMES_ENGLISH * min(rounds[page]) for page, name in IN_RUSSIAN.items()}
    return [
        Measure(name, median(values), "ms", limits.get(name), min(values) / floor, min(values))
        for name, values in rounds.items()
    ]


def measure_growth(small: Filled, large: Filled) -> list[Measure]:
    """The first reader among 800 reviews, beside the same among 80: rounds of the one and of the other take turns."""
    with (
        serving("tracker.app:create_server()", small.environment) as server_of_small,
        serving("tracker.app:create_server()", large.environment) as server_of_large,
    ):
        site_of_small, site_of_large = (
            MeasuredSite(server_of_small, small),
            MeasuredSite(server_of_large, large),
        )
        for site in (site_of_small, site_of_large):
            site.warm_up(WARM_UP_OF_GROWTH)
        of_small: Rounds = defaultdict(list)
        of_large: Rounds = defaultdict(list)
        for _ in range(ROUNDS_OF_GROWTH):
            for site, rounds in ((site_of_small, of_small), (site_of_large, of_large)):
                _measure_round(site.first_reads(FIRST_READS_OF_GROWTH), rounds)
                site.settle()
    return [
        Measure(
            name,
            median(of_large[name]),
            "ms",
            TIMES_SMALL * fastest,
            min(of_large[name]) / fastest,
            min(of_large[name]),
        )
        for name, fastest in ((name, min(values)) for name, values in of_small.items())
    ]


def _reading(site: MeasuredSite) -> list[Action]:
    """What is cached stands. The coordinator's pages hold what only some may do, too."""
    paths = (site.list, site.filtered, site.full, "/")
    pages = [
        *((name, site.visitor, path) for name, path in zip((LIST, FILTERED, FULL, HOME), paths, strict=True)),
        *(
            (IN_RUSSIAN[name], site.visitor, f"/ru{path}")
            for name, path in zip(IN_RUSSIAN, paths, strict=True)
        ),
        *((name, site.coordinator, path) for name, path in zip(TO_COORDINATOR, paths, strict=True)),
        *((name, site.visitor, path) for name, path in zip(OF_ALL, site.of_all, strict=True)),
    ]
    return [Action(name, site.roots, REQUESTS, partial(client.get, path)) for name, client, path in pages]


def _publishing(site: MeasuredSite) -> list[Action]:
    validated = site.forms(site.corpus.to_publish, PUBLISHED_A_ROUND)
    submitted = site.forms(site.corpus.to_validate, ONE_CLICK_A_ROUND)
    return [
        Action(PUBLISHING, site.roots, PUBLISHED_A_ROUND, partial(site.publish, validated)),
        Action(ONE_CLICK, site.roots, ONE_CLICK_A_ROUND, partial(site.publish, submitted)),
    ]


def _measure_round(actions: list[Action], rounds: Rounds) -> None:
    for action in actions:
        rounds[action.name].append(action.measure())


def measure_start_and_memory(environment: dict[str, str]) -> list[Measure]:
    """The start of the web server alone, and of what `make run` starts: parent, web server, scheduler. The memory is of
    these three."""
    starts, starts_of_all = [], []
    for _ in range(STARTS):
        with serving("tracker.app:create_server()", environment) as server:
            starts.append(server.first_answer_seconds)
        with serving_as_users_do(environment) as server:
            starts_of_all.append(server.first_answer_seconds)
    with serving_as_users_do(environment) as server:
        Client(server.port).get("/recommendations")
        memory = wait_until_idle(server)
    return [
        Measure(MEMORY, memory, UNITS[MEMORY], LIMITS[MEMORY]),
        Measure(CATALOGUES, _memory_of_catalogues(), "MB", LIMITS[CATALOGUES]),
        Measure(START, median(starts), UNITS[START], LIMITS[START]),
        Measure(START_OF_ALL, median(starts_of_all), UNITS[START], None),
    ]


def _memory_of_catalogues() -> float:
    """What Python holds for them once they are compiled, in megabytes."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for code in LANGUAGES:
            with speaking(code):
                gettext("Calendar")
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - before) / 1e6
    finally:
        tracemalloc.stop()


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
