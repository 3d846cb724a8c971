"""The revision that translates the names of seeded dates: going down and up keeps every date."""

import pytest
from alembic import command
from sqlalchemy import select

from config import ROOT
from tests.cast import NOW, TODAY, Cast
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.models.milestones import Milestone
from tracker.seeding.reference import seed_reference

pytestmark = pytest.mark.uncounted


def test_dates_stay_and_the_seed_brings_their_names_back(database: Database, url: str, cast: Cast) -> None:
    with database.reading() as session:
        before = {each.key: each.translations for each in session.scalars(select(Milestone))}
    database.dispose()
    command.downgrade(alembic_config(url), "0023")
    command.upgrade(alembic_config(url), "head")
    with database.transaction() as session:
        assert not any(each.translations for each in session.scalars(select(Milestone)))
        seed_reference(session, ROOT / "seed" / "reference", TODAY, NOW)
        assert {each.key: each.translations for each in session.scalars(select(Milestone))} == before
    database.dispose()
