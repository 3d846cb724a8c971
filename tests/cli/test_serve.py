"""flask serve: the web server and the scheduler beside it, started and stopped as one."""

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.jobs.processes import command, running, stop, wait_until
from tests.programs import LONGEST
from tests.servers import free_port
from tracker.serve import LONGEST_END_SECONDS
from tracker.web import worker

pytestmark = [pytest.mark.database, pytest.mark.uncounted]

ELSEWHERE = (
    ("GET / HTTP/1.1", "Host: elsewhere.example"),
    ("GET / HTTP/1.1",),
    ("GET / HTTP/1.1", "Host:"),
    ("GET / HTTP/1.1", "OWN", "Host: elsewhere.example"),
    ("GET / HTTP/1.1", "Host: elsewhere.example", "OWN"),
    ("GET / HTTP/1.1", "OWN.elsewhere.example"),
    ("GET / HTTP/1.1", "OWN@elsewhere.example"),
    ("GET http://elsewhere.example/ HTTP/1.1", "OWN"),
    ("GET / HTTP/1.1", "OWN", "X-A: b\r\nHost : elsewhere.example"),
)
"""Requests that name another host than ours, or none."""
DEAF = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""How a script starts a program in the background: it does not hear Ctrl-C unless it says that it wants to."""


def settings_of(url: str, folder: Path, port: int, **more: object) -> dict[str, object]:
    return {"DATABASE_URL": url, "MAIL_URL": f"file://{folder / 'mail'}", "PORT": port, **more}


def answers(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=LONGEST) as answer:
            return int(answer.status)
    except OSError:  # refused, reset or, on a busy machine, too late
        return 0


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """A dead one whose parent is gone may stay in the list until somebody takes note of it (state Z)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def talk(port: int, said: bytes, *, is_last: bool = False) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST) as connection:
        connection.sendall(said)
        if is_last:
            connection.shutdown(socket.SHUT_WR)
        return connection.recv(2_000)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_serve_answers_runs_the_scheduler_names_no_visitor_and_ends_as_one(url: str, tmp_path: Path) -> None:
    # Given the server with its scheduler
    port, log = free_port(), tmp_path / "log"
    settings = settings_of(url, tmp_path, port, BASE_URL=f"http://127.0.0.1:{port}")
    with running([command("serve")], log, **settings) as [process]:
        wait_until(lambda: answers(port, "/") == 200, LONGEST, "the home page did not answer", log)
        wait_until(lambda: "schedule started" in log.read_text(), LONGEST, "no scheduler started", log)
        children = children_of(process.pid)
        assert children
        # When visitors come, one of whom speaks no HTTP
        assert answers(port, "/static/app.css") == 200
        refused = talk(port, b"<script> / HTTP/1.1\r\n\r\n")
        assert b"400" in refused
        assert b"script" not in refused
        assert b"400" in talk(port, b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")
        assert b"400" in talk(
            port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n"
        )
        # Or ends its side when it has asked
        assert b"HTTP/1.1 200" in talk(
            port, f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode(), is_last=True
        )
        # Or means another site: by its host, by two of them, by the line of the request
        own = f"Host: 127.0.0.1:{port}"
        for line, *hosts in ELSEWHERE:
            said = "\r\n".join(
                (line, *(host.replace("OWN", own) for host in hosts), "Connection: close", "", "")
            )
            answer = talk(port, said.encode())
            assert answer.startswith(b"HTTP/1.1 400"), (said, answer)
        led = talk(
            port, f"GET /work HTTP/1.1\r\n{own}\r\nX-Forwarded-Host: elsewhere.example\r\n\r\n".encode()
        )
        assert b"\r\nlocation: /sign-in?next=/work\r\n" in led.lower()
        assert answers(port, "/") == 200
        # Then SIGTERM ends all of them with it
        assert stop(process) == 0
        assert not any(is_alive(child) for child in children)
    # And the only address in what it said is its own
    lines = log.read_text().splitlines()
    assert [line for line in lines if "127.0.0.1" in line] == [
        f"Open http://127.0.0.1:{port} (Ctrl-C stops it)"
    ]
    assert not any("Traceback" in line for line in lines)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_slow_clients_hold_nobody_up_and_one_that_sends_no_header_is_left(url: str, tmp_path: Path) -> None:
    # Given one process with 32 threads, and more clients than that who do not finish what they say
    port, log = free_port(), tmp_path / "log"
    settings = settings_of(url, tmp_path, port, WEB_PROCESSES=1)
    start = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode()
    with running([command("serve")], log, **settings) as [process], ExitStack() as slow:
        wait_until(lambda: answers(port, "/") == 200, LONGEST, "the home page did not answer", log)
        web = children_of(process.pid)[0]
        assert len(children_of(web)) == 1

        def begin(said: bytes) -> socket.socket:
            connection = slow.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LONGEST))
            connection.sendall(said)
            return connection

        headers = [begin(start + b"X-A: ") for _ in range(40)]
        bodies = [begin(start + b"Content-Length: 400\r\n\r\nhandle=") for _ in range(40)]
        # When people read on
        begun = time.monotonic()
        assert [answers(port, path) for path in ("/", "/recommendations", "/sign-in")] == [200, 200, 200]
        # Then nobody has waited until one of the slow ones was given up
        assert time.monotonic() - begun < worker.HEADER_SECONDS
        # And who says no more loses the connection, who has a body to send has longer
        assert headers[0].recv(100) == b""
        bodies[0].setblocking(False)
        with pytest.raises(BlockingIOError):
            bodies[0].recv(100)


