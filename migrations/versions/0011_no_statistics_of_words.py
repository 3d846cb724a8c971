"""PostgreSQL copies values of columns into its statistics, where a deleted text would stand for ever. The planner needs
none of these: rows are found by their keys."""

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"
branch_labels = depends_on = None

WHOLE_TABLES = (
    *("assessments", "evidence", "invitations", "outgoing_mails", "recovery_codes", "reminders", "sign_ins"),
    "throttles",
)
COLUMNS = {
    "accounts": ("email", "passphrase_hash", "totp_secret", "totp_last_step"),
    "history_lines": ("sentence", "salt"),
    "progress_updates": (
        *("reason", "done", "obstacles", "support_needed", "next_step", "source_link", "comment"),
        *("next_step_on", "as_of_on"),
    ),
}
TYPES = text(
    "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = CAST(:name AS regclass) "
    "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
)


def upgrade() -> None:
    """A column that gets a type, also the one that it has, loses the statistics of before."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _columns().items():
        for column, its_type in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {its_type}")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _columns().items():
        for column, _ in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")


def _columns() -> dict[str, list[tuple[str, str]]]:
    """By table, the columns with their types."""
    found = {}
    for table in (*WHOLE_TABLES, *COLUMNS):
        rows = op.get_bind().execute(TYPES, {"name": table}).all()
        found[table] = [(name, kind) for name, kind in rows if name in COLUMNS.get(table, (name,))]
    return found
