"""An assessment may say the same in a second language: one entry with two texts (docs/rules.md, "Assessments").

Going down loses the second texts: an older application knows none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = depends_on = None

COLUMNS = ("second_language", "second_reason", "second_narrative")
ALL_OR_NONE = (
    "second_language IS NULL AND second_reason IS NULL AND second_narrative IS NULL"
    " OR second_language IS NOT NULL AND second_reason IS NOT NULL AND second_narrative IS NOT NULL"
    " AND second_language <> '' AND second_reason <> '' AND second_narrative <> ''"
    " AND second_language <> language AND withdrawn_on IS NULL"
)


def upgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        for name in COLUMNS:
            table.add_column(sa.Column(name, sa.Text(), nullable=True))
        table.create_check_constraint(op.f("ck_assessments_second_text"), ALL_OR_NONE)
    if op.get_bind().dialect.name == "postgresql":  # copies values into its statistics, which outlive a withdrawal
        for name in COLUMNS:
            op.execute(f"ALTER TABLE assessments ALTER COLUMN {name} SET STATISTICS 0")


def downgrade() -> None:
    with op.batch_alter_table("assessments") as table:
        table.drop_constraint(op.f("ck_assessments_second_text"), type_="check")
        for name in COLUMNS:
            table.drop_column(name)
