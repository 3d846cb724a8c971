"""A review is unpublished until somebody publishes it; those that exist were public all along. Organisations of the
State that name no State get the one whose reviews are here, where there is one alone: nobody coordinates them else."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None

OF_THE_STATE = "('government', 'parliament', 'judiciary', 'local')"


def upgrade() -> None:
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("is_published", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("reviews") as table:
        table.alter_column("is_published", server_default=None)
    op.execute(
        "UPDATE organisations SET state_code = (SELECT min(state_code) FROM reviews)"
        f" WHERE state_code IS NULL AND kind IN {OF_THE_STATE}"
        " AND (SELECT count(DISTINCT state_code) FROM reviews) = 1"
    )


def downgrade() -> None:
    """Refuses while a review is unpublished: an older application would show it to everybody."""
    hidden = op.get_bind().scalar(sa.text("SELECT count(*) FROM reviews WHERE NOT is_published"))
    if hidden:
        raise RuntimeError(f"{hidden} unpublished reviews would become public: publish or remove them first")
    with op.batch_alter_table("reviews") as table:
        table.drop_column("is_published")
