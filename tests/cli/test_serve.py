"""flask serve: the web server and the scheduler beside it, started and stopped as one."""

import os
import socket
import subprocess
import urllib.request
from pathlib import Path

from tests.jobs.processes import command, running, stop, wait_until
from tests.servers import free_port


def answers(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return int(answer.status)
    except OSError:  # refused, reset or, on a busy machine, too late
        return 0


def children_of(process: subprocess.Popen) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in tasks.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def talk(port: int, said: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(said)
        return connection.recv(200)


def test_serve_answers_runs_the_scheduler_names_no_visitor_and_ends_as_one(url: str, tmp_path: Path) -> None:
    # Given the server with its scheduler
    port, log = free_port(), tmp_path / "log"
    settings = {
        "DATABASE_URL": url,
        "MAIL_URL": f"file://{tmp_path / 'mail'}",
        "PORT": port,
        "BASE_URL": f"http://127.0.0.1:{port}",
    }
    with running([command("serve")], log, **settings) as [process]:
        wait_until(lambda: answers(port, "/") == 200, 120, "the home page did not answer", log)
        wait_until(lambda: "schedule started" in log.read_text(), 120, "no scheduler started", log)
        children = children_of(process)
        assert len(children) == 2
        # When visitors come, one of whom speaks no HTTP
        assert answers(port, "/static/app.css") == 200
        assert b"400" in talk(port, b"NONSENSE\r\n\r\n")
        assert b"400" in talk(port, b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")
        assert answers(port, "/") == 200
        # Then SIGTERM ends both parts with it
        assert stop(process) == 0
        assert not any(is_alive(child) for child in children)
    # And the only address in what it said is its own
    lines = log.read_text().splitlines()
    assert [line for line in lines if "127.0.0.1" in line] == [
        f"Open http://127.0.0.1:{port} (Ctrl-C stops it)"
    ]
    assert not any("Traceback" in line for line in lines)


def test_serve_ends_with_a_failure_when_its_port_is_taken(url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {"DATABASE_URL": url, "MAIL_URL": f"file://{tmp_path / 'mail'}", "PORT": port}
        with running([command("serve")], log, **settings) as [process]:
            assert process.wait(120) == 1
    assert "One part has ended by itself" in log.read_text()
