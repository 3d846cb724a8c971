"""Writes the history line of an action that people answer for, as the newest of the chain, and purges texts."""

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
    """Adds the line to the transaction of the action. `facts` are what the sentence of the verb needs beside who did
    it, as codes and names: never a text that somebody wrote, because no purge removes them. `state_code` is the State
    that the action concerns; without it, that of the actor's organisation. `may_be_public` is False for an action on
    something that is not published yet: without it everybody reads the lines of PUBLIC_VERBS.

    A line never says who the registrar is, nor of which State. For any other independent account no line is written,
    whatever the caller asks for: nobody of the State may learn that the account exists.
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
    """Removes the texts of every line on a subject; their hash stays. The caller must write a line of its own
    afterwards, with one of the PURGING_VERBS: without one, the chain is broken."""
    statement = update(HistoryLine).where(HistoryLine.subject == subject, HistoryLine.salt.is_not(None))
    session.execute(
        statement.values(before=null(), after=null(), salt=None),
        execution_options={"synchronize_session": False},
    )


def _take_place(session: Session) -> tuple[int, str]:
    """The number of the next line and the hash of the line before it. Locks the head until the transaction ends, so
    that the second of two writers waits for the first. Pending changes are flushed before: whoever changes an account
    or a review locks that row before the head, or two could deadlock."""
    head = session.get(HistoryHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        newest_number = session.scalar(select(func.max(HistoryLine.id))) or 0
        head = HistoryHead(id=1, number=newest_number)
        session.add(head)
    head.number += 1
    session.flush()
    # The newest line, not that of the previous number: if somebody deleted that one, `flask verify` says so, and
    # people can go on working.
    newest = select(HistoryLine.hash).where(HistoryLine.id < head.number).order_by(HistoryLine.id.desc())
    return head.number, session.scalar(newest.limit(1)) or FIRST
