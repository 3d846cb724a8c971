"""Addresses of people to whom no mail is sent are erased: an older version asked them for one, and nobody told them that
it was kept (docs/rules.md, "Reminders"). Going down brings none back.

The bytes go as those of every deleted value do (tracker/upkeep/erasing.py).
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE accounts SET email = NULL WHERE email IS NOT NULL AND NOT ("
        " EXISTS (SELECT 1 FROM account_roles WHERE account_roles.account_id = accounts.id"
        "  AND account_roles.role IN ('focal_point', 'alternate', 'coordinator'))"
        " AND EXISTS (SELECT 1 FROM organisations WHERE organisations.id = accounts.organisation_id"
        "  AND organisations.kind IN ('government', 'parliament', 'judiciary', 'local')))"
    )


def downgrade() -> None:
    pass
