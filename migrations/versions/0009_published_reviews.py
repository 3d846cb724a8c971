"""A review is unpublished until somebody publishes it; those that exist were public all along."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("is_published", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("reviews") as table:
        table.alter_column("is_published", server_default=None)


def downgrade() -> None:
    """Refuses while a review is unpublished: an older application would show it to everybody."""
    hidden = op.get_bind().scalar(sa.text("SELECT count(*) FROM reviews WHERE NOT is_published"))
    if hidden:
        raise RuntimeError(f"{hidden} unpublished reviews would become public: publish or remove them first")
    with op.batch_alter_table("reviews") as table:
        table.drop_column("is_published")
