"""What is cached of a review in memory: figures, facets, fragments of pages. Nothing below `web/` caches
anything of a review.

An entry is valid while the review's `figures_version` stands: when the version moves, everything of the review is
forgotten at once. Only what everybody may see is cached: entries are read on behalf of a visitor, whoever asks. Nothing
of an unpublished review is cached: it is read on behalf of the actor of the request.

One thread computes an entry. Others that need it at the same time wait for the result, or every thread of the server
would do the same work after each publication. The trap is a deadlock: a thread that computes an entry may ask for
another one (the home page asks for the figures), so a thread that computes never waits, it computes that one too.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from threading import Event, Lock, local
from typing import Any, TypeVar

from flask import current_app

from tracker.language import current
from tracker.policy.actors import VISITOR, Actor
from tracker.queries.figures import Figures, get_figures
from tracker.queries.reviews import ReviewFacts
from tracker.web.access import actor
from tracker.web.pages import demonstration
from tracker.web.transactions import session

T = TypeVar("T")
Compute = Callable[[Actor], T]
"""Reads and makes an entry on behalf of the actor that it is given."""
Key = tuple[str, int]
"""The name of an entry and the number of its review."""
LONGEST_WAIT_SECONDS = 5.0
"""A thread that has waited so long for another one computes the entry itself."""


class Pool(Enum):
    """Each has a limit of its own: fragments are long, rows are many, and neither must push out figures."""

    FIGURES = "figures"
    FRAGMENTS = "fragments"
    ROWS = "rows"
    FILES = "files"


LIMITS = {Pool.FIGURES: 256, Pool.FRAGMENTS: 100, Pool.ROWS: 2000, Pool.FILES: 24_000_000}
"""Entries of all reviews and languages together: some 10 MB of fragments and 6 MB of rows at most. Files are counted by
their bytes."""


@dataclass
class _Computation:
    """An entry that some thread computes now. Without a value at its end, computing it has failed."""

    is_over: Event = field(default_factory=Event)
    has_value: bool = False
    value: Any = None


class ReviewCache:
    """One for each application, because two databases may hold reviews of the same number."""

    def __init__(
        self, limits: Mapping[Pool, int] = LIMITS, longest_wait_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        self._limits = limits
        self._longest_wait_seconds = longest_wait_seconds
        self._lock = Lock()
        self._thread = local()
        self._versions: dict[int, int] = {}
        self._asked: set[int] = set()
        self._entries: dict[Pool, OrderedDict[Key, Any]] = {pool: OrderedDict() for pool in Pool}
        self._computations: dict[tuple[Key, int], _Computation] = {}

    def get(self, name: str, review: ReviewFacts, compute: Compute[T], pool: Pool = Pool.FIGURES) -> T:
        """The entry of this version of the review: stored, computed by another thread, or computed here.

        Raises what `compute` raises; then nothing is stored, and those who waited compute it themselves. `compute`
        runs in the caller's thread, with the caller's database session, and holds no lock.
        """
        if not review.is_published:
            return compute(actor())
        key, entries = (name, review.id), self._entries[pool]
        with self._lock:
            self._forget_older(review)
            if self._versions[review.id] == review.version and key in entries:
                entries.move_to_end(key)
                return entries[key]  # type: ignore[no-any-return]
            other = self._computations.get((key, review.version))
            if other is None:
                self._computations[key, review.version] = own = _Computation()
        if other is not None:
            if (
                not self._is_computing()
                and other.is_over.wait(self._longest_wait_seconds)
                and other.has_value
            ):
                return other.value  # type: ignore[no-any-return]
            own = _Computation()
        try:
            with self._computing():
                own.value = value = compute(VISITOR)
            own.has_value = True
        finally:
            with self._lock:
                if own.has_value:
                    self._store(key, review, entries, self._limits[pool], own.value)
                if self._computations.get((key, review.version)) is own:
                    del self._computations[key, review.version]
            own.is_over.set()
        return value

    def find(self, name: str, review: ReviewFacts, pool: Pool) -> Any:
        """The entry of this version of the review if it is stored, else None."""
        key, entries = (name, review.id), self._entries[pool]
        with self._lock:
            self._forget_older(review)
            if self._versions[review.id] != review.version or key not in entries:
                return None
            entries.move_to_end(key)
            return entries[key]

    def _store(
        self, key: Key, review: ReviewFacts, entries: OrderedDict[Key, Any], most: int, value: object
    ) -> None:
        """Unless the version has moved meanwhile. The entries that were not asked for longest make room."""
        self._forget_older(review)
        if self._versions[review.id] == review.version:
            entries[key] = value
            entries.move_to_end(key)
        while (sum(map(len, entries.values())) if isinstance(value, bytes) else len(entries)) > most:
            entries.popitem(last=False)

    def _forget_older(self, review: ReviewFacts) -> None:
        """What was withdrawn must not stay in memory until somebody asks for the very same entry. Versions only grow:
        a reader that comes late, with an older one, forgets nothing."""
        self._asked.add(review.id)
        if self._versions.get(review.id, -1) < review.version:
            self._forget(review.id)
            self._versions[review.id] = review.version

    def _forget(self, review_id: int) -> None:
        for entries in self._entries.values():
            for key in [key for key in entries if key[1] == review_id]:
                del entries[key]

    def forget_unasked(self) -> None:
        """Forgets every review that nobody has asked for since the last call. Each process of the web server has a
        cache of its own: one that is not asked does not learn that something was withdrawn."""
        with self._lock:
            for review_id in self._versions.keys() - self._asked:
                self._forget(review_id)
            self._asked.clear()

    def _is_computing(self) -> bool:
        return getattr(self._thread, "depth", 0) > 0

    @contextmanager
    def _computing(self) -> Iterator[None]:
        self._thread.depth = getattr(self._thread, "depth", 0) + 1
        try:
            yield
        finally:
            self._thread.depth -= 1


def get_cache() -> ReviewCache:
    """The cache of this application."""
    return current_app.extensions["cache"]  # type: ignore[no-any-return]


def cached_fragment(name: str, review: ReviewFacts, write: Compute[T], pool: Pool = Pool.FRAGMENTS) -> T:
    """A part of a page that is the same for every reader, in the language of this request. The frame around it, and
    what only some may do, are written for each reader."""
    return get_cache().get(in_language(name), review, write, pool)


def fresh_fragment(review: ReviewFacts, write: Compute[T]) -> T:
    """The same, written each time: for long pages that few ask for, which would push out those that many do."""
    return write(VISITOR if review.is_published else actor())


def in_language(name: str) -> str:
    """The name of an entry that differs between languages, and between a demonstration and a real instance."""
    return f"{name} in {current()}{' of a demonstration' if demonstration() else ''}"


def figures_of(review: ReviewFacts) -> Figures:
    """In the reader's language: they hold texts of points."""
    return get_cache().get(
        in_language("figures"), review, lambda reader: get_figures(session(), reader, review.id)
    )
