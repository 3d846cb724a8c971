"""The chain of the history: whatever is done to its lines past the application is noticed, and named."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from tests.history import tampering
from tests.history.tampering import HEADS, LINES, TAMPERINGS, UNSEEN_WITHOUT_A_NOTE, Tampering, change, signed
from tracker.database import Database
from tracker.failures import HistoryBroken
from tracker.history import verify_chain as history_proof
from tracker.history.verify_chain import VerifiedChain, verify_chain

TIMES = {"sqlite": 500, "postgresql": 60}


def prove(connection: Connection, *expected: str) -> VerifiedChain:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        return verify_chain(session, expected)


def fault_of(connection: Connection, *expected: str) -> tuple[int | None, str]:
    with pytest.raises(HistoryBroken) as raised:
        prove(connection, *expected)
    return raised.value.number, raised.value.fault


def numbers(connection: Connection) -> list[int]:
    return list(connection.scalars(select(LINES.c.id).order_by(LINES.c.id)))


def test_what_the_application_wrote_is_one_chain_without_gaps(connection: Connection) -> None:
    newest = tampering.newest(connection)
    proof = prove(connection)
    assert numbers(connection) == list(range(1, proof.lines + 1))
    assert proof.lines
    assert (proof.newest_hash, proof.newest_at) == (newest.hash, newest.at)
    assert connection.scalar(select(HEADS.c.number)) == proof.lines


def test_a_discarded_draft_left_its_lines_without_a_word_of_it_and_the_chain_whole(
    connection: Connection,
) -> None:
    assert prove(connection).purged == 3
    subject = connection.scalar(select(LINES.c.subject).where(LINES.c.verb == "discard_update"))
    rows = connection.execute(select(LINES).where(LINES.c.subject == subject).order_by(LINES.c.id)).all()
    assert [row.verb for row in rows] == ["write_update", "change_update", "change_update", "discard_update"]
    assert [(row.before, row.after) for row in rows] == [(None, None)] * 4
    discarded = rows[-1].facts
    assert [row.facts for row in rows[:-1]] == [{"who": "focal_point"}] * 3
    assert discarded.keys() == {"who", "organisation", "review", "point"}
    assert (discarded["who"], discarded["organisation"]) == ("focal_point", "ministry-a")
    assert [row.salt is None for row in rows] == [True, True, True, False]


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_the_walk_takes_a_few_lines_at_a_time(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    whole = prove(connection)
    monkeypatch.setattr(history_proof, "CHUNK", chunk)
    assert prove(connection) == whole
    change(connection, 20, verb="otherwise")
    assert fault_of(connection) == (20, "changed")


def test_every_one_of_many_random_tamperings_is_noticed(connection: Connection, kind: str) -> None:
    chance, noted = Random(5), prove(connection).newest_hash
    for time in range(TIMES[kind]):
        tampering = chance.choice(TAMPERINGS)
        done = tampered(connection, tampering, chance, lambda: prove(connection))
        assert done is None, f"{time}: nobody noticed that {done}"
    for time in range(TIMES[kind] // 10):
        tampering = chance.choice(UNSEEN_WITHOUT_A_NOTE)
        done = tampered(connection, tampering, chance, lambda: prove(connection, noted[:16]))
        assert done is None, f"{time}: nobody noticed that {done}"
    assert prove(connection, noted).newest_hash == noted


def tampered(
    connection: Connection, tampering: Tampering, chance: Random, proof: Callable[[], Any]
) -> str | None:
    """What was done, if nobody noticed; it is undone in any case."""
    with connection.begin_nested() as undone:
        done = tampering(connection, chance)
        try:
            proof()
        except HistoryBroken:
            return None
        finally:
            undone.rollback()
    return done


def test_lines_that_were_cut_off_or_written_anew_need_a_hash_that_somebody_noted(
    connection: Connection,
) -> None:
    noted = prove(connection).newest_hash
    for tamper in UNSEEN_WITHOUT_A_NOTE:
        with connection.begin_nested() as undone:
            tamper(connection, Random(1))
            assert prove(connection).newest_hash != noted
            assert fault_of(connection, noted) == (None, "missing")
            undone.rollback()


def test_a_changed_line_is_named(connection: Connection) -> None:
    row = connection.execute(select(LINES).where(LINES.c.id == 12)).one()
    for values in (
        {"facts": tampering.other_facts(row)},
        {"facts": None},
        {"sentence": "coordinator published nothing"},
        {"state_code": "FJI"},
    ):
        with connection.begin_nested() as undone:
            change(connection, 12, **values)
            assert fault_of(connection) == (12, "changed"), values
            undone.rollback()


def test_a_line_that_was_changed_and_signed_anew_is_named(connection: Connection) -> None:
    row = connection.execute(select(LINES).where(LINES.c.id == 12)).one()
    change(connection, 12, **signed({**row._mapping, "facts": tampering.other_facts(row)}))
    assert fault_of(connection) == (12, "changed")


def test_changed_texts_are_named(connection: Connection) -> None:
    found = select(LINES.c.id).where(LINES.c.after.is_not(None)).order_by(LINES.c.id).limit(1)
    number = connection.scalar(found)
    change(connection, number, after={"state": "published"})
    assert fault_of(connection) == (number, "changed")


def test_a_missing_line_is_named_with_and_without_its_gap(connection: Connection) -> None:
    connection.execute(delete(LINES).where(LINES.c.id == 12))
    assert fault_of(connection) == (12, "missing")
    tampering.move(connection, 13, -1)
    assert fault_of(connection) == (12, "missing")


def test_missing_newest_lines_are_named(connection: Connection) -> None:
    last = numbers(connection)[-1]
    connection.execute(delete(LINES).where(LINES.c.id > last - 3))
    assert fault_of(connection) == (last - 2, "missing")


def test_an_inserted_line_is_named_signed_or_not(connection: Connection) -> None:
    row = connection.execute(select(LINES).where(LINES.c.id == 12)).one()
    tampering.move(connection, 12, 1)
    forged = {**row._mapping, "verb": "be_there", "hash": "f" * 64}
    connection.execute(LINES.insert(), tampering.filled(forged))
    assert fault_of(connection) == (12, "inserted")
    change(connection, 12, **signed(forged))
    assert fault_of(connection) == (12, "inserted")


@pytest.mark.parametrize("other", [13, 20])
def test_lines_in_each_others_place_are_named(connection: Connection, other: int) -> None:
    for before, after in ((12, -1), (other, 12), (-1, other)):
        change(connection, before, id=after)
    assert fault_of(connection) == (12, "reordered")


def test_a_line_that_was_moved_to_the_end_is_named(connection: Connection) -> None:
    change(connection, 12, id=900)
    assert fault_of(connection) == (12, "reordered")


def test_the_count_of_lines_alone_cannot_be_changed(connection: Connection) -> None:
    lines = prove(connection).lines
    for number, fault in ((lines + 1, (lines + 1, "missing")), (lines - 1, (lines, "inserted"))):
        connection.execute(update(HEADS).values(number=number))
        assert fault_of(connection) == fault
    connection.execute(delete(HEADS))
    assert fault_of(connection) == (lines + 1, "missing")


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'yesterday'"),
        ("at", "5"),
        ("account_id", "'nobody'"),
        ("account_id", "7"),
        ("after", "'{'"),
        ("verb", "x'ff'"),
        ("verb", "CAST(x'ff' AS TEXT)"),
        ("facts", "'{'"),
        ("facts", "'null'"),
        ("format", "'two'"),
        ("state_code", "7"),
        ("salt", "1.5"),
    ],
)
def test_a_value_that_no_column_of_its_kind_holds_is_a_changed_line(
    written: Database, column: str, value: str
) -> None:
    """SQLite stores whatever it is given; it refuses a reference to nobody only where it is asked to."""
    with written.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"UPDATE history_lines SET {column} = {value} WHERE id = 12")
        assert fault_of(connection) == (12, "changed")


@pytest.mark.parametrize("filled", ["empty"])
def test_no_line_yet_is_no_fault(session: Session) -> None:
    assert verify_chain(session).lines == 0
