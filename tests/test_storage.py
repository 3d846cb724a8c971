"""The storage of evidence: whole or not at all, named by what is inside, read by its owner alone."""

import hashlib
import os
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from config import ROOT
from tests.programs import LONGEST
from tracker.failures import EvidenceBroken, StorageUnavailable
from tracker.storage import LOCKS, Storage

CONTENT = b"Minutes of 3 March.\n"
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "storage")


def files_of(storage: Storage) -> list[Path]:
    return sorted(
        path
        for path in storage.folder.rglob("*")
        if path.is_file() and path.parent.name != "in-question" and path.name not in LOCKS
    )


def test_bytes_lie_under_their_hash_and_only_their_owner_reads_them(storage: Storage) -> None:
    assert [*storage.list_names()] == []
    assert storage.keep(CONTENT) == NAME
    assert storage.keep(CONTENT) == NAME
    [path] = files_of(storage)
    assert path == storage.folder / NAME[:2] / NAME[2:4] / NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert {each.stat().st_mode & 0o077 for each in path.parents if storage.folder in each.parents} == {0}
    with storage.open(NAME) as file:
        assert file.read() == CONTENT
    assert [*storage.list_names()] == [NAME]
    assert storage.list_pending() == [NAME]
    storage.resolve_pending(NAME, is_named=True)
    assert [*storage.list_names()] == [NAME]
    storage.resolve_pending(NAME, is_named=False)
    storage.resolve_pending(NAME, is_named=False)
    assert storage.list_pending() == []
    assert files_of(storage) == []


@pytest.mark.parametrize("name", ["", "../" + NAME, NAME.upper(), NAME[:-1], "/etc/passwd", NAME + "\0"])
def test_nothing_but_a_hash_names_a_file(storage: Storage, name: str) -> None:
    for use in (storage.open, storage.remove, storage.mark_pending):
        with pytest.raises(ValueError, match="SHA-256"):
            use(name)


def test_what_is_not_there_or_cannot_be_written_is_a_failure_that_says_why(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="No such file"):
        Storage(tmp_path / "none").open(NAME)
    (tmp_path / "a file").write_text("in the way")
    in_the_way = Storage(tmp_path / "a file")
    for use in (lambda: in_the_way.keep(CONTENT), in_the_way.shared_lock):
        with pytest.raises(StorageUnavailable):
            use()


def test_a_write_that_fails_halfway_leaves_nothing(storage: Storage) -> None:
    """The process may write no file beyond 100 bytes: the disk fails in the middle of the bytes."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from tracker.failures import EvidenceBroken, StorageUnavailable\n"
        "from tracker.storage import LOCKS, Storage\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n"
        "    Storage(Path(sys.argv[1])).keep(b'x' * 100_000)\n"
        "except StorageUnavailable as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(storage.folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert "File too large" in done.stdout, done.stderr
    assert storage.folder.is_dir()
    assert files_of(storage) == []


def test_who_removes_waits_for_who_adds_and_sweeps_what_a_dead_process_left(storage: Storage) -> None:
    first, second = storage.shared_lock(), storage.shared_lock()
    storage.keep(CONTENT)
    half = files_of(storage)[0].with_name(".half-of-a-dead-process")
    half.touch()
    done = threading.Event()

    def remove() -> None:
        with storage.exclusive_lock():
            storage.remove(NAME)
        done.set()

    thread = threading.Thread(target=remove)
    thread.start()
    first.release()
    assert not done.wait(0.2)
    assert [*storage.list_names()] == [NAME]
    second.release()
    thread.join(LONGEST)
    assert done.is_set()
    assert files_of(storage) == []
    assert not half.exists()


def test_who_removes_does_not_wait_for_who_reads_everything_and_is_told_to_leave_it(storage: Storage) -> None:
    with storage.pause_removals():  # nothing is there yet: nothing to keep
        storage.keep(CONTENT)
    with storage.pause_removals(), storage.pause_removals():
        with storage.exclusive_lock() as may_remove:
            assert not may_remove
        storage.shared_lock().release()
    with storage.exclusive_lock() as may_remove:
        assert may_remove


def test_bytes_that_are_missing_or_not_those_of_their_name_are_told_apart(storage: Storage) -> None:
    storage.keep(CONTENT)
    with storage.open_verified(NAME) as file:
        assert file.read() == CONTENT
    [path] = files_of(storage)
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(EvidenceBroken) as changed:
        storage.open_verified(NAME)
    path.unlink()
    with pytest.raises(EvidenceBroken) as missing:
        storage.open_verified(NAME)
    assert (changed.value.fault, missing.value.fault) == ("changed", "missing")
    (storage.folder / "aa").symlink_to("aa")
    with pytest.raises(EvidenceBroken):
        storage.open_verified("a" * 64)


def test_no_file_is_held_in_memory_while_it_is_proven(storage: Storage) -> None:
    size = 50_000_000
    content = bytes(size)
    name = storage.keep(content)
    del content
    tracemalloc.start()
    storage.open_verified(name).close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0 < peak < size / 50


def test_the_name_is_on_the_disk_before_anybody_is_told(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question, the bytes, the name, the folder: in this order a power cut leaves all or nothing."""
    steps, fsync, rename = [], os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda found: (steps.append("to the disk"), fsync(found))[1])
    monkeypatch.setattr(Path, "rename", lambda path, to: (steps.append("named"), rename(path, to))[1])
    storage.keep(CONTENT)
    assert steps == ["to the disk", "to the disk", "named", "to the disk"]
