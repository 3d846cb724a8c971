"""A server of ours over a corpus, with its readers and its coordinator, and the actions that are measured on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from bench.client import Client, fields_of
from bench.corpus import COORDINATOR, FULL_ENTRIES, FULL_POINTS, FULL_REF, PASSPHRASE, TOTP_SECRET
from bench.filled import Filled
from bench.processes import Server, cpu_seconds

Form = tuple[str, dict[str, str]]
"""The address that a form is sent to, and its fields."""
FULL = f"recommendation with {FULL_POINTS} points and {FULL_ENTRIES} entries"
LIST, HOME = "list of one review", "home"
OF_ALL = {
    "list of all reviews: newest entry first": "sort=newest",
    "list of all reviews: widest disagreement first": "sort=disagreement",
    "list of all reviews: mixed levels of the State, which are none": "level=mixed",
    "list of all reviews: no level of the State, which finds none": "level=no_level",
    "list of all reviews: mixed levels of civil society": "level=mixed&voice=civil_society",
    "list of all reviews": "",
    "list of all reviews: a theme": "theme=ohchr-administration-of-justice-fair-trial",
    "list of all reviews: a recommending State": "state=FRA",
    "list of all reviews: contradicted": "disagreement=contradicts",
    "list of all reviews: a word": "q=water",
}
"""What each list asks for."""
FIRST_LIST, FIRST_FULL, FIRST_HOME = FIRST_READS = tuple(
    f"the first reader after a publication: {page}" for page in (LIST, "recommendation", HOME)
)


@dataclass(frozen=True)
class Action:
    """Something done `times` times in a round, at the cost of the processes `roots` and what they started. What
    `prepare` does before each time costs nothing."""

    name: str
    roots: list[int]
    times: int
    once: Callable[[], object]
    prepare: Callable[[], object] | None = None

    def measure(self) -> float:
        """CPU milliseconds of one time."""
        if self.prepare is None:
            before = cpu_seconds(self.roots)
            for _ in range(self.times):
                self.once()
            return (cpu_seconds(self.roots) - before) * 1000 / self.times
        seconds = 0.0
        for _ in range(self.times):
            self.prepare()
            before = cpu_seconds(self.roots)
            self.once()
            seconds += cpu_seconds(self.roots) - before
        return seconds * 1000 / self.times


class MeasuredSite:
    """Publishing uses each waiting update once, through its own form."""

    def __init__(self, server: Server, database: Filled) -> None:
        self.roots = [server.process.pid, *database.answering]
        self.visitor, self.coordinator = Client(server.port), Client(server.port)
        self.corpus = corpus = database.corpus
        self.list = f"/recommendations?review={corpus.review}"
        self.filtered = f"{self.list}&theme={corpus.theme}&level={corpus.level}&voice=state"
        self.full = f"/recommendations/{corpus.review}/{FULL_REF}"
        self.of_all = [f"/recommendations?review=all&{query}" for query in OF_ALL.values()]

    def warm_up(self, times: int) -> None:
        if not self.coordinator.cookies:
            self.coordinator.sign_in(COORDINATOR, PASSPHRASE, TOTP_SECRET)
        self._check()
        forms = self.forms(self.corpus.to_publish, times)
        for _ in range(times):
            self.settle()
            self.publish(forms)
        self.settle()

    def settle(self) -> None:
        """Reads what publications made stale."""
        for path in ("/", self.list, self.filtered, self.full):
            self.visitor.get(path)
            self.visitor.get(f"/ru{path}")

    def forms(self, waiting: list[UUID], times: int) -> list[Form]:
        """They are loaded before anything is measured."""
        if len(waiting) < times:
            raise RuntimeError("too few updates wait for publication")
        paths = [f"/updates/{waiting.pop()}/publish" for _ in range(times)]
        return [(path, fields_of(self.coordinator.get(path), "/publish")) for path in paths]

    def publish(self, forms: list[Form]) -> None:
        """The cookie goes back to what it was, as if the confirmation had been read on the next page."""
        cookies = dict(self.coordinator.cookies)
        self.coordinator.post(*forms.pop())
        self.coordinator.cookies = cookies

    def first_reads(self, times: int) -> list[Action]:
        """Of each page the request that finds nothing in the cache; the publication before it is not measured."""
        actions = []
        for name, path in ((FIRST_LIST, self.list), (FIRST_FULL, self.full), (FIRST_HOME, "/")):
            publish = partial(self.publish, self.forms(self.corpus.to_publish, times))
            actions.append(Action(name, self.roots, times, partial(self.visitor.get, path), publish))
        return actions

    def _check(self) -> None:
        """The pages hold what they are measured for."""
        lists = (self.list, self.filtered, *self.of_all)
        one, filtered, *of_all = [self.visitor.get(path).count('class="levels-table__ref"') for path in lists]
        page = self.visitor.get(self.full)
        points, entries = page.count('class="point"'), page.split('id="whole"')[0].count('class="entry__by"')
        found = (one, bool(filtered), of_all, points, entries)
        if found != (25, True, [25, 25, 0, 0, 25, 25, 25, 25, 25, 25], FULL_POINTS, FULL_ENTRIES):
            raise RuntimeError(
                f"the pages do not show what is measured: {one}, {filtered} and {of_all} rows,"
                f" {points} points, {entries} entries"
            )
