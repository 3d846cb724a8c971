"""Browsers in which somebody signed in before: their cookie holds a random token instead of a signed handle."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = depends_on = None


def upgrade() -> None:
    """Columns of PostgreSQL are kept out of its statistics, as in revision 0011."""
    op.create_table(
        "known_browsers",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_known_browsers")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for column in ("token", "until"):
            op.execute(f"ALTER TABLE known_browsers ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("known_browsers")
