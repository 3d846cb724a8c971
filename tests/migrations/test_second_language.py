"""The revision that lets an assessment say the same in a second language: up, every row stays; down, only the second
texts go."""

from dataclasses import replace

from alembic import command
from sqlalchemy import inspect

from tests.cast import GOOD_ASSESSMENT, Cast, make_assessment
from tests.services.test_assessments import SECOND
from tests.stories.pages import ask
from tracker.cli.tables import alembic_config
from tracker.database import Database

BEFORE = "0022"
OLD = "id, reason, narrative, language, published_at"


def test_rows_stay_and_only_second_texts_go(database: Database, url: str, cast: Cast) -> None:
    # Given an assessment with one text and one with two
    with database.transaction() as session:
        make_assessment(session, cast)
        make_assessment(session, cast, by="other_lead", text=replace(GOOD_ASSESSMENT, **SECOND))  # type: ignore[arg-type]
    before = ask(database, f"SELECT {OLD} FROM assessments ORDER BY id")
    assert len(ask(database, "SELECT 1 FROM assessments WHERE second_reason IS NOT NULL")) == 1
    # When the database goes back to the older version, then forward again
    database.dispose()
    command.downgrade(alembic_config(url), BEFORE)
    columns = {column["name"] for column in inspect(database.engine).get_columns("assessments")}
    assert not columns & SECOND.keys()
    assert ask(database, f"SELECT {OLD} FROM assessments ORDER BY id") == before
    database.dispose()
    command.upgrade(alembic_config(url), "head")
    # Then the first texts are as they were, and new second ones can be stored
    assert ask(database, f"SELECT {OLD} FROM assessments ORDER BY id") == before
    with database.transaction() as session:
        make_assessment(session, cast, text=replace(GOOD_ASSESSMENT, **SECOND))  # type: ignore[arg-type]
    assert len(ask(database, "SELECT 1 FROM assessments WHERE second_reason IS NOT NULL")) == 1
