"""Memory of what is derived from one review, valid while the review's `figures_version` stands.

Only what everybody may see goes in: nothing here may depend on the reader.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from tracker.queries.reviews import ReviewFacts

T = TypeVar("T")


class ReviewCache:
    """One per application, because two databases may hold reviews of the same number.

    Pages are counted apart from the rest: they are long, and shall push out no figures.
    """

    def __init__(self, most: int = 256, most_pages: int = 100) -> None:
        self._most = {False: most, True: most_pages}
        self._lock = Lock()
        self._versions: dict[int, int] = {}
        self._shelves: dict[bool, OrderedDict[tuple[str, int], Any]] = {
            False: OrderedDict(),
            True: OrderedDict(),
        }

    def get(self, name: str, review: ReviewFacts, read: Callable[[], T], *, is_page: bool = False) -> T:
        """What `read` gave for this version of the review, reading at most once per change.

        When the version moves, everything of the review is forgotten at once: what was withdrawn shall
        not stay in memory until somebody asks for the very same page.
        """
        key, kept = (name, review.id), self._shelves[is_page]
        with self._lock:
            self._forget_older(review)
            if self._versions[review.id] == review.version and key in kept:
                kept.move_to_end(key)
                return kept[key]  # type: ignore[no-any-return]
        fresh = read()
        with self._lock:
            self._forget_older(review)
            if self._versions[review.id] == review.version:
                kept[key] = fresh
                kept.move_to_end(key)
            if len(kept) > self._most[is_page]:
                kept.popitem(last=False)
        return fresh

    def _forget_older(self, review: ReviewFacts) -> None:
        """Versions only grow; a reader that comes late with an older one forgets nothing."""
        if self._versions.get(review.id, -1) < review.version:
            for kept in self._shelves.values():
                for key in [key for key in kept if key[1] == review.id]:
                    del kept[key]
            self._versions[review.id] = review.version
