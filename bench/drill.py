"""`make drill`: an instance burns down while people write, and comes back from its backup.

Prints the recovery point (seconds of work that were lost) and the recovery time, and exits 1 when a page fails or one
of them is beyond its limit. `--postgresql` takes PostgreSQL in place of SQLite; with `--without-keys` the keys burn as
well, and what needs none must work all the same. The limits are those of an instance
that is backed up nightly; the drill backs up and burns within seconds, so its recovery point says what a backup
itself loses.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from bench.client import Client
from bench.instances import FLASK, Instance, InstanceMaker, places
from bench.processes import Server
from tests.servers import free_port
from tracker import clock
from tracker.database import Database
from tracker.history.lines import write_line
from tracker.models.history import HistoryLine
from tracker.policy.actors import SYSTEM

POINT_SECONDS, TIME_SECONDS = 24 * 3600, 15 * 60
WRITERS, FILES, PAUSE_SECONDS = 2, 50, 2.0
PAGES = ("/", "/recommendations", "/recommendations/KGZ-3/A12", "/calendar", "/communications", "/reports")
NAME = 64
"""Letters of the name of an evidence file: its hash."""
WHO_SIGNS_IN = "contributor"
"""A role of which no second factor is asked, so that it needs no key."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Backs up under load, wipes, restores and looks at the pages."
    )
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL")
    parser.add_argument("--without-keys", action="store_true", help="the key folder is lost, too")
    given = parser.parse_args()
    kind = "postgresql" if given.postgresql else "sqlite"
    with tempfile.TemporaryDirectory(prefix="tracker-drill-") as name, places(Path(name), kind) as found:
        point, seconds = _drill(found, Path(name), has_keys=not given.without_keys)
    is_kept = point <= POINT_SECONDS and seconds <= TIME_SECONDS
    print(f"Recovery point ({kind}): {point:.1f} seconds of work lost (limit {POINT_SECONDS} s)")
    print(f"Recovery time ({kind}): {seconds:.1f} seconds (limit {TIME_SECONDS} s)")
    return 0 if is_kept else 1


def _drill(found: InstanceMaker, folder: Path, *, has_keys: bool) -> tuple[float, float]:
    office, file = found.empty("office"), folder / "nightly.backup"
    _settle(office)
    evidence = _names(office)
    keys, accounts = folder / "copy-of-the-keys", (office.folder / "demo-accounts.json").read_text()
    shutil.copytree(office.key_folder, keys)
    with _Writers(office.url) as writers:
        writers.wait_for_some()
        print(office.run("backup", file), end="")
        time.sleep(PAUSE_SECONDS)
    found.wipe(office)
    begun, cellar = time.perf_counter(), found.empty("cellar")
    if has_keys:
        shutil.copytree(keys, cellar.key_folder)
    print(cellar.run("restore", file, "--private-key", cellar.private_key), end="")
    cellar.run("db", "upgrade")
    _look(cellar, accounts, evidence)
    seconds = time.perf_counter() - begun
    return (writers.newest - _newest_restored(cellar)).total_seconds(), seconds


def _settle(office: Instance) -> None:
    office.run("db", "upgrade")
    office.run("seed", "--demo")
    office.add_evidence(FILES, 100_000)


class _Writers:
    """People at work: each writes a line of the history, again and again, until the fire."""

    def __init__(self, url: str) -> None:
        self._url, self._fire, self._times = url, threading.Event(), [0] * WRITERS
        self._newest: list[datetime] = [clock.now()] * WRITERS
        self._threads = [threading.Thread(target=self._write, args=(who,)) for who in range(WRITERS)]

    def __enter__(self) -> "_Writers":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fire.set()
        for each in self._threads:
            each.join()

    @property
    def newest(self) -> datetime:
        return max(self._newest)

    def wait_for_some(self) -> None:
        while min(self._times) < 5:
            if not all(each.is_alive() for each in self._threads):
                raise RuntimeError("somebody cannot write")
            time.sleep(0.01)

    def _write(self, who: int) -> None:
        database = Database(self._url)
        while not self._fire.is_set():
            now = clock.now()
            with database.transaction() as session:
                write_line(session, SYSTEM, "drill", f"drill {who}", at=now)
            self._newest[who] = now
            self._times[who] += 1
        database.dispose()


def _names(instance: Instance) -> set[str]:
    """Of its evidence files: those of the demonstration and ours."""
    return {path.name for path in instance.storage.rglob("*") if len(path.name) == NAME}


def _look(cellar: Instance, accounts: str, evidence: set[str]) -> None:
    """As visitors do, and as somebody who signs in; every evidence file is there as it was stored."""
    print(cellar.run("verify"), end="")
    if len(evidence) <= FILES or _names(cellar) != evidence:
        raise RuntimeError("evidence is missing")
    person = next(
        each for each in json.loads(accounts) if WHO_SIGNS_IN in (each["role"], *each.get("roles", ()))
    )
    port = free_port()
    environment = {**cellar.environment, "BASE_URL": f"http://127.0.0.1:{port}"}
    server = Server((*FLASK, "serve", "--port", str(port)), port, environment)
    try:
        client = Client(port)
        for page in PAGES:
            client.get(page)
        client.sign_in(person["handle"], person["passphrase"], person.get("totp_secret"))
        client.get("/work")
    finally:
        server.stop()


def _newest_restored(cellar: Instance) -> datetime:
    database = Database(cellar.url)
    with database.reading() as session:
        newest = session.scalar(select(func.max(HistoryLine.at)).where(HistoryLine.verb == "drill"))
    database.dispose()
    if newest is None:
        raise RuntimeError("no work came back")
    return newest


if __name__ == "__main__":
    sys.exit(main())
