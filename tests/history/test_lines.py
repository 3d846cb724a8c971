"""Lines of the history: who writes one, what it says of whom, and two actions at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from time import monotonic, sleep

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.programs import LONGEST
from tracker.database import Database
from tracker.failures import HistoryBroken
from tracker.history.lines import purge_lines, write_line
from tracker.history.sentences import sentence_of
from tracker.history.verify_chain import VerifiedChain, verify_chain
from tracker.models.accounts import Role
from tracker.models.history import HistoryLine
from tracker.models.organisations import OrganisationKind
from tracker.policy.actors import Actor


def write(session: Session, actor: Actor, verb: str = "create_organisation") -> None:
    write_line(session, actor, verb, "organisation ministry-a", at=NOW, facts={"organisation": "ministry-a"})


def lines(session: Session) -> list[HistoryLine]:
    return list(session.scalars(select(HistoryLine).order_by(HistoryLine.id)))


def test_a_line_names_who_did_it(session: Session, cast: Cast) -> None:
    write(session, cast["administrator"])
    line = lines(session)[-1]
    assert (line.account_id, line.facts) == (
        cast["administrator"].account_id,
        {"organisation": "ministry-a", "who": "administrator"},
    )
    assert (line.format, line.sentence) == (2, None)
    assert sentence_of(line) == "administrator created ministry-a"


@pytest.mark.parametrize("kind_of_organisation", [None, OrganisationKind.NHRI, OrganisationKind.CSO])
def test_a_line_of_the_registrar_names_the_role_and_nobody(
    session: Session, cast: Cast, kind_of_organisation: OrganisationKind | None
) -> None:
    """Nor of which State: two registrars are one."""
    actor = replace(
        cast["registrar"], handle="amber-kettle", organisation_kind=kind_of_organisation, state_code="KGZ"
    )
    write(session, actor)
    line = lines(session)[-1]
    assert (line.account_id, line.state_code) == (None, None)
    assert line.facts == {"organisation": "ministry-a", "who_role": "registrar"}
    assert sentence_of(line) == "the registrar created ministry-a"


def test_a_line_is_of_the_state_that_it_concerns_else_of_that_of_its_actor(
    session: Session, cast: Cast
) -> None:
    for actor, given, expected in (
        (cast["coordinator"], None, "KGZ"),
        (cast["coordinator"], "FJI", "FJI"),
        (cast["administrator"], None, None),
        (cast["administrator"], "FJI", "FJI"),
        (cast["registrar"], "FJI", "FJI"),
    ):
        write_line(session, actor, "invite", "administrators", at=NOW, state_code=given)
        assert lines(session)[-1].state_code == expected, (actor.handle, given)


def test_what_the_cast_was_made_with_concerns_its_state(session: Session) -> None:
    """The command line and the seed act for no State and say which one it is."""
    states = {line.subject.partition(" ")[0]: set[str | None]() for line in lines(session)}
    for line in lines(session):
        states[line.subject.partition(" ")[0]].add(line.state_code)
    assert states == {"organisation": {"KGZ"}, "account": {"KGZ", None}, "recommendation": {"KGZ"}}
    [without] = [line for line in lines(session) if line.state_code is None]
    assert sentence_of(without) == "system created administrator"


@pytest.mark.parametrize("name", ["lead", "contributor", "silent_contributor", "other_lead", "ombudsperson"])
def test_no_action_of_another_independent_account_writes_a_line(
    session: Session, cast: Cast, name: str
) -> None:
    before = verify_chain(session)
    write(session, cast[name])
    write(session, replace(cast[name], roles=frozenset({Role.COORDINATOR})))
    assert verify_chain(session) == before


def test_a_line_holds_the_hash_of_the_line_before(session: Session, cast: Cast) -> None:
    write(session, cast["administrator"])
    write(session, cast["coordinator"])
    before, line = lines(session)[-2:]
    assert line.previous_hash == before.hash


def test_an_action_that_was_not_finished_leaves_no_gap(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        write(session, cast["coordinator"], "given_up")
        session.rollback()
    with database.transaction() as session:
        write(session, cast["coordinator"])
    with database.snapshot() as session:
        proof = verify_chain(session)
        assert [line.id for line in lines(session)] == list(range(1, proof.lines + 1))


def test_a_number_with_a_point_is_refused_before_anything_is_written(session: Session, cast: Cast) -> None:
    """It would not be read as it was written, and the line would look changed."""
    with pytest.raises(TypeError, match="floating-point"):
        write_line(session, cast["coordinator"], "weigh", "pot 1", at=NOW, after={"a": [{"b": 0.5}]})
    with pytest.raises(TypeError, match="floating-point"):
        write_line(session, cast["coordinator"], "weigh", "pot 1", at=NOW, facts={"weight": 0.5})


def test_every_kind_of_value_is_read_as_it_was_written(session: Session, cast: Cast) -> None:
    said = {
        "ё": "үңө\n“\u2028” \U0001f570",
        "n": 2**53 + 1,
        "is": [True, None, {"": -0}],
        "o": {"b": 1, "a": 2},
    }
    write_line(session, cast["coordinator"], "say", "word 1", at=NOW, facts=said, before=said, after={})
    assert verify_chain(session).lines == lines(session)[-1].id


def test_a_purge_that_no_line_tells_of_is_a_broken_chain(session: Session, cast: Cast) -> None:
    write_line(session, cast["focal_point"], "change_update", "update 1", at=NOW, after={"a": "b"})
    purge_lines(session, "update 1")
    with pytest.raises(HistoryBroken):
        verify_chain(session)
    write_line(session, cast["focal_point"], "discard_update", "update 1", at=NOW)
    assert verify_chain(session).purged == 1


def test_actions_at_once_make_one_chain(database: Database, cast: Cast) -> None:
    """Four connections, each with ten transactions of two lines; one in three is given up."""
    before = prove(database).lines
    together = Barrier(4)

    def work(name: str) -> int:
        written = 0
        for turn in range(10):
            together.wait(LONGEST)
            with database.writing() as session:
                write(session, cast[name], "first")
                write(session, cast[name], "second")
                if turn % 3 == 2:
                    session.rollback()
                else:
                    session.commit()
                    written += 2
        return written

    names = ("coordinator", "administrator", "focal_point", "validating_officer")
    with ThreadPoolExecutor(4) as threads:
        written = sum(threads.map(work, names))
    assert written == 4 * 7 * 2
    assert prove(database).lines == before + written


@pytest.mark.parametrize("kind", ["postgresql"])
def test_an_action_waits_for_the_one_that_holds_the_head_and_follows_it(
    database: Database, cast: Cast
) -> None:
    """The second read the lines before the first was done. (SQLite lets one writer in at a time.)"""
    before = prove(database).lines
    with database.writing() as first, database.writing() as second, ThreadPoolExecutor(1) as thread:
        second.scalar(select(HistoryLine.hash).limit(1))
        write(first, cast["coordinator"], "first")
        waiting = thread.submit(write, second, cast["administrator"], "second")
        wait_until(lambda: _is_blocked(database))
        assert not waiting.done()
        first.commit()
        waiting.result(LONGEST)
        second.commit()
    with database.snapshot() as session:
        assert [line.verb for line in lines(session)[-2:]] == ["first", "second"]
    assert prove(database).lines == before + 2


def prove(database: Database) -> VerifiedChain:
    with database.snapshot() as session:
        return verify_chain(session)


def _is_blocked(database: Database) -> bool:
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%history_heads%%'"
        )
        return bool(found.scalar())


def wait_until(is_so: Callable[[], bool]) -> None:
    end = monotonic() + LONGEST
    while not is_so():
        assert monotonic() < end
        sleep(0.02)
