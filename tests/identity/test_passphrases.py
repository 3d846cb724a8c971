"""Passphrases: never stored, never the same twice, and an unknown person is never let in."""

import errno
import os
import re
import sys
import threading

import pytest
from nacl import pwhash

from tracker.identity.passphrases import (
    CHEAP,
    DUMMY_HASH,
    KNOWN_BROWSER_QUEUE,
    MOST_CHARACTERS,
    NICE,
    QUEUE,
    STRONG,
    Queue,
    hash_passphrase,
    is_passphrase,
    make_passphrase,
)


def test_a_made_passphrase_is_readable_from_paper_and_new_each_time() -> None:
    made = {make_passphrase() for _ in range(50)}
    assert len(made) == 50
    for each in made:
        assert re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){4}[a-hj-km-np-z2-9]{4}", each), each
        assert not set(each) & set("0o1li")


def test_only_the_right_passphrase_opens() -> None:
    hashed = hash_passphrase("quiet harbour", CHEAP)
    assert is_passphrase("quiet harbour", hashed)
    for wrong in ("quiet harbou", "Quiet harbour", "quiet harbour ", ""):
        assert not is_passphrase(wrong, hashed)


def test_two_hashes_of_one_passphrase_differ() -> None:
    assert hash_passphrase("quiet", CHEAP) != hash_passphrase("quiet", CHEAP)


def test_the_hash_says_how_strong_it_is_and_a_stronger_one_still_opens() -> None:
    hashed = hash_passphrase("Тынч порт", STRONG)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert is_passphrase("Тынч порт", hashed)


def test_an_unknown_person_is_never_let_in() -> None:
    assert not is_passphrase("quiet harbour", None)


def test_what_an_unknown_person_is_compared_with_costs_what_a_real_hash_costs() -> None:
    real, dummy = hash_passphrase("quiet harbour").split("$"), DUMMY_HASH.split("$")
    assert dummy[:4] == real[:4]
    assert [len(part) for part in dummy] == [len(part) for part in real]
    assert dummy[4:] != real[4:]


def test_an_unknown_person_costs_one_hash_as_strong_as_that_of_a_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counted, because a clock would not tell on a busy machine."""
    known, verify, looked_at = hash_passphrase("quiet harbour"), pwhash.argon2id.verify, []

    def counting(hashed: bytes, passphrase: bytes) -> bool:
        looked_at.append(hashed)
        return verify(hashed, passphrase)

    monkeypatch.setattr(pwhash.argon2id, "verify", counting)
    assert not is_passphrase("quiet harbou", None)
    assert not is_passphrase("quiet harbou", known)
    strengths = [hashed.decode().rsplit("$", 2)[0] for hashed in looked_at]
    assert strengths == ["$argon2id$v=19$m=65536,t=3,p=1"] * 2


def test_an_endless_passphrase_opens_nothing() -> None:
    longest = "a" * MOST_CHARACTERS
    hashed = hash_passphrase(longest, CHEAP)
    assert is_passphrase(longest, hashed)
    assert not is_passphrase(longest + "a", hash_passphrase(longest + "a", CHEAP))


def niceness() -> int:
    """Of the thread that asks."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="threads have no priority of their own elsewhere"
)


@on_linux
def test_what_strangers_ask_for_stands_back_and_what_the_owner_asks_for_does_not() -> None:
    assert QUEUE.compute(niceness) == max(NICE, niceness())
    assert KNOWN_BROWSER_QUEUE.compute(niceness) == niceness()


@on_linux
def test_a_process_that_stands_back_further_is_not_pushed_forward() -> None:
    further = max(NICE + 5, niceness())

    def found() -> int:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), further)
        return Queue(1, 1, low_priority=True).compute(niceness)

    assert Queue(1, 1).compute(found) == further


@on_linux
@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSYS])
def test_where_priorities_may_not_be_changed_people_sign_in_all_the_same(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def forbidden(*_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "setpriority", forbidden)
    assert Queue(1, 1, low_priority=True).compute(lambda: "computed") == "computed"
