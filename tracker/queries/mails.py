"""The outbox as the coordinator sees it: mails to people of the State, newest first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.failures import NotFound
from tracker.language import sort_key
from tracker.models.accounts import Account
from tracker.models.organisations import Organisation
from tracker.models.reminders import OutgoingMail
from tracker.models.settings import JobRun
from tracker.policy.actors import Actor
from tracker.policy.mails import visible_mails


def list_mails(session: Session, actor: Actor, most: int) -> Sequence[Any]:
    query = (
        select(
            OutgoingMail.id,
            OutgoingMail.created_at,
            OutgoingMail.on_date,
            OutgoingMail.subject,
            OutgoingMail.sent_at,
            OutgoingMail.attempts,
            OutgoingMail.claimed_at,
            OutgoingMail.next_try_at,
            OutgoingMail.last_error,
            Account.handle,
            Organisation.name.label("organisation"),
        )
        .join(Account, Account.id == OutgoingMail.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(visible_mails(actor))
    )
    newest = session.execute(query.order_by(OutgoingMail.created_at.desc(), OutgoingMail.id).limit(most))
    by_handle = sorted(newest, key=lambda row: (sort_key(row.handle), row.id))
    return sorted(by_handle, key=lambda row: row.created_at, reverse=True)


def get_mail(session: Session, actor: Actor, mail_id: UUID) -> OutgoingMail:
    """With its recipient and the recipient's organisation; unseen is the same as unknown."""
    query = select(OutgoingMail).join(Account, Account.id == OutgoingMail.account_id)
    query = query.join(Organisation, Organisation.id == Account.organisation_id)
    query = query.where(OutgoingMail.id == mail_id, visible_mails(actor))
    mail = session.scalar(query.options(joinedload(OutgoingMail.account).joinedload(Account.organisation)))
    if mail is None:
        raise NotFound
    return mail


def find_last_run(session: Session, job: str) -> JobRun | None:
    """The newest run of the job, so that people notice a scheduler that has stopped."""
    query = select(JobRun).where(JobRun.name == job).order_by(JobRun.started_at.desc(), JobRun.id.desc())
    return session.scalar(query.limit(1))
