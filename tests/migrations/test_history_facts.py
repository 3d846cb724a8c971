"""The revision that gives lines of the history facts, a format and a State: with lines of an older database, down and
up again, and with many."""

import pytest
from alembic import command
from sqlalchemy import select, text

from tests.cast import Cast, make_update
from tests.history.older import ASIDE, BEFORE_FACTS, LINES, go_back, go_forward, sign
from tests.migrations.test_history_chain import prove
from tests.stories.pages import ask, sentences, tell
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.failures import HistoryBroken
from tracker.models.updates import UpdateState
from tracker.services.updates.workflow import discard_update
from tracker.upkeep.verify_publications import VerifiedPublications, verify_publications

MANY = 10_000


def work(database: Database, cast: Cast) -> None:
    """A published update, and a draft that is gone."""
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED)
        draft = make_update(session, cast, UpdateState.DRAFT)
        discard_update(session, cast["focal_point"], draft, draft.recorded_at)


def go_down(database: Database, url: str) -> None:
    database.dispose()
    command.downgrade(alembic_config(url), BEFORE_FACTS)


def test_lines_of_an_older_database_keep_hash_and_sentence_and_get_their_state(
    database: Database, url: str, cast: Cast
) -> None:
    work(database, cast)
    go_back(database, url)
    older = ask(database, "SELECT id, hash, sentence FROM history_lines ORDER BY id")
    go_forward(database, url)
    assert ask(database, "SELECT id, hash, sentence FROM history_lines ORDER BY id") == older
    assert ask(database, "SELECT id FROM history_lines WHERE format <> 1 OR facts IS NOT NULL") == []
    assert prove(database).lines == len(older)
    with database.snapshot() as session:
        assert verify_publications(session) == VerifiedPublications(published=1, proven=1)
    stateless = ask(database, "SELECT sentence FROM history_lines WHERE state_code IS NULL")
    assert [line.sentence for line in stateless] == ["system: create account (administrator)"]
    work(database, cast)
    assert prove(database).lines == len(older) + 6


def test_an_organisation_of_the_state_that_named_none_gets_it_before_its_lines_do(
    database: Database, url: str, cast: Cast
) -> None:
    work(database, cast)
    go_back(database, url)
    tell(database, "UPDATE organisations SET state_code = NULL")
    go_forward(database, url)
    kinds = ask(database, "SELECT DISTINCT kind FROM organisations WHERE state_code IS NULL")
    assert {row.kind for row in kinds} == {"cso", "nhri"}
    stateless = ask(database, "SELECT sentence FROM history_lines WHERE state_code IS NULL")
    assert [line.sentence for line in stateless] == ["system: create account (administrator)"]


def test_down_and_up_again_every_line_is_what_it_was_and_is_proven(
    database: Database, url: str, cast: Cast
) -> None:
    work(database, cast)
    said, proof = sentences(database), prove(database)
    columns = "id, hash, format, state_code, sentence, subject, verb"
    before = ask(database, f"SELECT {columns} FROM history_lines ORDER BY id")
    go_down(database, url)
    # An older application reads a sentence in every line, and adds one of its own
    assert ask(database, "SELECT sentence FROM history_lines WHERE id = 1") == [
        ("system: create organisation (ministry-a)",)
    ]
    _write_as_older(database, proof.lines + 1, "nobody in particular worked")
    go_forward(database, url)
    lines = ask(database, f"SELECT {columns} FROM history_lines ORDER BY id")
    assert lines[:-1] == before
    assert sentences(database) == [*said, "nobody in particular worked"]
    assert prove(database).lines == proof.lines + 1
    with database.engine.connect() as connection:
        assert not connection.dialect.has_table(connection, ASIDE)


def test_a_line_that_was_altered_while_it_was_down_is_not_made_whole(
    database: Database, url: str, cast: Cast
) -> None:
    work(database, cast)
    go_down(database, url)
    tell(database, "UPDATE history_lines SET verb = 'agree' WHERE id = 5")
    tell(database, "UPDATE history_lines SET hash = 'another' WHERE id = 7")
    go_forward(database, url)
    with pytest.raises(HistoryBroken) as raised:
        prove(database)
    assert (raised.value.number, raised.value.fault) == (5, "changed")
    assert ask(database, "SELECT format FROM history_lines WHERE id IN (6, 7) ORDER BY id") == [(2,), (1,)]


def test_many_lines_go_up_and_down(database: Database, url: str) -> None:
    go_back(database, url)
    [[newest]] = ask(database, "SELECT max(id) FROM history_lines")
    with database.engine.begin() as connection:
        line = connection.execute(select(LINES).where(LINES.c.id == 1)).one()
        names = [column.name for column in LINES.columns if column.name not in ("before", "after")]
        rows = [
            {**{name: getattr(line, name) for name in names}, "id": newest + n, "hash": f"{n}"}
            for n in range(1, MANY + 1)
        ]
        connection.execute(LINES.insert(), rows)
    go_forward(database, url)
    assert ask(database, "SELECT count(*) FROM history_lines WHERE state_code = 'KGZ'")[0][0] > MANY
    tell(database, "UPDATE history_lines SET format = 2, sentence = NULL WHERE id > :newest", newest=newest)
    go_down(database, url)
    assert ask(database, "SELECT count(*) FROM history_lines WHERE sentence = ': create organisation'") == [
        (MANY,)
    ]
    go_forward(database, url)
    assert ask(database, "SELECT count(*) FROM history_lines WHERE format = 2") == [(MANY,)]


@pytest.mark.parametrize("filled", ["empty"])
def test_without_a_line_there_is_nothing_to_fill(database: Database, url: str) -> None:
    go_down(database, url)
    go_forward(database, url)
    assert prove(database).lines == 0


def _write_as_older(database: Database, number: int, sentence: str) -> None:
    """As an older application appends: to the newest hash, whatever wrote that."""
    with database.engine.begin() as connection:
        last = connection.execute(select(LINES).where(LINES.c.id == number - 1)).one()
        line = {**last._mapping, "id": number, "verb": "work", "subject": "word 1", "sentence": sentence}
        connection.execute(LINES.insert(), {**line, **sign(line, last.hash)})
        connection.execute(text("UPDATE history_heads SET number = :number"), {"number": number})
