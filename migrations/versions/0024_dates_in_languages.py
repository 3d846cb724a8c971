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
    """The next seed brings them back: it no longer remembers any."""
    with op.batch_alter_table("milestones") as batch:
        batch.drop_column("translations")
    seeded = sa.table("seeded_rows", sa.column("file"), sa.column("key"), sa.column("values", sa.JSON()))
    of_dates = sa.select(seeded.c.key, seeded.c["values"]).where(seeded.c.file == "milestones")
    for key, values in op.get_bind().execute(of_dates).all():
        without = {name: value for name, value in values.items() if name != "translations"}
        same = (seeded.c.file == "milestones", seeded.c.key == key)
        op.get_bind().execute(seeded.update().where(*same).values({"values": without}))
