"""The word search looks through a folded text of each recommendation and one of each action point.

Before, the text of a recommendation held those of its points, as they were when it was seeded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = depends_on = None

CHUNK = 1000
# The folding of tracker.language as it was when this revision was written.
FOLDED = str.maketrans("ёөүң", "еоун")
RECOMMENDATIONS = sa.table(
    "recommendations",
    *(sa.column(name, sa.Text) for name in ("ref", "short_title", "text", "search_text")),
    sa.column("id", sa.Integer),
)
POINTS = sa.table(
    "action_points",
    sa.column("id", sa.Integer),
    sa.column("recommendation_id", sa.Integer),
    sa.column("order", sa.Integer),
    sa.column("text", sa.Text),
    sa.column("search_text", sa.Text),
    sa.column("retired_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("action_points") as table:
        table.add_column(sa.Column("search_text", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    points = connection.execute(sa.select(POINTS.c.id, POINTS.c.text)).all()
    _write(connection, POINTS, {row.id: row.text for row in points})
    _write(connection, RECOMMENDATIONS, _own_words(connection))
    with op.batch_alter_table("action_points") as table:
        table.alter_column("search_text", server_default=None)


def downgrade() -> None:
    connection = op.get_bind()
    words = _own_words(connection)
    open_points = sa.select(POINTS.c.recommendation_id, POINTS.c.text).where(POINTS.c.retired_at.is_(None))
    for row in connection.execute(open_points.order_by(POINTS.c.order, POINTS.c.id)):
        words[row.recommendation_id] += f" {row.text}"
    _write(connection, RECOMMENDATIONS, words)
    with op.batch_alter_table("action_points") as table:
        table.drop_column("search_text")


def _own_words(connection: sa.Connection) -> dict[int, str]:
    rows = connection.execute(sa.select(RECOMMENDATIONS)).all()
    return {row.id: f"{row.ref} {row.short_title} {row.text}" for row in rows}


def _write(connection: sa.Connection, table: sa.TableClause, words: dict[int, str]) -> None:
    change = (
        table.update().where(table.c.id == sa.bindparam("row")).values(search_text=sa.bindparam("folded"))
    )
    values = [{"row": row, "folded": text.casefold().translate(FOLDED)} for row, text in words.items()]
    for start in range(0, len(values), CHUNK):
        connection.execute(change, values[start : start + CHUNK])
