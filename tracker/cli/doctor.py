"""flask doctor: a line a check: `ok`, `warn` or what to do. It works where nothing else starts and changes nothing."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from tracker.cli.first_accounts import flask
from tracker.cli.running import places_of, settings
from tracker.cli.tables import alembic_config, heads_of
from tracker.database import Database
from tracker.failures import DatabaseUnavailable, KeyMissing
from tracker.keys import Keys, read_keys
from tracker.mail import delivery
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
from tracker.upkeep.checks import run_checks
from tracker.upkeep.evidence_restore import find_unfinished_restores

FREE_MEGABYTES = 1024
TO_A_FOLDER = (
    "reminders are files in a folder and reach nobody. To send them, set MAIL_URL to smtp:// or smtps://."
)
FINE = {
    "first accounts": "administrator and coordinator. Of a registrar nothing is told here; create-registrar makes one"
}
"""What to print after the name of a check that found nothing to do."""


@dataclass
class Report:
    """Prints the lines; `is_well` turns False with the first thing that is to be done."""

    is_well: bool = True

    def warn(self, name: str, sentence: str) -> None:
        """What is to be known and may be meant so: it leaves the status as it is."""
        click.echo(f"warn  {name}: {sentence}")

    def print(self, name: str, to_do: list[str], fine: str = "") -> None:
        for sentence in to_do:
            click.echo(f"do    {name}: {sentence}")
        if to_do:
            self.is_well = False
        else:
            click.echo(f"ok    {name}{': ' if fine else ''}{fine}")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Checks settings, keys, database, mail, files, scheduler and clock. Status 2 when something is to be done."""
    config, report = settings(), Report()
    is_production = config.TRACKER_ENV == "production"
    refused: list[str] = current_app.extensions.get("refused", [])
    unsafe = find_unsafe_files(places_of(config)) if is_production else []
    report.print("settings", [line for line in refused if line not in unsafe], config.TRACKER_ENV)
    report.print("keys and file modes", unsafe, "" if is_production else "looked at in production only")
    _check_database(config, report)
    _report_mail(config.MAIL_URL, report, is_production)
    report.print("evidence files", _check_folder(Path(config.STORAGE_DIR), "STORAGE_DIR", is_production))
    report.print("restores", _check_restores(places_of(config)))
    report.print("free disk space", find_full_disks(places_of(config), FREE_MEGABYTES))
    if is_swap_on():
        report.warn("swap", SWAP)
    else:
        report.print("swap", [], "off")
    sys.exit(0 if report.is_well else 2)


def _check_restores(places: Places) -> list[str]:
    folders = {places.storage, *([places.database.parent] if places.database else [])}
    return [sentence for folder in sorted(folders) for sentence in find_unfinished_restores(folder)]


def _check_database(config: Any, report: Report) -> None:
    """Skips the other checks of the database where it cannot be read or its tables are of another version."""
    to_do = list(_check_tables(config.DATABASE_URL))
    report.print("database", to_do)
    if to_do:
        return
    with Database(config.DATABASE_URL, _keys_of(config)).reading_once() as session:
        for name, sentences in run_checks(session, flask()):
            report.print(name, sentences, FINE.get(name, ""))


def _keys_of(config: Any) -> Keys | None:
    try:
        return read_keys(Path(config.KEY_DIR))
    except KeyMissing:
        return None


def _check_tables(url: str) -> Iterator[str]:
    from alembic.script import ScriptDirectory

    file = database_file(url)
    if file and not file.exists():
        yield f"{file} is not there yet. Type: {flask()} db upgrade"
        return
    try:
        heads = heads_of(url)
    except (DatabaseUnavailable, SQLAlchemyError, ValueError) as error:
        cause = str(error).partition("\n")[0].rstrip(".")
        yield f"it cannot be used: {cause}. Is it running, and is DATABASE_URL right?"
        return
    if set(heads) != set(ScriptDirectory.from_config(alembic_config(url)).get_heads()):
        yield f"its tables are of another version. Type: {flask()} db upgrade"


def _report_mail(url: str, report: Report, is_production: bool) -> None:
    to_do = _check_mail(url, is_production)
    parts = urlsplit(url)
    if parts.scheme == "file" and not to_do:
        report.warn("mail", f"{TO_A_FOLDER} Folder: {unquote(parts.path)}")
    else:
        report.print("mail", to_do)


def _check_mail(url: str, is_production: bool) -> list[str]:
    try:
        delivery.check(url)
    except delivery.NotDelivered as error:
        return [f"no mail would go out ({error}): check MAIL_URL, and that its server or folder is there."]
    parts = urlsplit(url)
    folder = Path(unquote(parts.path))
    if parts.scheme == "file" and is_production and is_open_to_others(folder):
        return [f"mails are open to other users of this machine: chmod 700 {folder}"]
    return []


def _check_folder(folder: Path, name: str, is_production: bool) -> list[str]:
    """The first file makes the folder; until then the folder above must be writable."""
    try:
        with tempfile.TemporaryFile(dir=nearest(folder)):
            pass
    except OSError as error:
        return [f"{folder} cannot be written to ({error.strerror}): set {name} to a folder of yours."]
    is_open = is_production and is_open_to_others(folder)
    return [f"{folder} is open to other users of this machine: chmod 700 {folder}"] if is_open else []
