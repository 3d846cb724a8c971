"""Lines of the history become a chain: each holds the hash of the line before and its own.

The lines that exist are chained in their order, and numbered without gaps. Going down forgets the hashes:
those made by going up again are others.
"""

import hashlib
import json
import secrets
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

CHUNK = 1000
FIRST = "0" * 64
LINES = sa.table(
    "history_lines",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("account_id", sa.Uuid),
    sa.column("verb", sa.Text),
    sa.column("subject", sa.Text),
    sa.column("sentence", sa.Text),
    sa.column("before", sa.JSON),
    sa.column("after", sa.JSON),
    sa.column("is_public", sa.Boolean),
    sa.column("salt", sa.Text),
    sa.column("content_hash", sa.Text),
    sa.column("previous_hash", sa.Text),
    sa.column("hash", sa.Text),
)
FILLED = ("is_public", "salt", "content_hash", "previous_hash", "hash")


def upgrade() -> None:
    op.create_table(
        "history_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_history_heads_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_heads")),
    )
    with op.batch_alter_table("history_lines") as table:
        table.add_column(sa.Column("is_public", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("salt", sa.Text(), nullable=True))
        table.add_column(sa.Column("content_hash", sa.Text(), nullable=True))
        table.add_column(sa.Column("previous_hash", sa.Text(), nullable=True))
        table.add_column(sa.Column("hash", sa.Text(), nullable=True))
    number = _chain(op.get_bind())
    if number:
        op.execute(sa.text("INSERT INTO history_heads (id, number) VALUES (1, :number)").bindparams(number=number))
    with op.batch_alter_table("history_lines") as table:
        for name in ("is_public", "content_hash", "previous_hash", "hash"):
            table.alter_column(name, nullable=False)
        table.create_unique_constraint(op.f("uq_history_lines_hash"), ["hash"])


def downgrade() -> None:
    with op.batch_alter_table("history_lines") as table:
        table.drop_constraint(op.f("uq_history_lines_hash"), type_="unique")
        for name in FILLED:
            table.drop_column(name)
    op.drop_table("history_heads")
    op.execute("DROP TABLE IF EXISTS history_lines_of_format_2")  # of 0007: it goes with the hashes
    if op.get_bind().dialect.name == "postgresql":  # lines were numbered without its sequence
        op.execute(
            "SELECT setval(pg_get_serial_sequence('history_lines', 'id'),"
            " (SELECT coalesce(max(id), 0) + 1 FROM history_lines), false)"
        )


def _chain(connection: sa.Connection) -> int:
    """Fills the new columns in the order of the lines; gives their number."""
    change = (
        LINES.update()
        .where(LINES.c.id == sa.bindparam("row"))
        .values(id=sa.bindparam("place"), **{name: sa.bindparam(f"new_{name}") for name in FILLED})
    )
    number, previous, read = 0, FIRST, 0
    while found := connection.execute(
        LINES.select().where(LINES.c.id > read).order_by(LINES.c.id).limit(CHUNK)
    ).all():
        changes = []
        for line in found:
            number, read = number + 1, line.id
            values = _values(line, number, previous)
            previous = values["new_hash"]
            changes.append({"row": line.id, "place": number, **values})
        connection.execute(change, changes)
    return number


def _values(line: sa.Row, number: int, previous: str) -> dict[str, object]:
    salt, is_public = secrets.token_hex(16), line.verb == "publish_update"
    at = line.at if line.at.tzinfo else line.at.replace(tzinfo=UTC)
    content = _hash(b"history-text-1", [salt, line.before, line.after])
    said = {
        "number": number,
        "previous": previous,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "account": None if line.account_id is None else str(line.account_id),
        "verb": line.verb,
        "subject": line.subject,
        "sentence": line.sentence,
        "public": is_public,
        "content": content,
    }
    return {
        "new_is_public": is_public,
        "new_salt": salt,
        "new_content_hash": content,
        "new_previous_hash": previous,
        "new_hash": _hash(b"history-line-1", said),
    }


def _hash(person: bytes, said: object) -> str:
    """As tracker.models.history_chain did when this revision was written."""
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(plain.encode(), digest_size=32, person=person).hexdigest()
