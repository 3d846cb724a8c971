"""The revision that chains the history: with lines of an older database, with gaps, and with many."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.cast import Cast, make_update
from tests.stories.pages import ask, tell
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.history.verify_chain import VerifiedChain, verify_chain
from tracker.models.updates import UpdateState
from tracker.queries.updates import get_update
from tracker.services.updates.workflow import publish_update

REVISION = "0004"
MANY = 10_000
OLD = "id, at, verb, subject, after"


def go(database: Database, url: str, revision: str) -> None:
    database.dispose()
    config = alembic_config(url)
    if revision == REVISION:
        command.upgrade(config, "head")  # the application needs what came after, too
    else:
        command.downgrade(config, revision)


def before_it(url: str) -> str:
    found = ScriptDirectory.from_config(alembic_config(url)).get_revision(REVISION).down_revision
    assert isinstance(found, str)
    return found


def prove(database: Database) -> VerifiedChain:
    with database.snapshot() as session:
        return verify_chain(session)


def test_down_and_up_the_lines_are_one_chain_again_and_the_next_action_follows(
    database: Database, url: str, cast: Cast
) -> None:
    with database.transaction() as session:
        update = make_update(session, cast, UpdateState.VALIDATED).id
    lines = prove(database).lines
    said = ask(database, f"SELECT {OLD} FROM history_lines ORDER BY id")
    go(database, url, before_it(url))
    assert ask(database, f"SELECT {OLD} FROM history_lines ORDER BY id") == said
    go(database, url, REVISION)
    assert ask(database, f"SELECT {OLD} FROM history_lines ORDER BY id") == said
    assert prove(database).lines == lines
    with database.transaction() as session:
        found = get_update(session, cast["coordinator"], update, for_change=True)
        publish_update(session, cast["coordinator"], found, found.recorded_at)
    assert prove(database).lines == lines + 1
    public = "SELECT verb FROM history_lines WHERE is_public ORDER BY id"
    assert {row.verb for row in ask(database, public)} == {"publish_update"}


def test_an_older_application_writes_on_after_going_down(database: Database, url: str) -> None:
    """It leaves the numbers to the database."""
    go(database, url, before_it(url))
    [[newest]] = ask(database, "SELECT max(id) FROM history_lines")
    old = "INSERT INTO history_lines (at, verb, subject, sentence) SELECT at, verb, subject, sentence"
    tell(database, f"{old} FROM history_lines WHERE id = 1")
    assert ask(database, "SELECT max(id) FROM history_lines") == [(newest + 1,)]
    go(database, url, REVISION)
    assert prove(database).lines == newest + 1


def test_many_lines_with_gaps_become_one_chain_in_their_order(database: Database, url: str) -> None:
    go(database, url, before_it(url))
    [line] = ask(database, "SELECT at FROM history_lines WHERE id = 1")
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO history_lines (id, at, verb, subject, sentence, after)"
                " VALUES (:id, :at, 'change_update', :subject, :sentence, :after)"
            ),
            [
                {
                    "id": 1000 + 3 * place,
                    "at": line.at,
                    "subject": f"update {place % 700}",
                    "sentence": f"somebody changed word {place}",
                    "after": '{"done": "Ten officers were trained.", "level": null}',
                }
                for place in range(MANY)
            ],
        )
    earlier = ask(database, "SELECT sentence FROM history_lines ORDER BY id")
    go(database, url, REVISION)
    assert prove(database).lines == len(earlier) > MANY
    assert ask(database, "SELECT sentence FROM history_lines ORDER BY id") == earlier
    assert ask(database, "SELECT max(id), count(*) FROM history_lines") == [(len(earlier), len(earlier))]


@pytest.mark.parametrize("filled", ["empty"])
def test_without_a_line_there_is_nothing_to_chain(database: Database, url: str) -> None:
    go(database, url, before_it(url))
    go(database, url, REVISION)
    assert prove(database).lines == 0
