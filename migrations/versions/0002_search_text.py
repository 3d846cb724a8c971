"""The word search looks through one folded text per recommendation, filled here for those that exist."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None

# The folding of tracker.language as it was when this revision was written.
FOLDED = str.maketrans("ёөүң", "еоун")


def upgrade() -> None:
    with op.batch_alter_table("recommendations") as table:
        table.add_column(sa.Column("search_text", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    points: dict[int, list[str]] = {}
    for recommendation_id, text in connection.execute(
        sa.text('SELECT recommendation_id, text FROM action_points ORDER BY recommendation_id, "order", id')
    ):
        points.setdefault(recommendation_id, []).append(text)
    found = connection.execute(sa.text("SELECT id, ref, short_title, text FROM recommendations")).all()
    for recommendation_id, ref, short_title, text in found:
        words = f"{ref} {short_title} {text} {' '.join(points.get(recommendation_id, []))}"
        connection.execute(
            sa.text("UPDATE recommendations SET search_text = :words WHERE id = :id"),
            {"words": words.casefold().translate(FOLDED), "id": recommendation_id},
        )
    with op.batch_alter_table("recommendations") as table:
        table.alter_column("search_text", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("recommendations") as table:
        table.drop_column("search_text")
