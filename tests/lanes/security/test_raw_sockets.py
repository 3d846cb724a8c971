"""T-E5: what is no clean HTTP is refused, and nothing hides behind it, in the server as it is shipped."""

import re
import socket
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.lanes.security.conftest import Note
from tests.lanes.security.served import Served

TIMES = 10
REFUSED = {400, 405, 411, 414, 431, 501}
BEHIND = "/smuggled"
"""An address that answers 404: whoever sees that status was heard as a second request."""


def lines(*said: str, host: str = "Host: {host}") -> str:
    return "\r\n".join((*said[:1], host, *said[1:], "", ""))


SECOND = lines(f"GET {BEHIND} HTTP/1.1")
POST = "POST /sign-in HTTP/1.1"
CHUNKED = "Transfer-Encoding: chunked"
END = "0\r\n\r\n"
PAIRS = {
    "CL.TE": lines(POST, "Content-Length: {all}", CHUNKED) + END + SECOND,
    "TE.CL": lines(POST, "Content-Length: 4", CHUNKED) + "{size}\r\n" + SECOND + "\r\n" + END,
    "CL.CL": lines(POST, "Content-Length: 0", "Content-Length: {second}") + SECOND,
    "CL list": lines(POST, "Content-Length: 0, {second}") + SECOND,
    "CL with a sign": lines(POST, "Content-Length: +0") + SECOND,
    "CL in hexadecimal": lines(POST, "Content-Length: 0x0") + SECOND,
    "CL below zero": lines(POST, "Content-Length: -1") + SECOND,
    "TE unknown": lines(POST, "Transfer-Encoding: xchunked", "Content-Length: 0") + END + SECOND,
    "TE twice": lines(POST, CHUNKED, "Transfer-Encoding: identity", "Content-Length: 0") + END + SECOND,
    "TE with a blank": lines(POST, "Transfer-Encoding : chunked", "Content-Length: 0") + END + SECOND,
    "TE behind a tab": lines(POST, "Transfer-Encoding:\tx\tchunked", "Content-Length: 0") + END + SECOND,
    "TE folded": lines(POST, "X: a\r\n Transfer-Encoding: chunked", "Content-Length: 0") + END + SECOND,
    "TE behind a line feed": lines(POST, f"X: a\n{CHUNKED}", "Content-Length: 0") + END + SECOND,
    "TE behind a carriage return": lines(POST, f"X: a\r{CHUNKED}", "Content-Length: 0") + END + SECOND,
    "TE behind a NUL": lines(POST, f"X: a\0{CHUNKED}", "Content-Length: 0") + END + SECOND,
    "TE of HTTP/1.0": lines("POST /sign-in HTTP/1.0", CHUNKED) + END + SECOND,
    "chunk with bare line feeds": lines(POST, CHUNKED) + "0\n\n" + SECOND,
    "chunk extension with a line feed": lines(POST, CHUNKED) + "0;a=\n\r\n\r\n" + SECOND,
    "chunk below zero": lines(POST, CHUNKED) + "-1\r\n\r\n" + SECOND,
    "bare line feeds": (lines(POST, "Content-Length: 0") + SECOND).replace("\r", ""),
}
ALONE = {
    "a header of 64 kB": lines("GET / HTTP/1.1", "X: " + "a" * 65_536),
    "a line of 64 kB": lines("GET /" + "a" * 65_536 + " HTTP/1.1"),
    "200 headers": lines("GET / HTTP/1.1", *(f"X-{number}: a" for number in range(200))),
    "HTTP/0.9": "GET /\r\n",
    "HTTP/0.9, said so": lines("GET / HTTP/0.9"),
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TRACE": lines("TRACE / HTTP/1.1", "Cookie: sign-in=a-secret"),
    "TRACK": lines("TRACK / HTTP/1.1", "Cookie: sign-in=a-secret"),
    "CONNECT": lines("CONNECT example.org:443 HTTP/1.1"),
    "no host": "GET / HTTP/1.1\r\n\r\n",
    "two hosts": lines("GET / HTTP/1.1", "Host: evil.example"),
    "a script in a method": lines("<script>alert(1)</script> / HTTP/1.1"),
    "a script in a header": lines("GET / HTTP/1.1", "<script>alert(1)</script>"),
    "a script as host": lines("GET / HTTP/1.1", host="Host: <script>alert(1)</script>"),
}


@pytest.fixture
def talk(site: Served) -> Callable[[str], bytes]:
    """Says something on a connection of its own, then hangs up its end, and gives all that comes back."""

    def say(said: str) -> bytes:
        values = {
            "{host}": f"127.0.0.1:{site.port}",
            "{all}": str(len(END + SECOND)),
            "{second}": str(len(SECOND)),
            "{size}": f"{len(SECOND):x}",
        }
        for name, value in values.items():
            said = said.replace(name, value)
        found = b""
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
            try:
                connection.sendall(said.encode("latin-1"))
                with suppress(OSError):  # it is refused already
                    connection.shutdown(socket.SHUT_WR)
                while part := connection.recv(65_536):
                    found += part
            except (ConnectionResetError, BrokenPipeError):
                return found  # refused before all was read: what came until then is the answer
        return found

    return say


def statuses(said: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", said)]


def test_of_200_pairs_none_is_heard_as_two(talk: Callable[[str], bytes], note: Note) -> None:
    mine = lines("GET /protection HTTP/1.1", "Connection: close")
    alone = talk(mine)
    assert statuses(alone) == [200]
    assert statuses(talk(SECOND)) == [404]
    # The check sees what it looks for: two clean requests on one connection are two
    assert statuses(talk(lines(POST, "Content-Length: 0") + SECOND)) == [400, 404]
    heard = {}
    for name, said in PAIRS.items():
        for _ in range(TIMES):
            refused, after = talk(said), talk(mine)
            found = statuses(refused)
            is_clean = found and found[0] in REFUSED and 404 not in found and 200 not in found
            if not is_clean or statuses(after) != [200] or len(after) != len(alone):
                heard[name] = (found, statuses(after))
    note(f"{TIMES * len(PAIRS)} pairs of {len(PAIRS)} kinds, {len(heard)} heard as two")
    assert TIMES * len(PAIRS) >= 200
    assert not heard


def test_the_server_refuses_what_is_no_request_of_a_browser(talk: Callable[[str], bytes]) -> None:
    for name, said in ALONE.items():
        answer = talk(said)
        assert statuses(answer)[0] in REFUSED, (name, answer[:300])
        assert len(statuses(answer)) == 1, name
        assert b"a-secret" not in answer, name
        assert b"<script>alert" not in answer, name
