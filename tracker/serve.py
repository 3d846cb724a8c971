"""`python -m tracker.serve HOST:PORT`: the web server and the scheduler beside it, started and ended as one.

It waits all day long, so it imports nothing of the product and nothing that is heavy.
"""

import signal
import subprocess
import sys
from queue import Empty, SimpleQueue

WEB = (sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "32")
# Warnings of the server name visitors' addresses: only errors are logged, and no access log is kept.
QUIET = ("--log-level", "error")
NO_HEADERS = ("--forwarder-headers", "")
"""No proxy and no client can set SCRIPT_NAME or PATH_INFO by a header."""
SCHEDULER = (sys.executable, "-m", "flask", "--app", "tracker.app", "schedule")


def main(address: str) -> int:
    """Exit status 0 after Ctrl-C or SIGTERM, 1 when a part has ended by itself."""
    asked: SimpleQueue[int] = (
        SimpleQueue()
    )  # no exception, which could come anywhere: somebody may be impatient
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: asked.put(number))
    parts: list[subprocess.Popen[bytes]] = []
    watchers: list[subprocess.Popen[bytes]] = []
    try:
        for each in (
            (*WEB, *QUIET, *NO_HEADERS, "--bind", address, "tracker.app:create_server()"),
            SCHEDULER,
        ):
            parts.append(subprocess.Popen(each))  # noqa: S603 - our own commands
        watchers.append(_watcher_of(parts))
        while all(part.poll() is None for part in parts):
            try:
                if asked.get(timeout=1) == signal.SIGINT:
                    print()
            except Empty:
                continue
            return 0
        print("One part has ended by itself, its last lines say why: stopping the other.", file=sys.stderr)
        return 1
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait()
        for watcher in watchers:
            watcher.kill()
            watcher.wait()


def _watcher_of(parts: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Starts a shell that asks the parts to end when this process is gone: its pipe then closes, even after SIGKILL.

    Every system has a shell. It gets a session of its own, so that Ctrl-C does not reach it."""
    program = ["/bin/sh", "-c", 'read -r _; kill "$@" 2>/dev/null', "sh"]
    return subprocess.Popen(  # noqa: S603 - our own command
        [*program, *(str(part.pid) for part in parts)], stdin=subprocess.PIPE, start_new_session=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
