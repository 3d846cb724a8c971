"""The revision that brought imports: what it adds, what going down loses, and that everything else stays."""

import pytest
from alembic import command
from sqlalchemy import inspect, select, text

from tests.cast import Cast, recommendation
from tests.migrations.imports import COLUMNS, TABLES, add_import_rows, is_lost
from tests.migrations.test_migrations import every_row
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.models.milestones import Milestone
from tracker.models.recommendations import Recommendation, RecommendationTheme
from tracker.models.settings import SeededRow
from tracker.models.themes import Scheme, Theme

pytestmark = pytest.mark.uncounted
BEFORE, OWN = "0019", "0020"


def add_issue(database: Database) -> None:
    """A word of the vocabulary that came with the revision, and a tag of it."""
    with database.transaction() as session:
        add_import_rows(session)
        issue = Theme(scheme=Scheme.UPR_INFO, version="2015", code="trees", label="Trees", order=1)
        session.add(issue)
        session.flush()
        tagged = recommendation(session).id
        session.add(
            RecommendationTheme(
                recommendation_id=tagged, theme_id=issue.id, is_own_reading=False, is_heading=False
            )
        )
        session.add(SeededRow(file="themes", key="upr_info|2015|trees", values={"label": "Trees"}))


def test_going_down_loses_what_it_brought_and_nothing_else(database: Database, url: str, cast: Cast) -> None:
    older = every_row(database.engine)
    add_issue(database)
    database.dispose()
    command.downgrade(alembic_config(url), BEFORE)
    found = every_row(database.engine)
    assert not found.keys() & set(TABLES)
    assert not found["recommendations"][0].keys() & COLUMNS
    assert "is_heading" not in found["recommendation_themes"][0]
    assert "original_id" not in found["organisations"][0]
    assert "is_by_hand" not in found["milestones"][0]
    for name in ("milestones", "themes", "seeded_rows", "action_points", "assignments"):
        if name in older:
            assert len(found[name]) == sum(not is_lost(name, row) for row in older[name]), name
    assert len(found["recommendation_themes"]) == len(older["recommendation_themes"])
    with pytest.raises(Exception, match=r"(?i)check|constraint"), database.engine.begin() as connection:
        connection.execute(text("UPDATE themes SET scheme = 'upr_info'"))
    database.dispose()


def test_coming_up_marks_the_letters_headings_and_leaves_the_rest_empty(
    database: Database, url: str, cast: Cast
) -> None:
    database.dispose()
    command.downgrade(alembic_config(url), BEFORE)
    before = every_row(database.engine)
    database.dispose()
    command.upgrade(alembic_config(url), OWN)
    after = every_row(database.engine)
    database.dispose()
    command.upgrade(alembic_config(url), "head")
    for name, rows in before.items():
        if rows and name != "alembic_version":
            columns = rows[0].keys()
            same = [{key: row[key] for key in columns} for row in after[name]]
            assert sorted(same, key=repr) == sorted(rows, key=repr), name
    with database.reading() as session:
        of_the_letter = select(Theme.id).where(Theme.scheme == Scheme.LETTER)
        tagged = session.scalars(select(RecommendationTheme)).all()
        letters = set(session.scalars(of_the_letter))
        assert {row.is_heading for row in tagged if row.theme_id in letters} == {True}
        assert not any(row.is_heading for row in tagged if row.theme_id not in letters)
        for row in session.scalars(select(Recommendation)):
            assert (row.position_source, row.position_now, row.retired_at) == ("", None, None)
            assert row.former_refs == []
        assert not any(session.scalars(select(Milestone.is_by_hand)))
    indexes = {each["name"] for each in inspect(database.engine).get_indexes("recommendations")}
    assert {"ix_recommendations_newest_entry_at", "ix_recommendations_steps_apart"} <= indexes


def test_a_position_of_today_has_its_day(database: Database, cast: Cast) -> None:
    with pytest.raises(Exception, match=r"(?i)check|constraint"), database.engine.begin() as connection:
        connection.execute(text("UPDATE recommendations SET position_now = 'noted'"))
    with pytest.raises(Exception, match=r"(?i)check|constraint"), database.engine.begin() as connection:
        connection.execute(text("UPDATE recommendations SET action_category = 6"))
