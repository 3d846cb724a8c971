"""The web server and the scheduler beside it, started and ended as one: `flask serve`.

Both are forked off the process that has loaded the application, so that it is loaded once, and what does not change of
it is in memory once.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue

WORKER = ("--worker-class", "tracker.web.worker.Worker", "--preload", "--asgi-lifespan", "off")
# Warnings of the server name visitors' addresses: only errors are logged, and no access log is kept.
QUIET = ("--log-level", "error")
NO_HEADERS = ("--forwarder-headers", "")
"""No proxy and no client can set SCRIPT_NAME or PATH_INFO by a header."""
NO_CONTROL = ("--no-control-socket",)
"""gunicorn would make one in the home folder, through which it can be asked about its requests."""
FINISH_SECONDS = 3
"""So long requests in hand are waited for at the end."""
LONGEST_END_SECONDS = 4.5
"""What has not ended by itself then is killed."""
BETWEEN_SIGNALS_SECONDS = 1.0
APPLICATION = "tracker.app:create_gateway()"
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def web(address: str, processes: int) -> tuple[str, ...]:
    """The arguments of gunicorn."""
    options = ("--workers", str(processes), "--graceful-timeout", str(FINISH_SECONDS), "--bind", address)
    return (*WORKER, *QUIET, *NO_HEADERS, *NO_CONTROL, *options, APPLICATION)


def run_web(address: str, processes: int) -> None:
    """Runs gunicorn in this process until it is asked to end."""
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", *web(address, processes)]
    run()


def run_together(works: Sequence[Callable[[], None]]) -> int:
    """Runs each in a process of its own. Exit status 0 after Ctrl-C or SIGTERM, 1 when one has ended by itself."""
    # A queue and no exception, which could come anywhere: somebody may be impatient.
    asked: SimpleQueue[int] = SimpleQueue()
    for number in SIGNALS:
        signal.signal(number, lambda number, _: asked.put(number))
    parts: list[BaseProcess] = []
    watchers: list[subprocess.Popen[bytes]] = []
    try:
        for work in works:
            part = multiprocessing.get_context("fork").Process(target=_run, args=(work,))
            part.start()
            parts.append(part)
        watchers.append(_watcher_of(parts))
        while all(part.is_alive() for part in parts):
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


def _run(work: Callable[[], None]) -> None:
    """In a group of its own: Ctrl-C in a terminal reaches the parent alone, which then ends its parts in order."""
    os.setpgid(0, 0)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    work()


def _end(parts: list[BaseProcess]) -> None:
    """Asks the parts to end, again each second: a process that is just starting may miss the first signal. Then kills
    what is left, with all that it started."""
    last = time.monotonic() + LONGEST_END_SECONDS
    while time.monotonic() < last and any(part.is_alive() for part in parts):
        for part in parts:
            part.terminate()
        next_signal = min(last, time.monotonic() + BETWEEN_SIGNALS_SECONDS)
        while time.monotonic() < next_signal and any(part.is_alive() for part in parts):
            time.sleep(0.02)
    for part in parts:
        with suppress(ProcessLookupError):  # nobody of the group is left
            os.killpg(part.pid or 0, signal.SIGKILL)
        part.kill()  # one that has not come so far as to have a group of its own
        part.join()


def _watcher_of(parts: list[BaseProcess]) -> subprocess.Popen[bytes]:
    """Starts a shell that asks the parts to end when this process is gone: its pipe then closes, even after SIGKILL.

    Every system has a shell. It gets a session of its own, so that Ctrl-C does not reach it. The parts do not hold the
    pipe, because they were forked before."""
    program = ["/bin/sh", "-c", 'read -r _; kill "$@" 2>/dev/null', "sh"]
    return subprocess.Popen(  # noqa: S603 - our own command
        [*program, *(str(part.pid) for part in parts)], stdin=subprocess.PIPE, start_new_session=True
    )
