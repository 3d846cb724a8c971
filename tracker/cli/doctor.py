"""flask doctor: one line a check, `ok` or what to do. It works where nothing else starts, and changes nothing."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.cli.first_accounts import commands_for, flask
from tracker.cli.running import places_of, settings
from tracker.cli.tables import alembic_config, heads_of
from tracker.database import Database
from tracker.failures import DatabaseUnavailable, KeyMissing
from tracker.keys import Keys, read_keys
from tracker.mail import delivery
from tracker.queries import health
from tracker.queries.reviews import has_recommendations
from tracker.safety import (
    SWAP,
    Places,
    database_file,
    find_full_disks,
    find_unsafe_files,
    is_open_to_others,
    is_swap_on,
    nearest,
)
from tracker.upkeep.evidence_restore import find_begun_restores

FREE_MEGABYTES = 1024
RUNS_EVERY = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass
class Report:
    """What was said so far; `is_well` until something is to be done."""

    is_well: bool = True

    def say(self, name: str, things_to_do: list[str], fine: str = "") -> None:
        for sentence in things_to_do:
            click.echo(f"do    {name}: {sentence}")
        if things_to_do:
            self.is_well = False
        else:
            click.echo(f"ok    {name}{': ' if fine else ''}{fine}")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Checks settings, keys, database, mail, files, scheduler and clock. Status 2 when something is to be done."""
    given, report = settings(), Report()
    is_production = given.TRACKER_ENV == "production"
    refused: list[str] = current_app.extensions.get("refused", [])
    unsafe = find_unsafe_files(places_of(given)) if is_production else []
    report.say("settings", [line for line in refused if line not in unsafe], given.TRACKER_ENV)
    report.say("keys and file modes", unsafe, "" if is_production else "looked at in production only")
    _look_into_the_database(given, report)
    report.say("mail", _look_at_mail(given.MAIL_URL, is_production))
    report.say("evidence files", _look_at_folder(Path(given.STORAGE_DIR), "STORAGE_DIR", is_production))
    report.say("restores", _look_for_begun_restores(places_of(given)))
    report.say("free disk space", find_full_disks(places_of(given), FREE_MEGABYTES))
    click.echo(f"note  swap: {SWAP}" if is_swap_on() else "ok    swap: off")
    sys.exit(0 if report.is_well else 2)


def _look_for_begun_restores(places: Places) -> list[str]:
    folders = {places.storage, *([places.database.parent] if places.database else [])}
    return [sentence for folder in sorted(folders) for sentence in find_begun_restores(folder)]


def _look_into_the_database(given: Any, report: Report) -> None:
    """What is asked of it is left out where it cannot be asked."""
    to_do = list(_look_at_tables(given.DATABASE_URL))
    report.say("database", to_do)
    if to_do:
        return
    with Database(given.DATABASE_URL, _keys_of(given)).reading_once() as session:
        for name, look in CHECKS.items():
            report.say(name, list(look(session)), FINE.get(name, ""))


def _keys_of(given: Any) -> Keys | None:
    try:
        return read_keys(Path(given.KEY_DIR))
    except KeyMissing:
        return None


def _look_at_tables(url: str) -> Iterator[str]:
    from alembic.script import ScriptDirectory

    file = database_file(url)
    if file and not file.exists():
        yield f"{file} is not there yet. Type: {flask()} db upgrade"
        return
    try:
        found = heads_of(url)
    except (DatabaseUnavailable, SQLAlchemyError, ValueError) as error:
        cause = str(error).partition("\n")[0].rstrip(".")
        yield f"it cannot be used: {cause}. Is it running, and is DATABASE_URL right?"
        return
    if set(found) != set(ScriptDirectory.from_config(alembic_config(url)).get_heads()):
        yield f"its tables are of another version. Type: {flask()} db upgrade"


def _look_at_keys(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.keys is None:  # type: ignore[attr-defined]
        return
    try:
        health.open_everything_sealed(session)
    except KeyMissing as error:
        yield f"{error} Put your copy of this database's keys into KEY_DIR; are they lost: {flask()} forget-sealed"


def _look_at_reference(session: Session) -> Iterator[str]:
    if not has_recommendations(session):
        yield f"the letter and the vocabularies are not there. Type: {flask()} seed"


def _look_at_accounts(session: Session) -> Iterator[str]:
    for role in health.list_missing_roles(session):
        yield f"no {role.value} yet. Type: {'; then: '.join(commands_for(session, role))}"


def _look_at_schedule(session: Session) -> Iterator[str]:
    newest = health.find_newest_run(session)
    if newest is None or clock.now() - newest > RUNS_EVERY:
        yield f"nothing ran in the last day. Type: {flask()} serve, or let {flask()} schedule run beside the server"
    for name in health.list_failed_jobs(session):
        yield f"{name} failed when it last ran. To see why, type: {flask()} job {name}"


def _look_at_clock(session: Session) -> Iterator[str]:
    now, newest = clock.now(), health.find_newest_run(session)
    if newest and newest - now > CLOCKS_DIFFER:
        yield f"it says {now:%Y-%m-%d %H:%M} UTC, but the scheduler ran at {newest:%Y-%m-%d %H:%M}: set it by NTP."
    if abs(health.find_database_time(session) - now) > CLOCKS_DIFFER:
        yield "the database's clock is another one by more than a minute: set both by NTP."


CHECKS: dict[str, Callable[[Session], Iterator[str]]] = {
    "keys fit the database": _look_at_keys,
    "reference data": _look_at_reference,
    "first accounts": _look_at_accounts,
    "scheduler": _look_at_schedule,
    "clock": _look_at_clock,
}
FINE = {
    "first accounts": "administrator and coordinator. Of a registrar nothing is told here; create-registrar makes one"
}


def _look_at_mail(url: str, is_production: bool) -> list[str]:
    try:
        delivery.check(url)
    except delivery.NotDelivered as error:
        return [f"no mail would go out ({error}): check MAIL_URL, and that its server or folder is there."]
    parts = urlsplit(url)
    folder = Path(unquote(parts.path))
    if parts.scheme == "file" and is_production and is_open_to_others(folder):
        return [f"mails are open to other users of this machine: chmod 700 {folder}"]
    return []


def _look_at_folder(folder: Path, name: str, is_production: bool) -> list[str]:
    """It is made with the first file; until then the folder above must be writable."""
    try:
        with tempfile.TemporaryFile(dir=nearest(folder)):
            pass
    except OSError as error:
        return [f"{folder} cannot be written to ({error.strerror}): set {name} to a folder of yours."]
    is_open = is_production and is_open_to_others(folder)
    return [f"{folder} is open to other users of this machine: chmod 700 {folder}"] if is_open else []
