"""The revision that keeps names in one column for all languages: no name is lost, up or down, and the seed still knows
which names are its own."""

import pytest
from alembic import command
from sqlalchemy import func, inspect, select, text

from config import ROOT
from tests.cast import NOW, TODAY, Cast
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.models.organisations import Organisation
from tracker.models.settings import SeededRow
from tracker.models.states import State
from tracker.models.themes import Group
from tracker.models.translations import ActionPointTranslation, RecommendationTranslation
from tracker.seeding.reference import seed_reference

pytestmark = pytest.mark.uncounted
BEFORE = "0020"


def go(database: Database, url: str, to: str) -> None:
    database.dispose()
    config = alembic_config(url)
    command.upgrade(config, to) if to == "head" else command.downgrade(config, to)


def run(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_names_go_down_to_three_columns_and_come_up_again(database: Database, url: str, cast: Cast) -> None:
    with database.transaction() as session:
        ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-a")).one()
        ministry.names = {"en": "Ministry of Clocks", "ky": "Сааттар министрлиги", "uz": "Soatlar vazirligi"}
    go(database, url, BEFORE)
    columns = {each["name"] for each in inspect(database.engine).get_columns("organisations")}
    assert {"name_en", "name_ru", "name_ky"} <= columns
    assert "names" not in columns
    with database.engine.connect() as connection:
        named = "SELECT name_en, name_ru, name_ky FROM organisations WHERE key = 'ministry-a'"
        assert tuple(connection.execute(text(named)).one()) == (
            "Ministry of Clocks",
            "Ministry of Clocks",
            "Сааттар министрлиги",
        )
        seeded = connection.execute(
            text("SELECT \"values\" FROM seeded_rows WHERE file = 'states'")
        ).scalars()
        assert all("name_en" in str(values) for values in seeded)
    go(database, url, "head")
    with database.transaction() as session:
        ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-a")).one()
        assert ministry.names == {"en": "Ministry of Clocks", "ky": "Сааттар министрлиги"}
        assert session.get_one(State, "KGZ").names["ru"] == "Кыргызстан"
    database.dispose()


def test_a_name_that_a_person_changed_before_stays_and_the_seed_brings_the_rest(
    database: Database, url: str
) -> None:
    go(database, url, BEFORE)
    run(database, "UPDATE states SET name_ky = 'Швейцар өлкөсү', name_ru = 'Швейцарии' WHERE code = 'CHE'")
    go(database, url, "head")
    with database.transaction() as session:
        outcome = seed_reference(session, ROOT / "seed" / "reference", TODAY, NOW)
        assert outcome.removed == 0
        of_texts = (RecommendationTranslation, ActionPointTranslation)  # of a later revision
        assert outcome.added == sum(
            session.scalar(select(func.count()).select_from(each)) or 0 for each in of_texts
        )
        assert session.get_one(State, "CHE").names == {
            "en": "Switzerland",
            "ru": "Швейцарии",
            "ky": "Швейцар өлкөсү",
        }
        remembered = select(SeededRow).where(SeededRow.file == "states", SeededRow.key == "CHE")
        assert session.scalars(remembered).one().values["names"]["ru"] == "Швейцария"
        women = session.scalars(select(Group).where(Group.code == "women")).one()
        assert women.translations == {"ru": "Женщины", "ky": "Аялдар"}
    database.dispose()
