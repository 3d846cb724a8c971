"""`python -m tracker.serve HOST:PORT PROCESSES`: the web server and the scheduler beside it, started and ended as one.

It waits all day long, so it imports nothing of the product and nothing that is heavy.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from queue import Empty, SimpleQueue

WEB = (sys.executable, "-m", "gunicorn", "--worker-class", "tracker.web.worker.Worker")
# Warnings of the server name visitors' addresses: only errors are logged, and no access log is kept.
QUIET = ("--log-level", "error")
NO_HEADERS = ("--forwarder-headers", "")
"""No proxy and no client can set SCRIPT_NAME or PATH_INFO by a header."""
NO_CONTROL = ("--no-control-socket",)
"""gunicorn would make one in the home folder, through which it can be asked about its requests."""
HTTP_ONLY = ("--preload", "--asgi-lifespan", "off", "--asgi-loop", "asyncio")
FINISH_SECONDS = 3
"""So long requests in hand are waited for at the end."""
LONGEST_END_SECONDS = 4.5
"""What has not ended by itself then is killed."""
BETWEEN_SIGNALS_SECONDS = 1.0
APPLICATION = "tracker.app:create_gateway()"
SCHEDULER = (sys.executable, "-m", "flask", "--app", "tracker.app", "schedule")


def web(address: str, processes: str) -> tuple[str, ...]:
    """The command of the web server."""
    options = ("--workers", processes, "--graceful-timeout", str(FINISH_SECONDS), "--bind", address)
    return (*WEB, *QUIET, *NO_HEADERS, *NO_CONTROL, *HTTP_ONLY, *options, APPLICATION)


def main(address: str, processes: str) -> int:
    """Exit status 0 after Ctrl-C or SIGTERM, 1 when a part has ended by itself."""
    # A queue and no exception, which could come anywhere: somebody may be impatient.
    asked: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: asked.put(number))
    parts: list[subprocess.Popen[bytes]] = []
    watchers: list[subprocess.Popen[bytes]] = []
    try:
        for each in (web(address, processes), SCHEDULER):
            # A group of its own: Ctrl-C in a terminal reaches this process alone, which then ends them in order.
            parts.append(subprocess.Popen(each, process_group=0))  # noqa: S603 - our own commands
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
        _end(parts)
        for watcher in watchers:
            watcher.kill()
            watcher.wait()


def _end(parts: list[subprocess.Popen[bytes]]) -> None:
    """Asks the parts to end, again each second: a process that is just starting may miss the first signal. Then kills
    what is left, with all that it started."""
    last = time.monotonic() + LONGEST_END_SECONDS
    while time.monotonic() < last and any(part.poll() is None for part in parts):
        for part in parts:
            part.terminate()
        next_signal = min(last, time.monotonic() + BETWEEN_SIGNALS_SECONDS)
        while time.monotonic() < next_signal and any(part.poll() is None for part in parts):
            time.sleep(0.02)
    for part in parts:
        with suppress(ProcessLookupError):  # nobody of the group is left
            os.killpg(part.pid, signal.SIGKILL)
        part.wait()


def _watcher_of(parts: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Starts a shell that asks the parts to end when this process is gone: its pipe then closes, even after SIGKILL.

    Every system has a shell. It gets a session of its own, so that Ctrl-C does not reach it."""
    program = ["/bin/sh", "-c", 'read -r _; kill "$@" 2>/dev/null', "sh"]
    return subprocess.Popen(  # noqa: S603 - our own command
        [*program, *(str(part.pid) for part in parts)], stdin=subprocess.PIPE, start_new_session=True
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
