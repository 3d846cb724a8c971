"""The list finds its orders in indexes: how far apart the State and another organisation are is stored with the
recommendation, too. Its filters by level find everything in the indexes of the current entries.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = depends_on = None

LEVEL_BEFORE = "ix_current_entries_voice_level_recommendation_id"
OF_ENTRIES = {
    "ix_current_entries_by_level": ["voice", "level", "recommendation_id", "action_point_id"],
    "ix_current_entries_by_voice": ["voice", "recommendation_id", "action_point_id", "level"],
}
# As `services/levels.py` of this revision computes it: of open points and of the whole.
FILL = """
UPDATE recommendations SET steps_apart = (
    SELECT max(entry.steps_apart)
    FROM current_entries entry LEFT JOIN action_points point ON point.id = entry.action_point_id
    WHERE entry.recommendation_id = recommendations.id AND point.retired_at IS NULL
)
"""


def upgrade() -> None:
    with op.batch_alter_table("recommendations") as table:
        table.add_column(sa.Column("steps_apart", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_recommendations_steps_apart"), "steps_apart BETWEEN 0 AND 4")
    op.execute(FILL)
    # SQLite refuses NULLS LAST in an index; of a descending column it sorts NULL last by itself.
    last = " NULLS LAST" if op.get_bind().dialect.name == "postgresql" else ""
    for key in ("newest_entry_at", "steps_apart"):
        place = [sa.text(f"{key} DESC{last}"), sa.text("review_id DESC"), "order"]
        op.create_index(op.f(f"ix_recommendations_{key}"), "recommendations", place)
    op.drop_index(op.f(LEVEL_BEFORE), "current_entries")
    for name, columns in OF_ENTRIES.items():
        op.create_index(op.f(name), "current_entries", columns)


def downgrade() -> None:
    for name in OF_ENTRIES:
        op.drop_index(op.f(name), "current_entries")
    op.create_index(op.f(LEVEL_BEFORE), "current_entries", ["voice", "level", "recommendation_id"])
    for key in ("newest_entry_at", "steps_apart"):
        op.drop_index(op.f(f"ix_recommendations_{key}"), "recommendations")
    with op.batch_alter_table("recommendations") as table:
        table.drop_constraint(op.f("ck_recommendations_steps_apart"), type_="check")
        table.drop_column("steps_apart")
