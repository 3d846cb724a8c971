"""A server whose every answer comes from a statement made of words, for a check that the scan sees that."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy.exc import DBAPIError

from tests.lanes.security.sqlmap import SqlmapTarget
from tracker.database import Database
from tracker.failures import DatabaseUnavailable

PLANTED = (
    SqlmapTarget("asked", "/?asked=lead&other=lead", ("asked", "other")),
    SqlmapTarget("typed", "/", ("typed",), fields={"typed": "lead"}),
    SqlmapTarget("reader", "/", ("reader",), cookies={"reader": "lead"}),
    SqlmapTarget("path", "/path/lead*"),
)
HARMLESS = "other"
"""Bound, as all of ours are."""


@contextmanager
def careless(database: Database) -> Iterator[str]:
    """The address of the server, which says whether somebody of that handle is there."""

    class Careless(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def _answer(self, typed: dict[str, list[str]]) -> None:
            parts = urlsplit(self.path)
            given = {name: values[0] for name, values in {**parse_qs(parts.query), **typed}.items()}
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
            given |= {name: unquote(morsel.value) for name, morsel in cookies.items()}
            if parts.path.startswith("/path/"):
                given["path"] = unquote(parts.path.removeprefix("/path/"))
            given.pop(HARMLESS, None)
            status, said = _look(database, next(iter(given.values()), ""))
            body = f"<p>{said}</p>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A test prints nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _look(database: Database, handle: str) -> tuple[int, str]:
    statement = f"SELECT handle FROM accounts WHERE handle = '{handle}'"
    try:
        with database.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                statement = statement.replace("%", "%%")  # its driver reads them even where nothing is bound
            found = connection.exec_driver_sql(statement).first()
    except (DBAPIError, DatabaseUnavailable):
        return 500, "Sorry."
    return 200, "Somebody is there." if found else "Nobody is there."
