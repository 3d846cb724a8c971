"""Writes the history line of a deed that people answer for, as the newest of the chain, and purges texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, null, select, update
from sqlalchemy.orm import Session

from tracker.models.accounts import Role
from tracker.models.history import PUBLIC_VERBS, HistoryHead, HistoryLine
from tracker.models.history_chain import FIRST, LINE_FORMAT, content_hash, line_hash, make_salt
from tracker.policy.actors import Actor


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
    may_be_public: bool = True,
) -> None:
    """Adds the line to the transaction of the deed. `facts` are what the sentence of the verb needs beside who did it,
    as codes and names: never a text that somebody wrote, because no purge removes them. `state_code` is the State
    that the deed concerns; without it, that of the actor's organisation. `may_be_public` is False for a deed about
    what is not published yet: without it everybody reads the lines of PUBLIC_VERBS.

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
    number, previous_hash = _take_place(session)
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
        "is_public": may_be_public and verb in PUBLIC_VERBS,
        "salt": salt,
        "content_hash": content_hash(salt, before, after),
        "previous_hash": previous_hash,
    }
    line["hash"] = line_hash(line, LINE_FORMAT)
    texts = {"before": null() if before is None else before, "after": null() if after is None else after}
    session.execute(insert(HistoryLine).values(**line, **texts))


def purge_lines(session: Session, subject: str) -> None:
    """Takes the texts out of every line on a subject; that they were there stays. The deed that calls this
    writes its own line afterwards, with one of the PURGING_VERBS: a purge without one is a broken chain."""
    purged = update(HistoryLine).where(HistoryLine.subject == subject, HistoryLine.salt.is_not(None))
    session.execute(
        purged.values(before=null(), after=null(), salt=None),
        execution_options={"synchronize_session": False},
    )


def _take_place(session: Session) -> tuple[int, str]:
    """The number of the next line and the hash of the line before it. Locks the head until the transaction ends, so
    that of two who append at once the second follows the first. Pending changes are flushed before: whoever changes an
    account or a review locks that row first, or two could deadlock."""
    head = session.get(HistoryHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        newest_number = session.scalar(select(func.max(HistoryLine.id))) or 0
        head = HistoryHead(id=1, number=newest_number)
        session.add(head)
    head.number += 1
    session.flush()
    # Not the line of the number before: where somebody cut that off, `flask verify` says so, and work goes on.
    newest = select(HistoryLine.hash).where(HistoryLine.id < head.number).order_by(HistoryLine.id.desc())
    return head.number, session.scalar(newest.limit(1)) or FIRST
