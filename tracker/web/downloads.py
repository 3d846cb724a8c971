"""Answers that the browser saves as a file. Making one takes as long as a hundred pages, so few are made at a time, and
what is the same for every visitor is made once for each version of the review."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore
from typing import BinaryIO

from flask import Response

from tracker.failures import DownloadsBusy
from tracker.policy.actors import Actor
from tracker.queries.reviews import ReviewFacts
from tracker.web.access import actor
from tracker.web.cache import Pool, get_cache, in_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RETRY_AFTER_SECONDS = 10
_MAKERS, _PLACES = BoundedSemaphore(1), BoundedSemaphore(4)
"""Of each process of the web server: so many files are made at a time, and so many requests make one or wait for one.
The others are refused at once: every request that waits holds a thread that pages need."""
Write = Callable[[Actor, BinaryIO], None]


def workbook(file: bytes, name: str) -> Response:
    """An Excel workbook, which the browser saves under `name`."""
    response = Response(file, mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def cached_file(name: str, review: ReviewFacts | None, write: Write) -> bytes:
    """The file that `write` makes on behalf of the actor that it is given: of one review it is cached, of all reviews
    (None) made each time. Raises `DownloadsBusy`."""
    name = in_language(name)
    if review is not None:
        found: bytes | None = get_cache().find(name, review, Pool.FILES)
        if found is not None:
            return found
    with _place():
        if review is None:
            return _make(actor(), write)
        return get_cache().get(name, review, lambda reader: _make(reader, write), Pool.FILES)


def _make(reader: Actor, write: Write) -> bytes:
    with _MAKERS:
        file = BytesIO()
        write(reader, file)
        return file.getvalue()


@contextmanager
def _place() -> Iterator[None]:
    if not _PLACES.acquire(blocking=False):
        raise DownloadsBusy(RETRY_AFTER_SECONDS)
    try:
        yield
    finally:
        _PLACES.release()
