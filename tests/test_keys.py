"""The key folder: what it seals nobody else opens, and a key that is replaced loses nothing."""

import os
import stat
import string
from pathlib import Path

import pytest

from tracker.failures import KeyMissing
from tracker.keys import SEALED, make_key, read_keys, read_or_make_keys

LETTERS = {*string.ascii_letters, *string.digits, *"-_=+/ ."}
"""Of what is sealed, and some that are not."""


def test_what_is_sealed_is_opened_and_never_looks_the_same_twice(tmp_path: Path) -> None:
    keys = read_or_make_keys(tmp_path)
    sealed = {keys.seal("email", "айгүл@example.org") for _ in range(20)}
    assert len(sealed) == 20
    assert {keys.open("email", each) for each in sealed} == {"айгүл@example.org"}


def test_the_folder_and_its_keys_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "keys"
    read_or_make_keys(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {"1.key": 0o600}


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    old = read_or_make_keys(tmp_path)
    sealed, digest = old.seal("email", "a"), old.digest("throttle", "a")
    make_key(tmp_path)
    both = read_keys(tmp_path)
    assert both.open("email", sealed) == "a"
    assert both.digest("throttle", "a") == digest
    assert both.seal("email", "a").startswith(f"{SEALED}2:")
    with pytest.raises(KeyMissing, match="number 2"):
        old.open("email", both.seal("email", "a"))


@pytest.mark.parametrize("text", ["", "a@example.org", "ab@example.org", "abc@example.org"])
def test_another_purpose_another_folder_and_a_changed_letter_open_nothing(tmp_path: Path, text: str) -> None:
    keys, others = read_or_make_keys(tmp_path / "a"), read_or_make_keys(tmp_path / "b")
    sealed = keys.seal("email", text)
    for open_ in (lambda: keys.open("totp", sealed), lambda: others.open("email", sealed)):
        with pytest.raises(KeyMissing):
            open_()
    start = len(f"{SEALED}1:")
    for place in range(start, len(sealed)):
        for letter in LETTERS - {sealed[place]}:
            with pytest.raises(KeyMissing):
                keys.open("email", sealed[:place] + letter + sealed[place + 1 :])
    for broken in ("", "sealed:", "sealed:x:abc", "sealed:1:", "sealed:1:é", "sealed:1:%%%"):
        with pytest.raises(KeyMissing):
            keys.open("email", broken)


def test_digests_tell_purposes_and_folders_apart(tmp_path: Path) -> None:
    keys, others = read_or_make_keys(tmp_path / "a"), read_or_make_keys(tmp_path / "b")
    found = {
        keys.digest("throttle", "a"), keys.digest("throttle", "b"),
        keys.digest("device", "a"), others.digest("throttle", "a"),
    }  # fmt: skip
    assert len(found) == 4
    assert keys.digest("throttle", "a") in found


@pytest.mark.parametrize(
    ("name", "content"),
    [("1.key", "no digits"), ("1.key", "ab" * 31), ("one.key", "ab" * 32), ("1.key", "")],
)
def test_a_file_that_is_no_key_is_named_and_never_replaced(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    for read in (read_keys, read_or_make_keys):
        with pytest.raises(KeyMissing, match=name):
            read(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert path.read_text() == content


def test_an_empty_folder_is_refused_where_none_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="holds no key"):
        read_keys(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_never_written_over_another(tmp_path: Path) -> None:
    first = make_key(tmp_path)
    before = first.read_text()
    assert [make_key(tmp_path).name for _ in range(2)] == ["2.key", "3.key"]
    assert first.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.key", "2.key", "3.key"]


def test_a_new_key_is_on_the_disk_before_anything_is_sealed_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file, its name in the folder and the folder's own name, in this order."""
    synced, sync = [], os.fsync

    def note(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    made = make_key(tmp_path / "keys")
    assert synced == [path.stat().st_ino for path in (made, made.parent, tmp_path)]


def test_a_key_that_the_disk_refuses_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        make_key(tmp_path)
    assert list(tmp_path.iterdir()) == []
