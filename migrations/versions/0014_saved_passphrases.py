"""People of independent organisations choose whether forms help password managers. So far nobody has."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("saves_passphrase", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("accounts") as table:
        table.alter_column("saves_passphrase", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        table.drop_column("saves_passphrase")
