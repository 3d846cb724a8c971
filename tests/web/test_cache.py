"""What is cached is computed at most once per change and is never older than the last one."""

from dataclasses import replace

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import Cast, make_update
from tracker.models.levels import ShownLevel, Voice
from tracker.models.updates import UpdateState
from tracker.policy.actors import VISITOR, Actor
from tracker.queries.figures import get_figures
from tracker.queries.recommendations.facets import read_index
from tracker.queries.reviews import ReviewFacts, get_review_facts
from tracker.web.cache import Pool, ReviewCache


def facts(number: int, version: int) -> ReviewFacts:
    return ReviewFacts(number, f"KGZ-{number}", "KGZ", number, version, is_published=True, closed_at=None)


class Reader:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0
        self.actors: list[Actor] = []

    def __call__(self, actor: Actor) -> int:
        self.actors.append(actor)
        self.times += 1
        return self.times


def test_it_is_computed_once_until_the_version_moves() -> None:
    cache, read = ReviewCache(), Reader()
    assert [cache.get("figures", facts(3, 7), read) for _ in range(3)] == [1, 1, 1]
    assert cache.get("figures", facts(3, 8), read) == 2
    assert cache.get("figures", facts(3, 8), read) == 2


def test_an_older_version_is_not_answered_with_a_newer_entry_nor_the_other_way() -> None:
    cache, read = ReviewCache(), Reader()
    assert cache.get("figures", facts(3, 8), read) == 1
    assert cache.get("figures", facts(3, 7), read) == 2
    # A reader that came late with the older version changed nothing for the others
    assert cache.get("figures", facts(3, 8), read) == 1


def test_a_review_that_nobody_asks_for_is_forgotten_at_the_second_look() -> None:
    cache, read = ReviewCache(), Reader()
    cache.get("figures", facts(3, 7), read)
    cache.get("figures", facts(4, 7), read)
    cache.forget_unasked()
    assert cache.get("figures", facts(3, 7), read) == 1
    cache.forget_unasked()
    assert cache.find("figures", facts(4, 7), Pool.FIGURES) is None
    assert cache.find("figures", facts(3, 7), Pool.FIGURES) == 1


def test_names_and_reviews_are_cached_apart() -> None:
    cache, read = ReviewCache(), Reader()
    assert cache.get("figures", facts(3, 7), read) == 1
    assert cache.get("facets", facts(3, 7), read) == 2
    assert cache.get("figures", facts(4, 7), read) == 3
    assert cache.get("figures", facts(3, 7), read) == 1


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    cache, read = ReviewCache({Pool.FIGURES: 2}), Reader()
    assert cache.get("a", facts(1, 1), read) == 1
    assert cache.get("b", facts(1, 1), read) == 2
    assert cache.get("a", facts(1, 1), read) == 1
    assert cache.get("c", facts(1, 1), read) == 3
    assert cache.get("a", facts(1, 1), read) == 1
    assert cache.get("b", facts(1, 1), read) == 4


def test_fragments_push_out_no_figures() -> None:
    cache, read = ReviewCache({Pool.FIGURES: 1, Pool.FRAGMENTS: 2}), Reader()
    assert cache.get("figures", facts(1, 1), read) == 1
    for number in range(2, 5):
        assert cache.get(f"page {number}", facts(1, 1), read, Pool.FRAGMENTS) == number
    assert cache.get("figures", facts(1, 1), read) == 1
    assert cache.get("page 2", facts(1, 1), read, Pool.FRAGMENTS) == 5


def test_files_are_limited_by_their_bytes() -> None:
    cache = ReviewCache({Pool.FILES: 10})

    def stored() -> list[str]:
        return [each for each in "abcd" if cache.find(each, facts(1, 1), Pool.FILES)]

    for name, size, left in (("a", 4, "a"), ("b", 6, "ab"), ("c", 4, "bc"), ("d", 11, "")):
        assert cache.get(name, facts(1, 1), lambda _, size=size: b"x" * size, Pool.FILES) == b"x" * size  # type: ignore[misc]
        assert stored() == list(left)
    # An older version is never found, and a newer one forgets all
    assert cache.get("a", facts(1, 1), lambda _: b"older", Pool.FILES) == b"older"
    assert cache.find("a", facts(1, 2), Pool.FILES) is None
    assert cache.find("a", facts(1, 1), Pool.FILES) is None


def test_nothing_is_cached_when_computing_fails() -> None:
    cache = ReviewCache()

    def fail(_: Actor) -> int:
        raise LookupError

    with pytest.raises(LookupError):
        cache.get("a", facts(1, 1), fail)
    assert cache.get("a", facts(1, 1), lambda _: 5) == 5


def test_figures_and_counts_are_never_older_than_a_publication(session: Session, cast: Cast) -> None:
    """When an update is published, the next reader is told of it without waiting."""
    cache = ReviewCache()

    def told() -> tuple[int, int]:
        session.flush()
        review = get_review_facts(session, VISITOR, people.REVIEW)
        figures = cache.get("figures", review, lambda actor: get_figures(session, actor, review.id))
        index = cache.get("facets", review, lambda actor: read_index(session, actor, review.id))
        level = index.counts({}, Voice.STATE)["level"].get(ShownLevel.PARTIALLY_IMPLEMENTED, 0)
        return figures.of(Voice.STATE).with_entry, level

    assert told() == (0, 0)
    make_update(session, cast, UpdateState.VALIDATED)
    assert told() == (0, 0)
    make_update(session, cast, UpdateState.PUBLISHED)
    assert told() == (1, 1)
    make_update(session, cast, UpdateState.PUBLISHED, ref="A12.2")
    assert told() == (2, 1)  # two points of one recommendation


def test_nothing_of_an_unpublished_review_is_cached_and_its_parts_are_read_for_whoever_asks(
    app: Flask, cast: Cast
) -> None:
    cache, reader = ReviewCache(), Reader()
    hidden = replace(facts(1, 1), is_published=False)
    with app.test_request_context():
        g.actor = cast["coordinator"]
        assert [cache.get("figures", hidden, reader) for _ in range(3)] == [1, 2, 3]
        assert reader.actors == [cast["coordinator"]] * 3
        assert cache.get("figures", facts(1, 1), reader) == 4
    assert reader.actors[-1] == VISITOR
