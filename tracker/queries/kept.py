"""Memory of what is derived from one review, valid while the review's `figures_version` stands.

Only what everybody may see goes in: nothing here may depend on the reader.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from tracker.queries.reviews import ReviewFacts

T = TypeVar("T")


class Kept:
    """One per application, because two databases may hold reviews of the same number."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._lock = Lock()
        self._versions: dict[int, int] = {}
        self._kept: OrderedDict[tuple[str, int], Any] = OrderedDict()

    def get(self, name: str, review: ReviewFacts, read: Callable[[], T]) -> T:
        """What `read` gave for this version of the review, reading at most once per change.

        When the version moves, everything of the review is forgotten at once: what was withdrawn shall
        not stay in memory until somebody asks for the very same page.
        """
        key = (name, review.id)
        with self._lock:
            self._forget_older(review)
            if self._versions[review.id] == review.version and key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[no-any-return]
        fresh = read()
        with self._lock:
            self._forget_older(review)
            if self._versions[review.id] == review.version:
                self._kept[key] = fresh
                self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return fresh

    def _forget_older(self, review: ReviewFacts) -> None:
        """Versions only grow; a reader that comes late with an older one forgets nothing."""
        if self._versions.get(review.id, -1) < review.version:
            for key in [key for key in self._kept if key[1] == review.id]:
                del self._kept[key]
            self._versions[review.id] = review.version
