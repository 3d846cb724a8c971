"""The revision that renames points before the second edition of the data is seeded: with entries, a person's edits and
what the first edition had laid."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import func, select

from config import ROOT
from tests.cast import NOW, Cast, make_assessment, make_update, point, recommendation
from tests.stories.pages import ask, tell
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.language import fold
from tracker.models.action_points import ActionPoint, PointWording
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.recommendations import Recommendation
from tracker.models.settings import SeededRow
from tracker.models.updates import UpdateState
from tracker.policy.actors import SYSTEM, VISITOR
from tracker.queries.history.filter import HistoryFilter
from tracker.queries.history.lines import list_lines
from tracker.seeding.reference import seed_reference
from tracker.seeding.table import Outcome
from tracker.services.assignments import assign

BEFORE = "0015"
FIRST_EDITION = {
    "A5.1": "Adopting legislation that provides a definition of discrimination",
    "A26.7": "Adopting legislation to combat discrimination and sexual harassment in the workplace",
    "B6.1": "Submitting a mid-term report",
}
"""Points as the first edition worded them, in short."""
SPLIT = {"A5.1", "A26.7"}
ADDED_BEHIND = ("A5.5", "A5.6", "A26.10")
"""Where going down puts the points that the first edition did not have."""
RENUMBERED = {"A5.2": "A5.4", "A5.3": "A5.5", "A5.4": "A5.6", "A26.8": "A26.9", "A26.9": "A26.10"}
STATEMENT = "OHCHR Central Asia statement"
LATER = NOW + timedelta(days=30)
Entries = dict[str, str]


@pytest.fixture
def entries(database: Database, cast: Cast) -> Entries:
    """The text of the point that each is on. The State speaks on four points, civil society on one."""
    with database.transaction() as session:
        ministry = session.scalars(select(Organisation).where(Organisation.key == "ministry-a")).one()
        for ref in ("A5", "A26"):
            led = recommendation(session, ref)
            assign(session, SYSTEM, led, ministry, AssignmentKind.LEAD, date(2025, 1, 1), NOW)
        for ref in ("A5.1", "A5.4", "A5.6", "A26.9"):
            make_update(session, cast, UpdateState.PUBLISHED, ref)
        make_assessment(session, cast, ref="A26.10")
    return texts_of_entries(database)


@pytest.fixture
def older(database: Database, url: str, entries: Entries) -> Database:
    """As the first edition left it."""
    database.dispose()
    command.downgrade(alembic_config(url), BEFORE)
    with database.engine.begin() as connection:
        for row in ask(database, "SELECT id, ref, recommendation_id FROM action_points"):
            seeded = {"key": f"{row.recommendation_id}|{row.ref}", "id": row.id}
            if row.ref in ADDED_BEHIND:
                connection.execute(sa.text("DELETE FROM action_points WHERE id = :id"), seeded)
                forget = "DELETE FROM seeded_rows WHERE file = 'action_points' AND key = :key"
                connection.execute(sa.text(forget), seeded)
            elif row.ref in FIRST_EDITION:
                _reword(connection, FIRST_EDITION[row.ref], seeded)
    return database


def _reword(connection: sa.Connection, text: str, seeded: dict[str, object]) -> None:
    """As the older seed wrote it: also in what the seed remembers."""
    change = "UPDATE action_points SET text = :text WHERE id = :id"
    connection.execute(sa.text(change), {"text": text, "id": seeded["id"]})
    rows = SeededRow.__table__
    this = (rows.c.file == "action_points") & (rows.c.key == seeded["key"])
    values = connection.execute(select(rows.c["values"]).where(this)).scalar_one()
    connection.execute(sa.update(SeededRow).where(this).values({"values": {**values, "text": text}}))


def texts_of_entries(database: Database) -> Entries:
    texts = "SELECT {0}.id, action_points.text FROM {0} JOIN action_points ON action_points.id = {0}.action_point_id"
    tables = ("progress_updates", "assessments")
    return {str(row.id): row.text for table in tables for row in ask(database, texts.format(table))}


def go_up(database: Database, url: str) -> None:
    database.dispose()
    command.upgrade(alembic_config(url), "head")


def seed(database: Database) -> Outcome:
    with database.transaction() as session:
        return seed_reference(session, ROOT / "seed" / "reference", LATER.date(), LATER)


def count(database: Database) -> tuple[int, ...]:
    tables = ("action_points", "communications", "communication_requests", "states", "progress_updates")
    return tuple(ask(database, f"SELECT count(*) AS number FROM {name}")[0].number for name in tables)


def test_entries_stay_with_their_point_and_the_seed_adds_three(
    older: Database, url: str, entries: Entries
) -> None:
    ids = {row.ref: row.id for row in ask(older, "SELECT id, ref FROM action_points")}
    before = count(older)
    go_up(older, url)
    of_point = "SELECT ref, id FROM action_points"
    now_at = {former: ids[former] for former in RENUMBERED}
    renamed = {row.ref: row.id for row in ask(older, of_point)}
    assert {former: renamed[ref] for former, ref in RENUMBERED.items()} == now_at
    assert count(older) == before
    outcome = seed(older)
    assert outcome.removed == 0
    assert count(older) == (before[0] + 3, *before[1:])
    added = {row.ref for row in ask(older, of_point) if row.id not in ids.values()}
    assert added == {"A5.2", "A5.3", "A26.8"}
    assert texts_of_entries(older) == entries
    assert ask(older, "SELECT id FROM action_points WHERE retired_at IS NOT NULL") == []
    assert seed(older).is_nothing


def test_words_are_found_and_the_seed_knows_its_rows(older: Database, url: str) -> None:
    go_up(older, url)
    with older.reading() as session:
        for found in session.scalars(select(ActionPoint).where(ActionPoint.ref.in_(RENUMBERED.values()))):
            assert found.search_text == fold(f"{found.ref} {found.text}")
            key = f"{found.recommendation_id}|{found.ref}"
            assert session.get_one(SeededRow, ("action_points", key)).values["text"] == found.text
        asides = select(func.count()).select_from(SeededRow).where(SeededRow.key.contains("aside"))
        assert session.scalar(asides) == 0


def test_a_persons_edit_moves_with_its_point_and_stays(older: Database, url: str) -> None:
    tell(older, "UPDATE action_points SET text = 'As the coordinator words it.' WHERE ref = 'A5.2'")
    go_up(older, url)
    seed(older)
    assert [
        row.ref for row in ask(older, "SELECT ref FROM action_points WHERE text LIKE 'As the coord%'")
    ] == ["A5.4"]


def test_a_point_of_another_review_keeps_its_ref(older: Database, url: str) -> None:
    copied = (
        'review_id, source_id, kind, ref, "order", short_title, text, context_note, suggested_institutions'
    )
    values = copied.replace("review_id", "(SELECT id FROM reviews WHERE code = 'KGZ-4')", 1)
    tell(
        older,
        f"INSERT INTO recommendations ({copied}, search_text) SELECT {values}, search_text FROM recommendations"
        " WHERE ref = 'A5'",
    )
    tell(
        older,
        'INSERT INTO action_points (recommendation_id, ref, "order", text, search_text, disagreement)'
        " SELECT max(id), 'A5.2', 1, 'Of the fourth review', 'a5.2 of the fourth review', 'none'"
        " FROM recommendations WHERE ref = 'A5'",
    )
    go_up(older, url)
    row = ask(older, "SELECT ref, formerly FROM action_points WHERE text = 'Of the fourth review'")[0]
    assert (row.ref, row.formerly) == ("A5.2", None)


def test_what_a_point_said_is_kept_and_a_split_is_told_from_a_rewording(older: Database, url: str) -> None:
    go_up(older, url)
    before = {row.ref: row.text for row in ask(older, "SELECT ref, text FROM action_points")}
    seed(older)
    with older.reading() as session:
        query = select(ActionPoint.ref, PointWording).join(
            PointWording, PointWording.action_point_id == ActionPoint.id
        )
        wordings = dict(session.execute(query).all())
        assert len(wordings) == session.scalar(select(func.count()).select_from(PointWording))
        assert {ref: wording.text for ref, wording in wordings.items()} == {
            ref: FIRST_EDITION[ref] for ref in wordings
        }
        assert {ref for ref, wording in wordings.items() if wording.was_split} == SPLIT
        assert wordings["B6.1"].until == LATER
        assert point(session, "B6.1").text != before["B6.1"]


def test_a_line_of_before_names_the_ref_of_then_and_of_now(older: Database, url: str, cast: Cast) -> None:
    go_up(older, url)
    tell(older, "UPDATE action_points SET renumbered_at = :now WHERE formerly IS NOT NULL", now=LATER)
    with older.reading() as session:
        lines = list_lines(session, VISITOR, HistoryFilter()).lines
        names = [line.about.name for line in lines if line.about and line.verb == "publish_update"]
        assert sorted(map(str, names)) == ["A26.8, now A26.9", "A5.1", "A5.2, now A5.4", "A5.4, now A5.6"]
    tell(older, "UPDATE action_points SET renumbered_at = :now WHERE formerly IS NOT NULL", now=NOW)
    with older.reading() as session:
        lines = list_lines(session, VISITOR, HistoryFilter()).lines
        names = [line.about.name for line in lines if line.about and line.verb == "publish_update"]
        assert sorted(map(str, names)) == ["A26.9", "A5.1", "A5.4", "A5.6"]


def test_the_statement_gets_its_year_and_is_not_laid_twice(older: Database, url: str) -> None:
    named = f"SELECT id, reference FROM communications WHERE reference LIKE '{STATEMENT}%'"
    before = ask(older, named)
    assert [row.reference for row in before] == [f"{STATEMENT} (undated)"]
    go_up(older, url)
    seed(older)
    assert ask(older, named) == [(before[0].id, f"{STATEMENT} (2016)")]


def test_after_going_down_and_up_the_seed_fills_what_was_lost(
    database: Database, url: str, entries: Entries
) -> None:
    """Also refs: points that a split added stand behind the others meanwhile."""
    refs = ask(database, "SELECT id, ref, search_text FROM action_points ORDER BY id")
    filled = "SELECT code, status, aliases FROM states WHERE code IN ('PSE', 'NLD') ORDER BY code"
    noted = "SELECT reference, note, source, reply_on FROM communications ORDER BY id"
    said = (ask(database, filled), ask(database, noted), ask(database, "SELECT * FROM review_figures"))
    database.dispose()
    command.downgrade(alembic_config(url), BEFORE)
    at = {row.id: row.ref for row in ask(database, "SELECT id, ref FROM action_points")}
    moved = {row.ref: at[row.id] for row in refs if at[row.id] != row.ref}
    assert moved == {
        **{ref: former for former, ref in RENUMBERED.items()},
        "A5.2": "A5.5",
        "A5.3": "A5.6",
        "A26.8": "A26.10",
    }
    go_up(database, url)
    assert ask(database, "SELECT id, ref, search_text FROM action_points ORDER BY id") == refs
    assert ask(database, "SELECT id FROM action_points WHERE formerly IS NOT NULL") == []
    assert ask(database, "SELECT id FROM point_wordings") == []
    seed(database)
    again = (ask(database, filled), ask(database, noted), ask(database, "SELECT * FROM review_figures"))
    assert again == said
    assert texts_of_entries(database) == entries
    with database.reading() as session:
        assert len(session.scalars(select(Recommendation.id)).all()) == 44
