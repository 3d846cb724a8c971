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
        self._kept: OrderedDict[tuple[str, int], tuple[int, Any]] = OrderedDict()

    def get(self, name: str, review: ReviewFacts, read: Callable[[], T]) -> T:
        """What `read` gave for this version of the review, reading at most once per change."""
        key = (name, review.id)
        with self._lock:
            version, value = self._kept.get(key, (-1, None))
            if version == review.version:
                self._kept.move_to_end(key)
                return value  # type: ignore[no-any-return]
        fresh = read()
        with self._lock:
            self._kept[key] = (review.version, fresh)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return fresh
