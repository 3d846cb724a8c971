"""`python -m tests.lanes.faults.publishing URL KEY_DIR PROCESSES TIMES`: processes that publish updates at once,
each with engines of its own, as several web servers would. Each tells on standard output, in lines of one write:
`done UPDATE SECONDS` when the commit has come back, `failed REASON` when it was refused.

It forks after everything is imported, so that all begin at once; it has no threads.
"""

import os
import sys
import time
from pathlib import Path

from tests import cast as people
from tests.cast import GOOD_UPDATE, point, read_cast
from tracker import clock
from tracker.database import Database
from tracker.keys import read_keys
from tracker.services.updates import workflow as updates


def main(url: str, key_folder: str, processes: int, times: int) -> int:
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            _work(url, Path(key_folder), times)
            os._exit(0)
        children.append(child)
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


def _work(url: str, key_folder: Path, times: int) -> None:
    database = Database(url, read_keys(key_folder))
    with database.reading() as session:
        cast = read_cast(session)
    for _ in range(times):
        begun = time.monotonic()
        try:
            made = _publish(database, cast)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is an action that failed
            _say(f"failed {type(error).__name__}: {' '.join(str(error).split())}")
        else:
            _say(f"done {made} {time.monotonic() - begun:.4f}")


def _publish(database: Database, cast: people.Cast) -> str:
    """An update from the draft to its publication in one transaction: a dozen rows of five tables."""
    now = clock.now()
    with database.transaction() as session:
        made = updates.write_update(session, cast["focal_point"], point(session), GOOD_UPDATE, now)
        updates.submit_update(session, cast["focal_point"], made, now)
        updates.validate_update(session, cast["validating_officer"], made, now)
        updates.publish_update(session, cast["coordinator"], made, now)
        return str(made.id)


def _say(line: str) -> None:
    """In one write, which nothing comes between."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
