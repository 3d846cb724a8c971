"""The lines of history about an account of the State."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.history.lines import write_line
from tracker.identity.sign_ins import actor_of
from tracker.models.accounts import Account
from tracker.policy.actors import Actor


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
    """`account` is the one that something is done about, loaded with its organisation and roles."""
    write_line(
        session,
        actor,
        verb,
        f"account {account.id}",
        at=now,
        state_code=actor_of(account).state_code,
        facts={"handle": account.handle, **facts},
        before=before,
        after=after,
    )
