"""A link knows who made it, by a keyed digest, so that it closes with that account. Open ones of before stay without."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("invitations", sa.Column("made_by", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("invitations") as table:
        table.drop_column("made_by")
