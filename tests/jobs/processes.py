"""Schedulers as real processes: started, killed and stopped by their own handle, with bounded waits."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from config import ROOT
from tests.databases import KEY_FOLDER
from tests.programs import LONGEST
from tracker import clock


def days_until(day: date) -> int:
    """CLOCK_SHIFT_DAYS that make `day` today, seen from the real one."""
    return (day - clock.day_in("Asia/Bishkek", clock.now())).days


def environment(**settings: object) -> dict[str, str]:
    """This process's environment with the settings of the test on top."""
    texts = {name: str(value) for name, value in settings.items()}
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TRACKER_ENV": "testing",
        "KEY_DIR": str(KEY_FOLDER),
        **texts,
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "tracker.app", *arguments]


@contextmanager
def running(
    commands: Sequence[Sequence[str]], log: Path, **settings: object
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The commands as processes that write to `log`; whatever still lives at the end is stopped, or killed. Evidence
    lies beside the log, where no other database's scheduler tidies up."""
    settings = {"STORAGE_DIR": log.parent / "storage", **settings}
    started: list[subprocess.Popen[bytes]] = []
    try:
        with log.open("ab") as output:
            for each in commands:
                started.append(
                    subprocess.Popen(
                        each, cwd=ROOT, env=environment(**settings), stdout=output, stderr=subprocess.STDOUT
                    )
                )
        yield started
    finally:
        for process in started:
            process.terminate()  # first politely: it may have children of its own to end
        for process in started:
            try:
                process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def stop(process: subprocess.Popen[bytes]) -> int:
    """SIGTERM, and its exit status; fails when it does not end."""
    process.terminate()
    return int(process.wait(LONGEST))


def wait_until(is_so: Callable[[], bool], seconds: float, failure: str, log: Path) -> None:
    """Waits until something is so; fails with the sentence and the end of the log."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"{failure} within {seconds} s. The log ends:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)