@pytest.fixture
def hears_hangups() -> Iterator[None]:
    """Under nohup the tests hand down that SIGHUP is ignored, and then a server rightly goes on."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("number", "kind"), [(signal.SIGKILL, "sqlite"), (signal.SIGHUP, "postgresql")])
@pytest.mark.usefixtures("hears_hangups")
def test_nothing_outlives_serve_however_it_is_ended(url: str, tmp_path: Path, number: signal.Signals) -> None:
    port, log = free_port(), tmp_path / "log"
    settings = settings_of(url, tmp_path, port)
    with running([command("serve")], log, **settings) as [process]:
        wait_until(lambda: answers(port, "/") == 200, LONGEST, "the home page did not answer", log)
        wait_until(lambda: "schedule started" in log.read_text(), LONGEST, "no scheduler started", log)
        parts = [pid for child in children_of(process.pid) for pid in (child, *children_of(child))]
        try:
            # When nobody can do anything any more at its end, or the terminal is closed
            process.send_signal(number)
            assert process.wait(LONGEST) == -number
            # Then the server, its workers, the scheduler and who watched end, too
            wait_until(lambda: not any(map(is_alive, parts)), LONGEST, "something lives on", log)
        finally:
            for pid in filter(is_alive, parts):
                os.kill(pid, signal.SIGKILL)
    assert answers(port, "/") == 0


@pytest.mark.parametrize(
    ("number", "starter", "kind"),
    [(signal.SIGINT, (), "sqlite"), (signal.SIGINT, DEAF, "sqlite"), (signal.SIGTERM, (), "postgresql")],
    ids=["Ctrl-C", "Ctrl-C in the background", "SIGTERM"],
)
def test_whoever_is_impatient_ends_it_no_less_whole(
    url: str, tmp_path: Path, number: signal.Signals, starter: tuple[str, ...]
) -> None:
    port, log = free_port(), tmp_path / "log"
    settings = settings_of(url, tmp_path, port)
    with running([(*starter, *command("serve"))], log, **settings) as [process]:
        wait_until(lambda: answers(port, "/") == 200, LONGEST, "the home page did not answer", log)
        wait_until(lambda: "schedule started" in log.read_text(), LONGEST, "no scheduler started", log)
        children = children_of(process.pid)
        # When it is asked to end again and again
        for _ in range(5):
            process.send_signal(number)
            time.sleep(0.02)
        # Then it ends as it does when it is asked once
        begun = time.monotonic()
        assert process.wait(LONGEST) == 0
        assert time.monotonic() - begun < LONGEST_END_SECONDS + 1
        assert not any(is_alive(child) for child in children)
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_serve_ends_with_a_failure_when_its_port_is_taken(url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = settings_of(url, tmp_path, port)
        with running([command("serve")], log, **settings) as [process]:
            assert process.wait(LONGEST) == 1
    assert "One part has ended by itself" in log.read_text()
    # And whoever set the port alone is told what else follows it
    assert f"let BASE_URL end in :{port}." in log.read_text()
