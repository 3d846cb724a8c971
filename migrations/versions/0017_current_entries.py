"""Levels are those that somebody gave: which entry of each organisation counts now is stored, instead of rolled-up
levels with an index. The NHRI and the UN become voices of their own. Every entry stays as it is.

The rules are those of `services/levels.py` of this revision, so that a database is right before anybody publishes.
"""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = depends_on = None

VOICES = ("state", "civil_society", "nhri", "un")
OLD_VOICES = ("state", "civil_society", "nhri_un")
SCALE = ("regressed", "not_implemented", "planned", "partially_implemented", "fully_implemented")
LEVELS = (*reversed(SCALE), "overtaken", "no_information")
SHOWN = (*reversed(SCALE), "mixed", "overtaken", "no_information", "not_assessed")
INDEX = {"fully_implemented": 1.0, "partially_implemented": 0.5} | dict.fromkeys(SCALE[:3], 0.0)


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    connection = op.get_bind()
    _change_voices(VOICES, "(SELECT kind FROM organisations WHERE id = organisation_id)", "voice = 'nhri_un'")
    with op.batch_alter_table("action_points") as table:
        table.drop_constraint(op.f("ck_action_points_disagreement"), type_="check")
        table.drop_column("disagreement")
        table.add_column(sa.Column("steps_apart", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_action_points_steps_apart"), "steps_apart BETWEEN 0 AND 4")
    with op.batch_alter_table("recommendations") as table:
        table.add_column(sa.Column("is_about_nhri", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("newest_entry_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("recommendations") as table:
        table.alter_column("is_about_nhri", server_default=None)
    # What the seed says, so that the pages are right before it runs.
    op.execute(
        "UPDATE recommendations SET is_about_nhri = true WHERE ref IN ('A4', 'A9')"
        " AND review_id IN (SELECT id FROM reviews WHERE code = 'KGZ-3')"
    )
    op.drop_table("point_levels")
    _create_current_entries()
    _fill_current_entries(connection)
    _fill_newest(connection)


def downgrade() -> None:
    connection = op.get_bind()
    op.drop_table("current_entries")
    with op.batch_alter_table("recommendations") as table:
        table.drop_column("newest_entry_at")
        table.drop_column("is_about_nhri")
    with op.batch_alter_table("action_points") as table:
        table.drop_constraint(op.f("ck_action_points_steps_apart"), type_="check")
        table.drop_column("steps_apart")
        none = sa.text("'none'")
        table.add_column(sa.Column("disagreement", sa.String(40), nullable=False, server_default=none))
        check = one_of("disagreement", ("none", "differs", "contradicts"))
        table.create_check_constraint(op.f("ck_action_points_disagreement"), check)
    with op.batch_alter_table("action_points") as table:
        table.alter_column("disagreement", server_default=None)
    _change_voices(OLD_VOICES, "'nhri_un'", "voice IN ('nhri', 'un')")
    _create_point_levels()
    _fill_point_levels(connection)


def _change_voices(voices: tuple[str, ...], value: str, where: str) -> None:
    with op.batch_alter_table("assessments") as table:
        table.drop_constraint(op.f("ck_assessments_voice"), type_="check")
    op.execute(f"UPDATE assessments SET voice = {value} WHERE {where}")
    with op.batch_alter_table("assessments") as table:
        table.create_check_constraint(op.f("ck_assessments_voice"), one_of("voice", voices))


def _create_current_entries() -> None:
    op.create_table(
        "current_entries",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("action_point_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("voice", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40), nullable=True),
        sa.Column("steps_apart", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("voice", VOICES), name=op.f("ck_current_entries_voice")),
        sa.CheckConstraint(one_of("level", LEVELS), name=op.f("ck_current_entries_level")),
        sa.CheckConstraint("steps_apart BETWEEN 0 AND 4", name=op.f("ck_current_entries_steps_apart")),
        sa.CheckConstraint(
            "level IS NOT NULL OR voice = 'state'",
            name=op.f("ck_current_entries_independent_entries_have_a_level"),
        ),
        sa.CheckConstraint(
            "action_point_id IS NOT NULL OR voice <> 'state'",
            name=op.f("ck_current_entries_state_speaks_of_points"),
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_current_entries")),
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}s.id"], name=op.f(f"fk_current_entries_{one}_id"))
            for one in ("recommendation", "action_point", "organisation")
        ),
    )
    for columns in (
        ["recommendation_id"],
        ["action_point_id"],
        ["organisation_id"],
        ["voice", "level", "recommendation_id"],
    ):
        op.create_index(op.f(f"ix_current_entries_{'_'.join(columns)}"), "current_entries", columns)


UPDATES = """
SELECT u.id AS entry_id, p.recommendation_id, u.action_point_id, u.organisation_id, 'state' AS voice,
       CASE WHEN u.led THEN u.level END AS level, u.published_at, u.as_of_on
FROM progress_updates u JOIN action_points p ON p.id = u.action_point_id WHERE u.state = 'published'
"""
ASSESSMENTS = """
SELECT id AS entry_id, recommendation_id, action_point_id, organisation_id, voice, level, published_at, NULL AS as_of_on
FROM assessments WHERE published_at IS NOT NULL
"""


def _read(connection: sa.Connection, query: str) -> list[Any]:
    types = {
        "entry_id": sa.Uuid(),
        "published_at": sa.DateTime(timezone=True),
        "as_of_on": sa.Date(),
    }
    return list(connection.execute(sa.text(query).columns(**types)).mappings())


SPLITS = "SELECT action_point_id, max(until) AS published_at FROM point_wordings WHERE was_split GROUP BY action_point_id"


def _fill_current_entries(connection: sa.Connection) -> None:
    """An entry on a wording that was split is about more than its point says now, and does not count."""
    split = {row["action_point_id"]: row["published_at"] for row in _read(connection, SPLITS)}
    given = [
        each
        for each in [*_read(connection, UPDATES), *_read(connection, ASSESSMENTS)]
        if each["action_point_id"] not in split or each["published_at"] >= split[each["action_point_id"]]
    ]
    current: dict[tuple[Any, ...], Any] = {}
    for each in sorted(given, key=_rank):  # the last one counts
        owner = None if each["voice"] == "state" else each["organisation_id"]
        current[each["recommendation_id"], each["action_point_id"], each["voice"], owner] = each
    rows = [dict(each) for each in current.values()]
    open_points = defaultdict(list)
    for point, of in connection.execute(
        sa.text("SELECT id, recommendation_id FROM action_points WHERE retired_at IS NULL")
    ):
        open_points[of].append(point)
    of_state = {each["action_point_id"]: each["level"] for each in rows if each["voice"] == "state"}
    widest: dict[int, int] = {}
    for row in rows:
        point = row["action_point_id"]
        levels = {of_state.get(each) for each in ([point] if point else open_points[row["recommendation_id"]])}
        state = levels.pop() if len(levels) == 1 else None
        row["steps_apart"] = _steps(state, row["level"]) if row["voice"] != "state" else None
        if point and row["steps_apart"] is not None:
            widest[point] = max(row["steps_apart"], widest.get(point, 0))
        row.pop("as_of_on")
    table = sa.table("current_entries", *(sa.column(name) for name in rows[0])) if rows else None
    if table is not None:
        table.c.entry_id.type, table.c.published_at.type = sa.Uuid(), sa.DateTime(timezone=True)
        connection.execute(sa.insert(table), rows)
    raise_to = sa.text("UPDATE action_points SET steps_apart = :steps WHERE id = :id")
    for point, steps in widest.items():
        connection.execute(raise_to, {"steps": steps, "id": point})


def _rank(each: Any) -> tuple[Any, ...]:
    """Of the State what gives a level comes before what gives none, then the newest fact; of the others the newest."""
    newest = (each["published_at"], -each["entry_id"].int)
    if each["voice"] == "state":
        return ("state", each["level"] is not None, each["as_of_on"] or each["published_at"].date(), *newest)
    return (each["voice"], *newest)


def _steps(state: str | None, other: str | None) -> int | None:
    if state is None or other is None:
        return None
    if state == other:
        return 0
    if state in SCALE and other in SCALE:
        return abs(SCALE.index(state) - SCALE.index(other))
    return 2 if "regressed" in (state, other) else 1


def _fill_newest(connection: sa.Connection) -> None:
    newest: dict[int, Any] = {}
    for each in [*_read(connection, UPDATES), *_read(connection, ASSESSMENTS)]:
        of = each["recommendation_id"]
        newest[of] = max(each["published_at"], newest.get(of, each["published_at"]))
    moment = sa.bindparam("at", type_=sa.DateTime(timezone=True))
    query = sa.text("UPDATE recommendations SET newest_entry_at = :at WHERE id = :id").bindparams(moment)
    for of, at in newest.items():
        connection.execute(query, {"at": at, "id": of})


def _create_point_levels() -> None:
    op.create_table(
        "point_levels",
        sa.Column("action_point_id", sa.Integer(), nullable=False),
        sa.Column("voice", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("index", sa.Float(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("voice", OLD_VOICES), name=op.f("ck_point_levels_voice")),
        sa.CheckConstraint(one_of("level", SHOWN), name=op.f("ck_point_levels_level")),
        sa.CheckConstraint("level <> 'not_assessed'", name=op.f("ck_point_levels_absence_is_no_row")),
        sa.CheckConstraint('"index" BETWEEN 0 AND 1', name=op.f("ck_point_levels_index")),
        sa.ForeignKeyConstraint(
            ["action_point_id"], ["action_points.id"], name=op.f("fk_point_levels_action_point_id")
        ),
        sa.PrimaryKeyConstraint("action_point_id", "voice", name=op.f("pk_point_levels")),
    )
    columns = ["voice", "level", "action_point_id"]
    op.create_index(op.f("ix_point_levels_voice_level_action_point_id"), "point_levels", columns)


def _fill_point_levels(connection: sa.Connection) -> None:
    """As the older application computed them: of the State the newest that led, of the others the newest of each."""
    given: dict[tuple[int, str], dict[Any, Any]] = defaultdict(dict)
    every = [*_read(connection, UPDATES), *_read(connection, ASSESSMENTS)]
    for each in sorted(every, key=lambda each: (each["published_at"], -each["entry_id"].int)):
        if each["action_point_id"] is not None and each["level"] is not None:
            owner = None if each["voice"] == "state" else each["organisation_id"]
            given[each["action_point_id"], each["voice"]][owner] = each
    by_point: dict[int, dict[str, tuple[list[str], float | None]]] = defaultdict(dict)
    insert = sa.text(
        'INSERT INTO point_levels (action_point_id, voice, level, "index", changed_at)'
        " VALUES (:point, :voice, :level, :index, :at)"
    ).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True)))
    for (point, voice), newest in given.items():
        levels = [each["level"] for each in newest.values()]
        values = [INDEX[level] for level in levels if level in INDEX]
        index = sum(values) / len(values) if values else None
        by_point[point][voice] = levels, index
        shown = levels[0] if len(set(levels)) == 1 else "mixed"
        at = max(each["published_at"] for each in newest.values())
        values_of_row = {"point": point, "voice": voice, "level": shown, "index": index, "at": at}
        connection.execute(insert, values_of_row)
    change = sa.text("UPDATE action_points SET disagreement = :said WHERE id = :id")
    for point, voices in by_point.items():
        connection.execute(change, {"said": _old_disagreement(voices), "id": point})


def _old_disagreement(voices: dict[str, tuple[list[str], float | None]]) -> str:
    state = set(voices["state"][0]) if "state" in voices else set()
    others = {level for voice, (levels, _) in voices.items() if voice != "state" for level in levels}
    if state <= {"fully_implemented", "partially_implemented"} and state and others & set(SCALE[:2]):
        return "contradicts"
    values = [index for _, index in voices.values() if index is not None]
    return "differs" if values and max(values) - min(values) >= 0.5 - 1e-9 else "none"
