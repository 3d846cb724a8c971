"""Lines of the history hold facts in the place of a sentence, a format, and the State that they concern.

The lines that exist are of format 1: they keep their sentence, which their hash covers. Their State is filled in where
their subject or their account tells it; no hash covers that. Before, organisations of the State that name no State get
the one whose reviews are here, where there is one alone: nobody coordinates them else.

Going down gives each newer line a plain sentence and leaves every hash as it is: no migration signs a line anew, or
whoever altered one could have it signed by going down and up. So the older application shows the newer lines, and its
`flask verify` calls the first of them changed, which is true. What was taken off the newer lines waits in a table of its
own. Going up puts it back where the hash is still the same, and the whole chain is proven again, with the lines that the
older application added. (Going down beyond revision 0004 forgets all hashes, and that table with them.)
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = depends_on = None

CHUNK = 1000
OF_THE_STATE = "('government', 'parliament', 'judiciary', 'local')"
KEPT = "history_lines_of_format_2"
LINES = sa.table(
    "history_lines",
    sa.column("id", sa.Integer),
    sa.column("account_id", sa.Uuid),
    sa.column("verb", sa.Text),
    sa.column("subject", sa.Text),
    sa.column("sentence", sa.Text),
    sa.column("format", sa.Integer),
    sa.column("facts", sa.JSON),
    sa.column("state_code", sa.Text),
)


def upgrade() -> None:
    with op.batch_alter_table("history_lines") as table:
        table.add_column(sa.Column("format", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("facts", sa.JSON(), nullable=True))
        table.add_column(sa.Column("state_code", sa.Text(), nullable=True))
        table.alter_column("sentence", existing_type=sa.Text(), nullable=True)
    connection = op.get_bind()
    op.execute(
        "UPDATE organisations SET state_code = (SELECT min(state_code) FROM reviews)"
        f" WHERE state_code IS NULL AND kind IN {OF_THE_STATE}"
        " AND (SELECT count(DISTINCT state_code) FROM reviews) = 1"
    )
    _fill_states(connection)
    if sa.inspect(connection).has_table(KEPT):
        _put_back(connection)
        op.drop_table(KEPT)
    with op.batch_alter_table("history_lines") as table:
        table.alter_column("format", server_default=None)
        table.create_foreign_key(op.f("fk_history_lines_state_code"), "states", ["state_code"], ["code"])
        table.create_index(op.f("ix_history_lines_state_code"), ["state_code"], unique=False)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.scalar(sa.select(LINES.c.id).where(LINES.c.format > 1).limit(1)) is not None:
        _set_aside(connection)
        _fill_sentences(connection)
    with op.batch_alter_table("history_lines") as table:
        table.drop_index(op.f("ix_history_lines_state_code"))
        table.drop_constraint(op.f("fk_history_lines_state_code"), type_="foreignkey")
        table.alter_column("sentence", existing_type=sa.Text(), nullable=False)
        for name in ("format", "facts", "state_code"):
            table.drop_column(name)


def _set_aside(connection: sa.Connection) -> None:
    op.create_table(
        KEPT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("state_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{KEPT}")),
    )
    columns = "id, hash, format, facts, state_code"
    connection.execute(
        sa.text(f"INSERT INTO {KEPT} ({columns}) SELECT {columns} FROM history_lines WHERE format > 1")
    )


def _put_back(connection: sa.Connection) -> None:
    same = f"FROM {KEPT} AS kept WHERE kept.id = history_lines.id AND kept.hash = history_lines.hash"
    connection.execute(
        sa.text(
            f"UPDATE history_lines SET sentence = NULL, format = (SELECT kept.format {same}),"
            f" facts = (SELECT kept.facts {same}), state_code = (SELECT kept.state_code {same})"
            f" WHERE EXISTS (SELECT 1 {same})"
        )
    )


def _fill_sentences(connection: sa.Connection) -> None:
    """`coordinator: publish update`."""
    change = (
        LINES.update().where(LINES.c.id == sa.bindparam("row")).values(sentence=sa.bindparam("words"))
    )
    lines = sa.select(LINES.c.id, LINES.c.verb, LINES.c.facts).where(LINES.c.format > 1)
    last = 0
    while rows := connection.execute(lines.where(LINES.c.id > last).order_by(LINES.c.id).limit(CHUNK)).all():
        last = rows[-1].id
        connection.execute(change, [{"row": row.id, "words": _sentence(row)} for row in rows])


def _sentence(line: sa.Row) -> str:
    facts = line.facts or {}
    who = "the registrar" if facts.get("who_role") == "registrar" else facts.get("who", "")
    about = facts.get("handle") or facts.get("recommendation") or facts.get("organisation")
    return f"{who}: {line.verb.replace('_', ' ')}{f' ({about})' if about else ''}"


def _fill_states(connection: sa.Connection) -> None:
    """From what a line is about; else from who did it."""
    reviews = dict(connection.execute(sa.text("SELECT code, state_code FROM reviews")).all())
    organisations = dict(connection.execute(sa.text("SELECT key, state_code FROM organisations")).all())
    people = connection.execute(
        sa.text(
            "SELECT accounts.id, organisations.state_code FROM accounts"
            " JOIN organisations ON organisations.id = accounts.organisation_id"
        )
    )
    accounts = {_hex(row.id): row.state_code for row in people}
    change = (
        LINES.update().where(LINES.c.id == sa.bindparam("row")).values(state_code=sa.bindparam("state"))
    )
    lines = sa.select(LINES.c.id, LINES.c.subject, LINES.c.account_id)
    last = 0
    while rows := connection.execute(lines.where(LINES.c.id > last).order_by(LINES.c.id).limit(CHUNK)).all():
        last = rows[-1].id
        subjects = {row.id: row.subject.partition(" ") for row in rows}
        updates = _states_of_updates(
            connection, [name for kind, _, name in subjects.values() if kind == "update"]
        )
        changes = []
        for row in rows:
            kind, _, name = subjects[row.id]
            state = {
                "update": updates.get(_hex(name)),
                "recommendation": reviews.get(name.partition(" ")[0]),
                "organisation": organisations.get(name),
                "account": accounts.get(_hex(name)),
            }.get(kind) or accounts.get(_hex(row.account_id))
            if state is not None:
                changes.append({"row": row.id, "state": state})
        if changes:
            connection.execute(change, changes)


def _states_of_updates(connection: sa.Connection, names: list[str]) -> dict[str, str]:
    wanted = sa.text(
        "SELECT progress_updates.id, reviews.state_code FROM progress_updates"
        " JOIN action_points ON action_points.id = progress_updates.action_point_id"
        " JOIN recommendations ON recommendations.id = action_points.recommendation_id"
        " JOIN reviews ON reviews.id = recommendations.review_id WHERE progress_updates.id IN :ids"
    ).bindparams(sa.bindparam("ids", type_=sa.Uuid(), expanding=True))
    ids = {found for name in names if (found := _uuid(name))}
    return {_hex(row.id): row.state_code for row in connection.execute(wanted, {"ids": list(ids)})}


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:  # somebody changed the subject in the database
        return None


def _hex(identifier: object) -> str:
    """SQLite keeps identifiers without hyphens."""
    return str(identifier).replace("-", "")
