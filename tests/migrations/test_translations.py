"""The revision that adds the translations of texts."""

from alembic import command
from sqlalchemy import inspect, text

from config import ROOT
from tests.cast import NOW, TODAY, Cast
from tests.stories.pages import ask
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.seeding.reference import seed_reference

BEFORE = "0021"
TABLES = ("recommendation_translations", "action_point_translations")


def test_an_older_database_gets_the_tables_empty_and_the_seed_fills_them(
    database: Database, url: str, cast: Cast
) -> None:
    # Given an older database with texts, and what its seed remembers
    before = counts(database)
    assert min(before.values()) > 0
    config = alembic_config(url)
    database.dispose()
    command.downgrade(config, BEFORE)
    assert not set(TABLES) & set(inspect(database.engine).get_table_names())
    assert not ask(database, f"SELECT key FROM seeded_rows WHERE file IN {TABLES}")
    # When it is upgraded
    database.dispose()
    command.upgrade(config, "head")
    assert set(counts(database).values()) == {0}
    # Then the next seed brings them again, as with every new edition of the data
    with database.transaction() as session:
        seed_reference(session, ROOT / "seed" / "reference", TODAY, NOW)
    assert counts(database) == before


def counts(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in TABLES}
