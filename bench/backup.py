"""`python -m bench.backup`: streams an instance of 1 GB into a backup and back; exits 1 beyond 150 MB of memory.

`--postgresql` takes PostgreSQL in place of SQLite, whose programs then count as well.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from sqlalchemy import insert

from bench.instances import Instance, places
from tracker.database import Database
from tracker.models.settings import Setting

LIMIT_MEGABYTES = 150
EVIDENCE_MEGABYTES, EACH_MEGABYTES = 700, 10
DATABASE_MEGABYTES = 300


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Measures the memory of a backup of 1 GB and of its restore."
    )
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL")
    kind = "postgresql" if parser.parse_args().postgresql else "sqlite"
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as name, places(Path(name), kind) as found:
        full, again, file = found.empty("before"), found.empty("afterwards"), Path(name, "bench.backup")
        _fill(full)
        backup = full.measure("backup", file)
        restore = again.measure("restore", file, "--private-key", full.private_key)
        size = file.stat().st_size / 1e6
    print("| what | size | time | highest memory | limit |\n|---|---:|---:|---:|---:|")
    for what, (seconds, megabytes) in (("backup", backup), ("restore", restore)):
        print(
            f"| {what}, {kind} | {size:.0f} MB | {seconds:.1f} s | {megabytes:.0f} MB | {LIMIT_MEGABYTES} MB |"
        )
    return 0 if max(backup[1], restore[1]) <= LIMIT_MEGABYTES else 1


def _fill(instance: Instance) -> None:
    """Evidence and rows of random bytes."""
    instance.run("db", "upgrade")
    instance.run("seed", "--demo")
    instance.add_evidence(EVIDENCE_MEGABYTES // EACH_MEGABYTES, EACH_MEGABYTES * 1_000_000)
    database = Database(instance.url)
    for part in range(DATABASE_MEGABYTES):
        with database.transaction() as session:
            rows = [{"name": f"{part} {row}", "value": os.urandom(50_000).hex()} for row in range(10)]
            session.execute(insert(Setting), rows)
    database.dispose()


if __name__ == "__main__":
    sys.exit(main())
