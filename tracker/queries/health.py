"""What the operator's checks read: which roles nobody holds, whether the scheduler runs, whether the keys fit.

Nothing here tells whether independent people have accounts: what an operator reads ends in logs and letters.
"""

from datetime import UTC, datetime

from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.orm import Session

from tracker.models.accounts import Account, AccountRole, Role
from tracker.models.base import Base
from tracker.models.organisations import Organisation
from tracker.models.sealed import Sealed
from tracker.models.settings import JobRun
from tracker.policy.actors import Actor
from tracker.policy.roles import STATE_KINDS, administrates, coordinates

FIRST = {Role.ADMINISTRATOR: administrates, Role.COORDINATOR: coordinates}


def list_missing_roles(session: Session) -> list[Role]:
    """The first roles of the State that nobody holds for it. Independent holders do not count: an older version gave
    these roles to independent people, too, and the rules let them do nothing with it."""
    held = select(AccountRole.role, Organisation.kind, Organisation.state_code).distinct()
    held = held.join(Account, Account.id == AccountRole.account_id)
    held = held.outerjoin(Organisation, Organisation.id == Account.organisation_id)
    rows = session.execute(held.where(AccountRole.role.in_(FIRST), Account.ended_at.is_(None))).all()
    holders = [
        Actor(roles=frozenset({row.role}), organisation_kind=row.kind, state_code=row.state_code)
        for row in rows
    ]
    return [role for role, holds_role in FIRST.items() if not any(map(holds_role, holders))]


def find_state_organisation(session: Session) -> str | None:
    """The key of the first organisation of a State; None where there is none. Nobody coordinates one that names no
    State."""
    query = select(Organisation.key).where(Organisation.kind.in_(STATE_KINDS))
    query = query.where(Organisation.state_code.is_not(None)).order_by(Organisation.id)
    return session.scalar(query.limit(1))


def find_revision(session: Session) -> str | None:
    """Of the tables, as Alembic wrote it; None where there are none."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.scalar(select(column("version_num")).select_from(table("alembic_version")))


def find_newest_run(session: Session) -> datetime | None:
    """When the newest finished run of a job began, by the scheduler or by hand."""
    return session.scalar(select(func.max(JobRun.started_at)).where(JobRun.ended_at.is_not(None)))


def list_failed_jobs(session: Session) -> list[str]:
    """The names of those whose newest run failed."""
    newest = select(func.max(JobRun.id)).where(JobRun.ended_at.is_not(None)).group_by(JobRun.name)
    failed = select(JobRun.name).where(JobRun.id.in_(newest), JobRun.error != "")
    return list(session.scalars(failed.order_by(JobRun.name)))


def find_database_time(session: Session) -> datetime:
    now: datetime = session.scalar(select(func.now()))  # type: ignore[assignment]
    return now if now.tzinfo else now.replace(tzinfo=UTC)


def open_everything_sealed(session: Session) -> None:
    """Decrypts every sealed value. Raises `KeyMissing` at the first one that the key folder cannot open."""
    for each in Base.metadata.sorted_tables:
        for sealed in each.columns:
            if isinstance(sealed.type, Sealed):
                session.scalars(select(sealed)).all()
