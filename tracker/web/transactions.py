"""The request's database session: opened when first used, committed once after a POST that answered below
400, rolled back otherwise. (When a sign-in was last used is written in a transaction of its own: `web/access.py`.)"""

import logging

from flask import Flask, Response, current_app, g, request

from tracker.database import Database, Session
from tracker.failures import DatabaseUnavailable

log = logging.getLogger("tracker.web")
WRITING = frozenset({"POST"})


def database() -> Database:
    return current_app.extensions["database"]  # type: ignore[no-any-return]


def session() -> Session:
    """The session of this request: for writing when the method is POST, for reading otherwise. All that a page reads is
    of one moment, or an entry that is withdrawn meanwhile would be counted and not found."""
    if "session" not in g:
        g.session = database().writing() if request.method in WRITING else database().snapshot()
    return g.session  # type: ignore[no-any-return]


def finish(response: Response) -> Response:
    """Called by the guard around every view, before the answer leaves."""
    if "session" in g:
        if request.method in WRITING and response.status_code < 400:
            g.session.commit()
        else:
            _close(g.session)
    return response


def close(_error: BaseException | None) -> None:
    unclosed = g.pop("session", None)
    if unclosed is not None:
        _close(unclosed)


def _close(session: Session) -> None:
    """Ends the transaction. A server that has just gone away has rolled it back already: the answer, which needs
    nothing more of it, stands."""
    try:
        session.close()
    except DatabaseUnavailable as error:
        log.error("database unavailable: %s", " ".join(str(error).split()))
        session.invalidate()


def register(app: Flask) -> None:
    app.teardown_request(close)
