"""A site with five holes, for the scanner to find: a check that finds nothing anywhere checks nothing.

It is served on loopback while its test runs. Nothing of the product is in it."""

import sqlite3
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HOLES = {
    "/search?words=lamp": "Reflected Cross Site Scripting",
    "/row?number=1": "SQL Injection",
    "/go?to=/": "Open Redirect",
    "/read?name=__init__.py": "Path Traversal",
    "/language?code=en": "CRLF Injection",
}
"""What the scanner calls the hole behind each link."""
Reply = tuple[str, str, bytes]


def _home(_: str) -> Reply:
    return "200 OK", "", "".join(f'<p><a href="{link}">{escape(link)}</a>' for link in HOLES).encode()


def _search(words: str) -> Reply:
    return "200 OK", "", f"<p>Nothing found for {words}".encode()


def _row(number: str) -> Reply:
    rows = sqlite3.connect(":memory:")
    try:
        found = rows.execute(f"SELECT 'row' WHERE '1' = '{number}'").fetchall()
    except (sqlite3.Error, sqlite3.Warning) as error:
        return "200 OK", "", f"<p>sqlite3.{type(error).__name__}: {escape(str(error))}".encode()
    finally:
        rows.close()
    return "200 OK", "", f"<p>{len(found)} rows".encode()


def _go(to: str) -> Reply:
    return "303 See Other", f"Location: {''.join(to.splitlines())}\r\n", b""


def _read(name: str) -> Reply:
    try:
        return "200 OK", "", (Path(__file__).parent / name).read_bytes()
    except (OSError, ValueError):
        return "404 Not Found", "", b"<p>No such file"


def _language(code: str) -> Reply:
    return "200 OK", f"Content-Language: {code}\r\n", b"<p>Chosen"


PAGES = {"/": _home, "/search": _search, "/row": _row, "/go": _go, "/read": _read, "/language": _language}


class Planted(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        given = parse_qs(address.query, errors="surrogateescape").values()
        page = PAGES.get(address.path)
        answer = page(next(iter(given), [""])[0]) if page else ("404 Not Found", "", b"<p>No such page")
        status, header, body = answer
        head = f"HTTP/1.0 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{header}\r\n"
        self.wfile.write(head.encode("utf-8", "surrogateescape") + body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """A test prints nothing."""
