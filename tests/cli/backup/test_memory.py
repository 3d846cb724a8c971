"""A backup and its restore hold no file and no database in memory: 80 MB pass through a process that hardly grows."""

import os
import subprocess
import sys
from pathlib import Path

from config import ROOT, Config
from tests.cli.backup.places import MakePlace, add_evidence, files_of
from tests.jobs.processes import environment

MEGABYTES, GROWTH_MEGABYTES = 80, 40
PROGRAM = """
import re, sys
from pathlib import Path
from config import Config
from tracker.app import create_app

def peak():  # of this program alone: what getrusage says counts the one that started it
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024

def run(*arguments):
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output

app = create_app(Config.from_environment())
run("job", "--list")  # loads what every command loads
before = peak()
run(*sys.argv[1:])
print(peak() - before)
app.extensions["database"].dispose()
"""


def growth_of(config: Config, *arguments: object) -> float:
    names = ("STORAGE_DIR", "KEY_DIR", "BACKUP_PUBLIC_KEY", "DATABASE_URL")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        env=environment(**{name: getattr(config, name) for name in names}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout.splitlines()[-1])


def test_memory_stays_flat_however_large_the_evidence_is(
    config: Config, places: MakePlace, file: Path, private: Path
) -> None:
    # Given one file of 80 MB
    add_evidence(config, os.urandom(MEGABYTES * 1_000_000))
    # When it is backed up, and restored
    backup = growth_of(config, "backup", file)
    place = places()
    restore = growth_of(place, "restore", file, "--private-key", private)
    # Then neither held it
    assert file.stat().st_size > MEGABYTES * 1_000_000
    assert list(files_of(place)) == list(files_of(config))
    assert len(files_of(place)) == 1
    assert 0 < backup < GROWTH_MEGABYTES
    assert 0 < restore < GROWTH_MEGABYTES
