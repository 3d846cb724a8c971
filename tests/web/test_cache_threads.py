"""One thread computes an entry of the cache, the others wait for it; none of them waits for ever."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep

import pytest

from tests.web.test_cache import facts
from tracker.policy.actors import Actor
from tracker.web.cache import ReviewCache

READERS = 8
SECONDS = 10.0
"""What takes longer stands still."""
REVIEW = facts(3, 7)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(READERS) as threads:
        yield threads


class SlowRead:
    """Computing begins, and ends when the test says so; counts how often it was begun."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times, self.error = 0, error
        self.has_begun, self.may_end = Event(), Event()

    def __call__(self, _: Actor) -> str:
        self.times += 1
        self.has_begun.set()
        assert self.may_end.wait(SECONDS)
        if self.error and self.times == 1:
            raise self.error
        return "read"


def begin(pool: ThreadPoolExecutor, cache: ReviewCache, read: SlowRead) -> Future[str]:
    """One thread that computes the entry."""
    first = pool.submit(cache.get, "figures", REVIEW, read)
    assert read.has_begun.wait(SECONDS)
    return first


def test_of_many_readers_after_a_change_one_computes_and_all_are_answered(pool: ThreadPoolExecutor) -> None:
    cache, read = ReviewCache(), SlowRead()
    # Given a thread that computes an entry
    first = begin(pool, cache, read)
    # When others ask for it
    others = [pool.submit(cache.get, "figures", REVIEW, read) for _ in range(READERS - 1)]
    sleep(0.1)
    assert not any(other.done() for other in others)
    read.may_end.set()
    # Then all have its result, and it was computed once
    assert {each.result(SECONDS) for each in (first, *others)} == {"read"}
    assert read.times == 1
    assert cache.get("figures", REVIEW, read) == "read"
    assert read.times == 1


def test_other_names_reviews_and_versions_are_not_waited_for(pool: ThreadPoolExecutor) -> None:
    cache, read = ReviewCache(), SlowRead()
    first = begin(pool, cache, read)
    assert cache.get("facets", REVIEW, lambda _: "facets") == "facets"
    assert cache.get("figures", facts(4, 7), lambda _: "another review") == "another review"
    assert cache.get("figures", facts(3, 8), lambda _: "newer") == "newer"
    read.may_end.set()
    assert first.result(SECONDS) == "read"
    # What was computed for the older version did not replace the newer entry
    assert cache.get("figures", facts(3, 8), lambda _: "again") == "newer"


def test_where_computing_fails_those_who_waited_compute_it_themselves(pool: ThreadPoolExecutor) -> None:
    cache, read = ReviewCache(), SlowRead(error=LookupError())
    first = begin(pool, cache, read)
    others = [pool.submit(cache.get, "figures", REVIEW, read) for _ in range(2)]
    sleep(0.1)
    read.may_end.set()
    with pytest.raises(LookupError):
        first.result(SECONDS)
    assert [other.result(SECONDS) for other in others] == ["read", "read"]
    assert cache.get("figures", REVIEW, lambda _: "again") == "read"


def test_a_thread_that_stands_still_holds_nobody_up_for_ever(pool: ThreadPoolExecutor) -> None:
    cache, stuck = ReviewCache(longest_wait_seconds=0.05), SlowRead()
    first = begin(pool, cache, stuck)
    assert cache.get("figures", REVIEW, lambda _: "in its place") == "in its place"
    # The next reader finds what was computed in its place, and does not wait at all
    assert cache.get("figures", REVIEW, lambda _: "again") == "in its place"
    stuck.may_end.set()
    assert first.result(SECONDS) == "read"


def test_an_entry_may_need_another_one(pool: ThreadPoolExecutor) -> None:
    """The home page needs the figures, and both are cached."""
    cache, figures = ReviewCache(), SlowRead()

    def write_home(_: Actor) -> str:
        return f"home with figures {cache.get('figures', REVIEW, figures)}"

    home = pool.submit(cache.get, "home", REVIEW, write_home)
    assert figures.has_begun.wait(SECONDS)
    report = pool.submit(cache.get, "figures", REVIEW, figures)
    figures.may_end.set()
    assert (home.result(SECONDS), report.result(SECONDS)) == ("home with figures read", "read")
    assert figures.times == 1


def test_two_threads_that_need_each_others_entry_do_not_wait_for_each_other(pool: ThreadPoolExecutor) -> None:
    cache = ReviewCache(longest_wait_seconds=SECONDS)
    have_begun = {"a": Event(), "b": Event()}

    def needs(own: str, other: str) -> str:
        have_begun[own].set()
        assert have_begun[other].wait(SECONDS)
        return own + cache.get(other, REVIEW, lambda _: other)

    begun = monotonic()
    threads = [
        pool.submit(cache.get, own, REVIEW, lambda _, own=own, other=other: needs(own, other))
        for own, other in ("ab", "ba")
    ]
    assert [thread.result(SECONDS)[:2] for thread in threads] == ["ab", "ba"]
    assert monotonic() - begun < SECONDS / 2


def test_an_entry_that_asks_for_itself_is_computed_and_does_not_stand_still() -> None:
    cache = ReviewCache(longest_wait_seconds=SECONDS)
    begun = monotonic()
    assert cache.get("a", REVIEW, lambda _: cache.get("a", REVIEW, lambda _: "inner") + "!") == "inner!"
    assert monotonic() - begun < SECONDS / 2
