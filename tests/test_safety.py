"""What production looks at before it starts: what others can read, what lies where, and what the machine keeps."""

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from tracker.keys import make_key
from tracker.safety import (
    SWAP,
    Places,
    database_file,
    find_full_disks,
    find_unsafe_files,
    is_swap_on,
    warn_of_swap,
)

SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Each where nobody else reads it."""
    make_key(tmp_path / "keys")
    (tmp_path / "storage").mkdir()
    for name in ("data.sqlite3", "data.sqlite3-wal", "data.sqlite3-shm", "secret", "demo-accounts"):
        (tmp_path / name).touch(0o600)
    return places_in(tmp_path)


def places_in(folder: Path, **others: str) -> Places:
    names = {
        "keys": "keys",
        "storage": "storage",
        "database": "data.sqlite3",
        "secret": "secret",
        "demo_accounts": "demo-accounts",
    }
    return Places(**{place: folder / name for place, name in (names | others).items()})


def test_files_that_nobody_else_reads_are_safe_and_so_are_those_that_are_not_there(places: Places) -> None:
    assert find_unsafe_files(places) == []
    for path in places.keys.parent.glob("d*"):
        path.unlink()
    places.secret.unlink()
    assert find_unsafe_files(places) == []


@pytest.mark.parametrize("bits", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001])
@pytest.mark.parametrize(
    "name",
    ["keys", "keys/1.key", "secret", "demo-accounts", "data.sqlite3", "data.sqlite3-wal", "data.sqlite3-shm"],
)
def test_each_file_is_its_owners_alone(places: Places, tmp_path: Path, name: str, bits: int) -> None:
    path = tmp_path / name
    right = 0o700 if path.is_dir() else 0o600
    path.chmod(right | bits)
    assert find_unsafe_files(places) == [
        f"{path} is open to other users of this machine: chmod {right:o} {path}"
    ]
    path.chmod(right)
    assert find_unsafe_files(places) == []


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"storage": "keys"}, "lies in STORAGE_DIR"),
        ({"storage": "."}, "lies in STORAGE_DIR"),
        ({"storage": "way-around"}, "lies in STORAGE_DIR"),
        ({"storage": "keys/evidence"}, "lies in the key folder"),
        ({"database": "keys/data.sqlite3"}, "lies in the key folder"),
    ],
)
def test_keys_and_data_do_not_lie_together(
    places: Places, tmp_path: Path, others: dict[str, str], sentence: str
) -> None:
    """Also where a link hides it."""
    (tmp_path / "way-around").symlink_to(tmp_path)
    [line] = find_unsafe_files(places_in(tmp_path, **others))
    assert sentence in line


def test_a_missing_key_is_made_and_a_damaged_one_put_back(places: Places) -> None:
    (places.keys / "2.key").touch(0o600)
    [line] = find_unsafe_files(places)
    assert line.endswith(
        "2.key is no key: a file N.key holds 64 hexadecimal digits. Put your copy of it there."
    )
    for path in places.keys.glob("*.key"):
        path.unlink()
    [line] = find_unsafe_files(places)
    assert "holds no key. “flask make-key --first” makes one; for a database of before, put your copy" in line


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////srv/data.sqlite3", "/srv/data.sqlite3"),
        ("sqlite:///var/data.sqlite3", "var/data.sqlite3"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://tracker@127.0.0.1/tracker", None),
        ("no address", None),
    ],
)
def test_only_sqlite_has_a_file(url: str, file: str | None) -> None:
    assert database_file(url) == (Path(file) if file else None)


def test_a_full_disk_is_named_once(places: Places) -> None:
    assert find_full_disks(places, 0) == []
    [line] = find_full_disks(places, shutil.disk_usage(places.keys).total // 2**20 + 1)
    assert line.startswith("only ")
    assert line.endswith(" MB beside " + str(places.storage) + ": make room before writing stops.")


def test_swap_is_a_line_in_the_log_and_no_more(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    swaps = tmp_path / "swaps"
    for text in (None, "", SWAPS):
        if text is not None:
            swaps.write_text(text)
        warn_of_swap(swaps)
        assert not is_swap_on(swaps)
    assert caplog.messages == []
    swaps.write_text(f"{SWAPS}/dev/sda2  partition  2097148  0  -2\n")
    warn_of_swap(swaps)
    assert caplog.messages == [SWAP]


def test_a_closed_process_leaves_nothing_to_others_and_no_memory_on_the_disk(tmp_path: Path) -> None:
    program = (
        "import resource, subprocess; from tracker.safety import harden_process\n"
        "_, most = resource.getrlimit(resource.RLIMIT_CORE)\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (most, most))\n"
        "harden_process(); open('written', 'w').close()\n"
        "subprocess.run(['/bin/sh', '-c', 'ulimit -c > limit'], check=True)"  # what it starts, too
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "written").stat().st_mode & 0o077 == 0
    assert (tmp_path / "limit").read_text().strip() == "0"
