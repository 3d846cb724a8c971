"""The checks of `flask doctor` that ask the database. Each yields one sentence for each thing that is to be done.

`flask` is the program as the operator types it: this room does not know the command line.
"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from tracker import clock
from tracker.failures import KeyMissing
from tracker.models.accounts import Role
from tracker.queries import health
from tracker.queries.reviews import has_recommendations

ORGANISATION_KEY = "secretariat"
RUNS_EVERY = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=1)


def run_checks(session: Session, flask: str) -> Iterator[tuple[str, list[str]]]:
    """Yields the name of each check with its sentences; none where all is well."""
    yield "keys fit the database", list(check_keys(session, flask))
    yield "reference data", list(check_reference(session, flask))
    yield "first accounts", list(check_accounts(session, flask))
    yield "scheduler", list(check_schedule(session, flask))
    yield "clock", list(check_clock(session))


def check_keys(session: Session, flask: str) -> Iterator[str]:
    """Checks nothing where there are no keys: in production “keys and file modes” reports that."""
    if session.get_bind().dialect.keys is None:  # type: ignore[attr-defined]
        return
    try:
        health.open_everything_sealed(session)
    except KeyMissing as error:
        yield f"{error} Put your copy of this database's keys into KEY_DIR; are they lost: {flask} forget-sealed"


def check_reference(session: Session, flask: str) -> Iterator[str]:
    if not has_recommendations(session):
        yield f"the letter and the vocabularies are not there. Type: {flask} seed"


def check_accounts(session: Session, flask: str) -> Iterator[str]:
    for role in health.list_missing_roles(session):
        yield f"no {role.value} yet. Type: {'; then: '.join(list_commands(session, role, flask))}"


def list_commands(session: Session, role: Role, flask: str) -> list[str]:
    """What to type to make the first account of a role. A coordinator needs an organisation of the State, which may
    have to be made first."""
    if role != Role.COORDINATOR:
        return [f"{flask} create-{role.value} HANDLE"]
    key = health.find_state_organisation(session)
    make = f'{flask} create-organisation "NAME OF THE SECRETARIAT" --kind government --key {ORGANISATION_KEY}'
    create = f"{flask} create-account HANDLE --role coordinator --organisation {key or ORGANISATION_KEY}"
    return [create] if key else [make, create]


def check_schedule(session: Session, flask: str) -> Iterator[str]:
    newest = health.find_newest_run(session)
    if newest is None or clock.now() - newest > RUNS_EVERY:
        yield f"nothing ran in the last day. Type: {flask} serve, or let {flask} schedule run beside the server"
    for name in health.list_failed_jobs(session):
        yield f"{name} failed when it last ran. To see why, type: {flask} job {name}"


def check_clock(session: Session) -> Iterator[str]:
    now, newest = clock.now(), health.find_newest_run(session)
    if newest and newest - now > CLOCKS_DIFFER:
        yield f"it says {now:%Y-%m-%d %H:%M} UTC, but the scheduler ran at {newest:%Y-%m-%d %H:%M}: set it by NTP."
    if abs(health.find_database_time(session) - now) > CLOCKS_DIFFER:
        yield "the database's clock is another one by more than a minute: set both by NTP."
