"""The word search finds an action point by its ref."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("UPDATE action_points SET search_text = lower(ref) || ' ' || search_text")


def downgrade() -> None:
    op.execute("UPDATE action_points SET search_text = substr(search_text, length(ref) + 2)")
