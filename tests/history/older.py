"""Makes a database one of an older version: its lines hold sentences, and hashes of format 1. Written without the
application's own rules of hashing, as revision 0004 and the version of that day did it."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import command

from tracker.cli.tables import alembic_config
from tracker.database import Database

BEFORE_FACTS, ASIDE = "0006", "history_lines_of_format_2"
LINES = sa.table(
    "history_lines",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("account_id", sa.Uuid),
    sa.column("is_public", sa.Boolean),
    *(sa.column(name, sa.JSON) for name in ("before", "after")),
    *(
        sa.column(name, sa.Text)
        for name in ("verb", "subject", "sentence", "salt", "content_hash", "previous_hash", "hash")
    ),
)
UPDATES = sa.table(
    "progress_updates",
    sa.column("id", sa.Uuid),
    *(sa.column(name, sa.Integer) for name in ("action_point_id", "organisation_id")),
    *(sa.column(name, sa.Boolean) for name in ("led", "has_files")),
    *(sa.column(name, sa.Date) for name in ("next_step_on", "as_of_on")),
    sa.column("published_at", sa.DateTime(timezone=True)),
    *(
        sa.column(name, sa.Text)
        for name in ("level", "reason", "done", "obstacles", "support_needed", "next_step")
    ),
    *(sa.column(name, sa.Text) for name in ("source_link", "language")),
)


def go_back(database: Database, url: str) -> None:
    """To the tables before history lines held facts, with lines as they were then."""
    database.dispose()
    command.downgrade(alembic_config(url), BEFORE_FACTS)
    with database.engine.begin() as connection:
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {ASIDE}"))
        previous = "0" * 64
        for line in connection.execute(sa.select(LINES).order_by(LINES.c.id)).all():
            written = dict(line._mapping)
            if line.verb == "publish_update":
                written["after"] = {"state": "published", "entry": _entry(connection, line.subject)}
            values = sign(written, previous)
            previous = values["hash"]
            connection.execute(LINES.update().where(LINES.c.id == line.id).values(values))


def go_forward(database: Database, url: str) -> None:
    database.dispose()
    command.upgrade(alembic_config(url), "head")


def sign(line: dict[str, Any], previous: str) -> dict[str, Any]:
    """The hashes of a line that follows the line with the hash `previous`, and its texts as a column takes them."""
    content = line["content_hash"]
    if line["salt"]:
        content = _hash(b"history-text-1", [line["salt"], line["before"], line["after"]])
    said = {
        "number": line["id"],
        "previous": previous,
        "at": _instant(line["at"]).isoformat(timespec="microseconds"),
        "account": None if line["account_id"] is None else str(line["account_id"]),
        "verb": line["verb"],
        "subject": line["subject"],
        "sentence": line["sentence"],
        "public": line["is_public"],
        "content": content,
    }
    hashes = {"content_hash": content, "previous_hash": previous, "hash": _hash(b"history-line-1", said)}
    texts = {name: sa.null() if line[name] is None else line[name] for name in ("before", "after")}
    return {**hashes, **texts}


def _entry(connection: sa.Connection, subject: str) -> str:
    of_it = UPDATES.c.id == UUID(subject.removeprefix("update "))
    row = dict(connection.execute(sa.select(UPDATES).where(of_it)).one()._mapping)
    renamed = {"action_point_id": "point", "organisation_id": "organisation"}
    row["published_at"] = _instant(row["published_at"])
    del row["id"]
    return _hash(b"history-entry1", {renamed.get(name, name): _plain(value) for name, value in row.items()})


def _instant(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _hash(person: bytes, said: Any) -> str:
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(plain.encode(), digest_size=32, person=person).hexdigest()
