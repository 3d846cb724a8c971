"""Writes the history line of a deed that people answer for, as the newest of the chain, and purges texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, null, text, update
from sqlalchemy.orm import Session

from tracker.models.accounts import Role
from tracker.models.history import PUBLIC_VERBS, HistoryLine
from tracker.models.history_chain import FIRST, LINE_FORMAT, content_hash, line_hash, make_salt
from tracker.policy.actors import Actor

_INSERT = insert(HistoryLine.__table__)  # type: ignore[arg-type]  # a mapped class's table is one
_NEXT = (
    "INSERT INTO history_heads (id, number)"
    " VALUES (1, (SELECT coalesce(max(id), 0) + 1 FROM history_lines))"
    " ON CONFLICT (id) DO UPDATE SET number = history_heads.number + 1"
    " RETURNING number, (SELECT hash FROM history_lines WHERE history_lines.id = history_heads.number - 1)"
)
"""One statement takes the next number, holds the head until the transaction ends, and reads the newest line. It goes
to the driver as it stands: publishing waits for it."""
_NEWEST = text("SELECT hash FROM history_lines WHERE id < :number ORDER BY id DESC LIMIT 1")


def write_line(
    session: Session,
    actor: Actor,
    verb: str,
    subject: str,
    *,
    at: datetime,
    state_code: str | None = None,
    facts: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Adds the line to the transaction of the deed. `facts` are what the sentence of the verb needs beside who did it,
    as codes and names: never a text that somebody wrote, because no purge removes them. `state_code` is the State
    that the deed concerns; without it, that of the actor's organisation.

    A line never holds who the registrar is, nor of which State. The deed of any other independent account writes no
    line, whoever asks for it: nobody of the State shall learn that there is one.
    """
    if actor.has(Role.REGISTRAR):
        account_id, who = None, {"who_role": Role.REGISTRAR.value}
    elif actor.is_independent:
        return
    else:
        account_id, who = actor.account_id, {"who": actor.handle}
        state_code = state_code or actor.state_code
    connection = session.connection()
    number, previous_hash = _take_place(connection)
    salt = make_salt()
    line = {
        "id": number,
        "at": at,
        "format": LINE_FORMAT,
        "account_id": account_id,
        "state_code": state_code,
        "verb": verb,
        "subject": subject,
        "facts": {**(facts or {}), **who},
        "sentence": None,
        "is_public": verb in PUBLIC_VERBS,
        "salt": salt,
        "content_hash": content_hash(salt, before, after),
        "previous_hash": previous_hash,
    }
    line["hash"] = line_hash(line, LINE_FORMAT)
    texts = {"before": null() if before is None else before, "after": null() if after is None else after}
    connection.execute(_INSERT, {**line, **texts})


def purge_lines(session: Session, subject: str) -> None:
    """Takes the texts out of every line on a subject; that they were there stays. The deed that calls this
    writes its own line afterwards, with one of the PURGING_VERBS: a purge without one is a broken chain."""
    purged = update(HistoryLine).where(HistoryLine.subject == subject, HistoryLine.salt.is_not(None))
    session.execute(
        purged.values(before=null(), after=null(), salt=None),
        execution_options={"synchronize_session": False},
    )


def _take_place(connection: Connection) -> tuple[int, str]:
    """The number of the next line and the hash of the line before it."""
    number, previous_hash = connection.exec_driver_sql(_NEXT).one()
    if previous_hash is None and number > 1:
        # PostgreSQL read the lines before it waited for the deed that holds the head: this looks again. A line
        # that somebody cut off is missed by `flask verify`, and stops nobody's work.
        previous_hash = connection.scalar(_NEWEST, {"number": number})
    return number, previous_hash or FIRST
