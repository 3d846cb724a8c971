"""Ctrl-C, once or five times quickly, at whatever moment: within five seconds nothing runs any more."""

import random
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.cli.test_serve import children_of, is_alive, settings_of
from tests.jobs.processes import command, running, wait_until
from tests.lanes.faults.conftest import Tell
from tests.programs import LONGEST
from tests.servers import free_port

ROUNDS, MOST_SECONDS = 50, 5.0
LONGEST_START_SECONDS = 3.0


def descendants(pid: int) -> list[int]:
    try:
        children = children_of(pid)
    except FileNotFoundError:  # it has ended meanwhile
        return []
    return [each for child in children for each in (child, *descendants(child))]


def says_so(log: Path) -> bool:
    return "Open http" in log.read_text()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_fifty_times_of_fifty_everything_has_ended(url: str, tmp_path: Path, tell: Tell) -> None:
    moments, took = random.Random(50), []
    for turn in range(ROUNDS):
        port, log = free_port(), tmp_path / f"log-{turn}"
        with running([command("serve")], log, **settings_of(url, tmp_path, port)) as [process]:
            # Given a server that starts, or has started
            wait_until(partial(says_so, log), LONGEST, "it does not start", log)
            time.sleep(moments.uniform(0, LONGEST_START_SECONDS))
            started = descendants(process.pid)
            # When somebody presses Ctrl-C
            begun = time.monotonic()
            for _ in range(5 if turn % 2 else 1):
                process.send_signal(signal.SIGINT)
                time.sleep(0.01)
            # Then it ends, and so does what it started
            process.wait(LONGEST)
            while any(map(is_alive, started)):
                assert time.monotonic() - begun < LONGEST, f"round {turn}: something lives on"
                time.sleep(0.01)
            took.append(time.monotonic() - begun)
    tell(f"{ROUNDS} ends, median {sorted(took)[ROUNDS // 2]:.1f} s, longest {max(took):.1f} s")
    assert max(took) <= MOST_SECONDS
