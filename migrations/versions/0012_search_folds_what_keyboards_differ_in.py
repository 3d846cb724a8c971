"""The word search finds what another keyboard wrote: quotation marks, dashes, unseen signs, Cyrillic letters that look
like Latin ones."""

from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = depends_on = None

CHUNK = 1000
# The folding of tracker.language as it was when this revision was written, and the one before.
UNSEEN = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
SIGNS = {
    **dict.fromkeys(UNSEEN),
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ´`"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
}
LETTERS = str.maketrans("ёөүңавекмнорстухіјѕ", "eoyhabekmhopctyxijs")
LETTERS_BEFORE = str.maketrans("ёөүң", "еоун")
RECOMMENDATIONS = sa.table(
    "recommendations",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("ref", "short_title", "text", "search_text")),
)
POINTS = sa.table(
    "action_points",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("text", "search_text")),
)


def upgrade() -> None:
    connection = op.get_bind()
    _write(connection, RECOMMENDATIONS, {row.id: fold(words) for row, words in _recommendations(connection)})
    _write(connection, POINTS, {row.id: fold(row.text) for row in connection.execute(sa.select(POINTS)).all()})


def downgrade() -> None:
    connection = op.get_bind()
    found = _recommendations(connection)
    _write(connection, RECOMMENDATIONS, {row.id: fold_as_before(words) for row, words in found})
    points = connection.execute(sa.select(POINTS)).all()
    _write(connection, POINTS, {row.id: fold_as_before(row.text) for row in points})


def fold(text: str) -> str:
    return normalize("NFKC", text.translate(SIGNS)).casefold().translate(LETTERS)


def fold_as_before(text: str) -> str:
    return text.casefold().translate(LETTERS_BEFORE)


def _recommendations(connection: sa.Connection) -> list[tuple[sa.Row, str]]:
    rows = connection.execute(sa.select(RECOMMENDATIONS)).all()
    return [(row, f"{row.ref} {row.short_title} {row.text}") for row in rows]


def _write(connection: sa.Connection, table: sa.TableClause, folded: dict[int, str]) -> None:
    change = (
        table.update().where(table.c.id == sa.bindparam("row")).values(search_text=sa.bindparam("folded"))
    )
    values = [{"row": row, "folded": text} for row, text in folded.items()]
    for start in range(0, len(values), CHUNK):
        connection.execute(change, values[start : start + CHUNK])
