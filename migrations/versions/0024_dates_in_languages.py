"""Translations of the names of seeded dates, which pages and mails show."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("milestones") as batch:
        batch.add_column(sa.Column("translations", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("milestones") as batch:
        batch.alter_column("translations", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    """The next seed brings them back."""
    with op.batch_alter_table("milestones") as batch:
        batch.drop_column("translations")
