"""Migrations with rows: down to the first and up again loses nothing, and the tables are those of the models."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect, select, text

from config import ROOT
from tests import cast as people
from tests.cast import NOW, Cast
from tests.databases import Templates, open_database
from tests.migrations import imports
from tests.migrations.imports import add_import_rows
from tests.policy.rows import add_entries, add_mails
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.identity.passphrases import CHEAP
from tracker.identity.sign_ins import begin_sign_in
from tracker.identity.throttles import remember_browser
from tracker.language import fold
from tracker.models.accounts import Invitation, InvitationKind, RecoveryCode, Throttle
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.base import Base
from tracker.models.evidence import Evidence, Visibility
from tracker.models.levels import Level
from tracker.models.recommendations import Recommendation, RecommendingState
from tracker.models.reminders import OutgoingMail, Reminder
from tracker.models.updates import ProgressUpdate
from tracker.seeding.demonstration.demonstration import seed_demonstration
from tracker.services.levels import recompute_levels
from tracker.upkeep.job_runs import begin_run, end_run

pytestmark = pytest.mark.uncounted

GONE = {"point_levels"}
"""Tables of the first revision that a later one replaced."""
RowsByTable = dict[str, list[dict[str, Any]]]
MADE_ANEW = {"recommendations": {"search_text"}, "action_points": {"search_text"}}
"""Columns that a later revision adds and fills from older ones: going down loses nothing of them."""
WRITTEN_ANEW = {"history_lines": {"sentence"}}
"""Columns that going down fills, because an older application needs them."""
SEEDED_ANEW = {
    "known_browsers": None,
    "point_wordings": None,
    "review_figures": None,
    "communications": {"reply_on", "note", "source"},
    "states": {"status", "aliases"},
    **dict.fromkeys(imports.TABLES),
    "recommendations": imports.COLUMNS,
    "recommendation_themes": {"is_heading"},
    **{table: {"translations"} for table in ("themes", "groups", "sdg_goals")},
    "milestones": {"translations"},
    "organisations": {"original_id"},
    "assessments": {"second_language", "second_reason", "second_narrative"},
    "recommendation_translations": None,
    "action_point_translations": None,
}
"""What a later revision adds and going down loses: tables (None) and columns. A sign-in fills the first of them, the
seed the others, but for the wordings."""


@pytest.fixture
def full(database: Database, cast: Cast) -> Database:
    """Cast and demonstration, and a row in every table that neither fills."""
    with database.transaction() as session:
        add_entries(session, cast)
        seed_demonstration(session, ROOT / "seed" / "demo", NOW, CHEAP)
        add_import_rows(session)
        add_mails(session, ("focal_point",))
        mail = session.scalars(select(OutgoingMail)).one()
        session.add(
            Reminder(
                cause="milestone upr4_midterm",
                due_on=people.TODAY,
                account_id=mail.account_id,
                mail_id=mail.id,
                created_at=NOW,
            )
        )
        begin_sign_in(session, mail.account_id, NOW)
        remember_browser(session, "somebody", "", NOW)
        end_run(session, begin_run(session, "remind_of_milestones", NOW).id, NOW, outcome="1 digest")
        session.add_all(
            (
                RecoveryCode(account_id=mail.account_id, code_hash="of a code"),
                Invitation(
                    kind=InvitationKind.NEW_PASSPHRASE,
                    token_hash="of a link",
                    account_id=mail.account_id,
                    expires_at=NOW,
                ),
                Throttle(tried="handle somebody", times=3, since=NOW),
            )
        )
        session.add(
            Evidence(
                update_id=session.scalars(select(ProgressUpdate.id).order_by(ProgressUpdate.id)).first(),
                sha256="0" * 64,
                size_bytes=1,
                media_type="text/csv",
                name="table.csv",
                visibility=Visibility.CONFIDENTIAL,
                added_at=NOW,
            )
        )
        session.add(RecommendingState(recommendation_id=people.recommendation(session).id, state_code="FJI"))
        earlier = {"text": "As it was worded", "until": NOW, "was_split": False}
        session.add(PointWording(action_point_id=people.point(session).id, **earlier))
    return database


def every_row(engine: Engine) -> RowsByTable:
    """Every column of every row, as the driver gives it: also of columns that the models forgot."""
    found: RowsByTable = {}
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            if name != "alembic_version":
                rows = connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
                found[name] = sorted((dict(row) for row in rows), key=repr)
    return found


def migrate(url: str, revision: str) -> None:
    config = alembic_config(url)
    before = current(url)
    if before is not None and revision != "head" and revision < before:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def current(url: str) -> str | None:
    database = open_database(url)
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    database.dispose()
    return found


def revisions() -> list[str]:
    """From the first to the newest."""
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def test_there_are_two_revisions_or_more_in_one_line() -> None:
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    assert revisions()[:2] == ["0001", "0002"]
    assert len(script.get_heads()) == len(script.get_bases()) == 1


def test_down_to_the_first_and_up_again_every_row_is_what_it_was(full: Database, url: str) -> None:
    before = every_row(full.engine)
    assert set(before) == set(Base.metadata.tables)
    assert [name for name, rows in before.items() if not rows] == []
    full.dispose()
    migrate(url, "0001")
    assert current(url) == "0001"
    first = every_row(full.engine)
    full.dispose()
    migrate(url, "head")
    assert current(url) == revisions()[-1]
    after = every_row(full.engine)
    assert first.keys() - after.keys() == GONE
    before, after = lasting(before), lasting(after)
    for name in first.keys() & after.keys():
        in_both = {*first[name][0]} & {*after[name][0]}
        columns = (in_both | {*MADE_ANEW.get(name, ())}) - WRITTEN_ANEW.get(name, set())
        assert only(columns, after[name]) == only(columns, before[name]), f"{name} lost or changed rows"


def lasting(rows: RowsByTable) -> RowsByTable:
    """Without what going down loses."""
    kept = {name: found for name, found in rows.items() if SEEDED_ANEW.get(name, ()) is not None}
    kept["seeded_rows"] = [row for row in kept["seeded_rows"] if row["file"] not in SEEDED_ANEW]
    lost = {name: SEEDED_ANEW.get(name) or set() for name in kept}
    return {
        name: sorted(
            (
                {key: row[key] for key in row if key not in lost[name]}
                for row in found
                if not imports.is_lost(name, row)
            ),
            key=repr,
        )
        for name, found in kept.items()
    }


def only(columns: set[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(({name: row[name] for name in columns} for row in rows), key=repr)


def test_each_revision_alone_goes_down_and_up(full: Database, url: str) -> None:
    """Down to nothing as well: an empty database is left, and comes up whole."""
    full.dispose()
    for revision in [*revisions()[-2::-1], "base"]:
        command.downgrade(alembic_config(url), revision)
    assert every_row(full.engine) == {}
    for revision in revisions():
        full.dispose()
        command.upgrade(alembic_config(url), revision)
    assert set(every_row(full.engine)) == set(Base.metadata.tables)


def test_the_second_revision_fills_the_text_of_the_word_search(full: Database, url: str) -> None:
    full.dispose()
    migrate(url, "0001")
    columns = {column["name"] for column in inspect(full.engine).get_columns("recommendations")}
    assert "search_text" not in columns
    full.dispose()
    migrate(url, "0002")
    with full.engine.connect() as connection:
        for found in connection.execute(
            text("SELECT id, ref, short_title, text, search_text FROM recommendations")
        ):
            points = text('SELECT text FROM action_points WHERE recommendation_id = :id ORDER BY "order"')
            told = connection.execute(points, {"id": found.id}).scalars()
            words = " ".join([found.ref, found.short_title, found.text, *told])
            assert found.search_text == folded_before(words)


def test_the_eighth_revision_gives_points_a_text_of_their_own_and_going_down_joins_them(
    full: Database, url: str
) -> None:
    with full.transaction() as session:
        retired = session.scalars(select(ActionPoint).order_by(ActionPoint.id)).first()
        assert retired is not None
        retired.retired_at = NOW
    before = every_row(full.engine)
    full.dispose()
    migrate(url, "0007")
    with full.engine.connect() as connection:
        for row in connection.execute(
            text("SELECT id, ref, short_title, text, search_text FROM recommendations")
        ):
            points = "SELECT text FROM action_points WHERE recommendation_id = :id AND retired_at IS NULL"
            told = connection.execute(text(f'{points} ORDER BY "order"'), {"id": row.id}).scalars()
            words = " ".join([row.ref, row.short_title, row.text, *told])
            assert row.search_text == folded_before(words)
    full.dispose()
    migrate(url, "head")
    assert lasting(every_row(full.engine)) == lasting(before)


def test_the_fifth_revision_takes_a_file_for_evidence_and_goes_down_with_it(full: Database, url: str) -> None:
    with full.transaction() as session:
        published = select(ProgressUpdate).where(ProgressUpdate.published_at.is_not(None))
        update = session.scalars(published.order_by(ProgressUpdate.id)).first()
        assert update is not None
        update.level, update.source_link, update.has_files = Level.FULLY_IMPLEMENTED, "", True
        proven = update.id
    full.dispose()
    migrate(url, "0004")
    assert "has_files" not in {each["name"] for each in inspect(full.engine).get_columns("progress_updates")}
    full.dispose()
    migrate(url, "head")
    with full.reading() as session:
        assert session.get_one(ProgressUpdate, proven).source_link == "https://evidence.invalid/file"


def folded_before(text: str) -> str:
    """As the word search folded until revision 0012."""
    return text.casefold().translate(str.maketrans("ёөүң", "еоун"))


def test_the_twelfth_revision_folds_what_keyboards_differ_in_and_going_down_unfolds_it(
    full: Database, url: str
) -> None:
    with full.transaction() as session:
        found = people.recommendation(session)
        found.text, point = "Treaty bodies’ non\u2011discrimination, НПО", people.point(session)
        point.text = "“Учёт” of the АО"
        rows = {"recommendations": found.id, "action_points": point.id}
        words = f"{found.ref} {found.short_title} {found.text}"
        texts = {"recommendations": words, "action_points": point.text}
    before = every_row(full.engine)
    full.dispose()
    migrate(url, "0011")
    assert {table: search_text(full, table, row) for table, row in rows.items()} == {
        table: folded_before(text) for table, text in texts.items()
    }
    full.dispose()
    migrate(url, "0012")
    assert {table: search_text(full, table, row) for table, row in rows.items()} == {
        table: fold(text) for table, text in texts.items()
    }
    full.dispose()
    migrate(url, "head")
    assert lasting(every_row(full.engine)) == lasting(before)


def search_text(database: Database, table: str, row: int) -> str:
    with database.engine.connect() as connection:
        return str(connection.scalar(text(f"SELECT search_text FROM {table} WHERE id = :row"), {"row": row}))


def test_the_eighteenth_revision_stores_the_widest_disagreement_of_each_recommendation(
    full: Database, url: str
) -> None:
    """As `services/levels.py` does: assessments of the whole count, retired points do not."""
    with full.transaction() as session:
        apart = select(ActionPoint).where(ActionPoint.steps_apart > 0).order_by(ActionPoint.id)
        retired = session.scalars(apart).first()
        assert retired is not None
        retired.retired_at = NOW
        session.flush()
        for each in session.scalars(select(Recommendation.id)).all():
            recompute_levels(session, each)
    before = widest(full)
    assert {None, 0, 4} <= set(before.values())
    full.dispose()
    migrate(url, "0017")
    assert "steps_apart" not in {each["name"] for each in inspect(full.engine).get_columns("recommendations")}
    full.dispose()
    migrate(url, "0018")
    assert widest(full) == before
    full.dispose()
    migrate(url, "head")


def widest(database: Database) -> dict[int, int | None]:
    with database.engine.connect() as connection:
        return dict(connection.execute(text("SELECT id, steps_apart FROM recommendations")).all())


@pytest.fixture
def migrated(kind: str, templates: Templates) -> Iterator[Engine]:
    url = templates.copy(kind, "empty")
    database = open_database(url)
    yield database.engine
    database.dispose()
    if kind == "postgresql":
        templates.server().execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


def test_the_migrated_tables_are_those_of_the_models(migrated: Engine) -> None:
    with migrated.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrated_tables_have_the_checks_of_the_models(migrated: Engine) -> None:
    """Alembic does not compare check constraints: the names are compared here."""
    found = inspect(migrated)
    for name, table in Base.metadata.tables.items():
        declared = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        there = {str(check["name"]) for check in found.get_check_constraints(name)}
        assert there == declared, name
