"""The lines of history about accounts. There is none about an independent account: a line would tell of it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.history.lines import write_line
from tracker.identity.sign_ins import actor_of
from tracker.models.accounts import Account
from tracker.policy.actors import Actor, is_independent_account


def write_account_line(
    session: Session,
    actor: Actor,
    verb: str,
    account: Account,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **facts: str,
) -> None:
    """`account` is the one that something is done about, loaded with its organisation and roles. Writes nothing about
    an independent one."""
    holder = actor_of(account)
    if is_independent_account(holder):
        return
    write_line(
        session,
        actor,
        verb,
        f"account {account.id}",
        at=now,
        state_code=holder.state_code,
        facts={"handle": account.handle, **facts},
        before=before,
        after=after,
    )
