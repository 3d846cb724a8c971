"""The second edition of the seeded data: what it needs is added, and what it calls otherwise is renamed before the seed.

In KGZ-3 two points were split, and those behind them have other refs now. The seed finds a point by its ref, so refs
and keys of `SeededRow` change together: entries stay with their point. A person's edit stays, too. The split points
remember the text that they had. A letter of the register has another reference.

Going down renames back. The points that a split added go behind the others, where going up finds them again (A5.5 and
A5.6, A26.10). Lost are: earlier wordings of points, former refs, figures of reviews, status and aliases of States, and
notes, sources and days of reply of communications. The seed brings all but the first two again.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = depends_on = None

REVIEW = "KGZ-3"
SPLIT = {"A5": "A5.1", "A26": "A26.7"}
"""By recommendation: the point whose meaning was divided."""
RENUMBERED = {
    "A5": {"A5.2": "A5.4", "A5.3": "A5.5", "A5.4": "A5.6"},
    "A26": {"A26.8": "A26.9", "A26.9": "A26.10"},
}
ADDED = {"A5": {"A5.5": "A5.2", "A5.6": "A5.3"}, "A26": {"A26.10": "A26.8"}}
"""Where going down puts the points that the split added; a database that never went down has none of them."""
LETTER = ("KGZ", "OHCHR Central Asia statement (undated)", "OHCHR Central Asia statement (2016)")
NEW_FIELDS = {"states": ("status", "aliases"), "communications": ("reply_on", "note", "source")}

POINTS = sa.table(
    "action_points",
    sa.column("id", sa.Integer),
    sa.column("recommendation_id", sa.Integer),
    sa.column("ref", sa.Text),
    sa.column("text", sa.Text),
    sa.column("search_text", sa.Text),
    sa.column("formerly", sa.Text),
    sa.column("renumbered_at", sa.DateTime(timezone=True)),
)
WORDINGS = sa.table(
    "point_wordings",
    sa.column("action_point_id", sa.Integer),
    sa.column("text", sa.Text),
    sa.column("until", sa.DateTime(timezone=True)),
    sa.column("was_split", sa.Boolean),
)
SEEDED = sa.table(
    "seeded_rows", sa.column("file", sa.Text), sa.column("key", sa.Text), sa.column("values", sa.JSON)
)


def upgrade() -> None:
    _add_tables()
    _add_columns()
    connection, now = op.get_bind(), datetime.now(UTC)
    for recommendation, split in SPLIT.items():
        points = _points(connection, recommendation)
        renumbered, added = RENUMBERED[recommendation], ADDED[recommendation]
        if split in points and not points.keys() & added.keys():
            _remember(connection, points, split, renumbered, now)
        _rename_points(connection, points, renumbered | added)
    _rename_letter(connection, LETTER[1], LETTER[2])


def downgrade() -> None:
    connection = op.get_bind()
    for recommendation in SPLIT:
        names = RENUMBERED[recommendation] | ADDED[recommendation]
        back = {ref: former for former, ref in names.items()}
        _rename_points(connection, _points(connection, recommendation), back)
    _rename_letter(connection, LETTER[2], LETTER[1])
    _forget_seeded(connection)
    op.drop_table("review_figures")
    op.drop_table("point_wordings")
    with op.batch_alter_table("action_points") as table:
        table.drop_constraint(op.f("ck_action_points_renumbered"), type_="check")
        table.drop_column("renumbered_at")
        table.drop_column("formerly")
    with op.batch_alter_table("communications") as table:
        for name in NEW_FIELDS["communications"]:
            table.drop_column(name)
    with op.batch_alter_table("states") as table:
        table.drop_constraint(op.f("ck_states_status"), type_="check")
        for name in NEW_FIELDS["states"]:
            table.drop_column(name)


def _add_tables() -> None:
    op.create_table(
        "point_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_point_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_split", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_point_id"], ["action_points.id"], name=op.f("fk_point_wordings_action_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_wordings")),
        sa.UniqueConstraint("action_point_id", "until", name=op.f("uq_point_wordings_action_point_id_until")),
    )
    op.create_table(
        "review_figures",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("recommendations", sa.Integer(), nullable=True),
        sa.Column("supported", sa.Integer(), nullable=True),
        sa.Column("noted", sa.Integer(), nullable=True),
        sa.Column("certainty", _one_of("certainty", "sourced", "secondary", "unknown"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.CheckConstraint("recommendations > 0", name=op.f("ck_review_figures_recommendations")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_review_figures_review_id")),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_review_figures")),
    )


def _add_columns() -> None:
    with op.batch_alter_table("action_points") as table:
        table.add_column(sa.Column("formerly", sa.Text(), nullable=True))
        table.add_column(sa.Column("renumbered_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(
            op.f("ck_action_points_renumbered"), "(formerly IS NULL) = (renumbered_at IS NULL)"
        )
    with op.batch_alter_table("communications") as table:
        table.add_column(sa.Column("reply_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("source", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("states") as table:
        table.add_column(
            sa.Column("status", sa.String(40), server_default="member_state", nullable=False)
        )
        table.add_column(sa.Column("aliases", sa.JSON(), server_default="[]", nullable=False))
        table.create_check_constraint(
            op.f("ck_states_status"), "status IN ('member_state', 'observer_state')"
        )
    for name, columns in (("communications", ("note", "source")), ("states", ("status", "aliases"))):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, server_default=None)


def _one_of(name: str, *codes: str) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def _points(connection: sa.Connection, recommendation: str) -> dict[str, sa.Row]:
    """By ref."""
    found = connection.execute(
        sa.text(
            "SELECT action_points.id, action_points.ref, action_points.text, action_points.search_text,"
            " action_points.recommendation_id FROM action_points"
            " JOIN recommendations ON recommendations.id = action_points.recommendation_id"
            " JOIN reviews ON reviews.id = recommendations.review_id"
            " WHERE reviews.code = :review AND recommendations.ref = :recommendation"
        ),
        {"review": REVIEW, "recommendation": recommendation},
    )
    return {row.ref: row for row in found}


def _remember(
    connection: sa.Connection, points: dict[str, sa.Row], split: str, renumbered: dict[str, str], now: datetime
) -> None:
    """The text that the split point had, and the refs that the points behind it had."""
    wording = {"action_point_id": points[split].id, "text": points[split].text, "until": now, "was_split": True}
    connection.execute(WORDINGS.insert().values(wording))
    for former in renumbered.keys() & points.keys():
        marks = {"formerly": former, "renumbered_at": now}
        connection.execute(POINTS.update().where(POINTS.c.id == points[former].id).values(marks))


def _rename_points(connection: sa.Connection, points: dict[str, sa.Row], names: dict[str, str]) -> None:
    """In two steps, because refs change places: first each gets one that no other has."""
    moving = {names[ref]: point for ref, point in points.items() if ref in names}
    for ref, point in moving.items():
        of, this = f"{point.recommendation_id}|", POINTS.c.id == point.id
        connection.execute(POINTS.update().where(this).values(ref=f"aside {ref}"))
        _rename_key(connection, "action_points", f"{of}{point.ref}", f"{of}aside {ref}")
    for ref, point in moving.items():
        of, this = f"{point.recommendation_id}|", POINTS.c.id == point.id
        words = ref.lower() + point.search_text[len(point.ref) :]  # they begin with the ref
        connection.execute(POINTS.update().where(this).values(ref=ref, search_text=words))
        _rename_key(connection, "action_points", f"{of}aside {ref}", f"{of}{ref}")


def _rename_key(connection: sa.Connection, file: str, before: str, after: str) -> None:
    this = (SEEDED.c.file == file) & (SEEDED.c.key == before)
    connection.execute(SEEDED.update().where(this).values(key=after))


def _rename_letter(connection: sa.Connection, before: str, after: str) -> None:
    """Its requests and links hang on its id."""
    letter = {"state": LETTER[0], "before": before, "after": after}
    taken = sa.text("SELECT 1 FROM communications WHERE state_code = :state AND reference = :after")
    if connection.scalar(taken, letter) is not None:
        return
    connection.execute(
        sa.text(
            "UPDATE communications SET reference = :after WHERE state_code = :state AND reference = :before"
        ),
        letter,
    )
    _rename_key(connection, "communications", f"{LETTER[0]}|{before}", f"{LETTER[0]}|{after}")


def _forget_seeded(connection: sa.Connection) -> None:
    """What the seed remembers of the columns that go; else it would take their absence, after going up again, for a
    person's change."""
    connection.execute(SEEDED.delete().where(SEEDED.c.file == "review_figures"))
    for file, names in NEW_FIELDS.items():
        for row in connection.execute(sa.select(SEEDED).where(SEEDED.c.file == file)).all():
            values = {name: value for name, value in row._mapping["values"].items() if name not in names}
            this = (SEEDED.c.file == file) & (SEEDED.c.key == row.key)
            connection.execute(SEEDED.update().where(this).values({"values": values}))
