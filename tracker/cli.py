"""The flask commands: each wraps one verb in one transaction. Exit status 2 and a sentence for bad input.

Alembic, APScheduler and openpyxl are imported by the command that needs them: the web server loads this file
too, and with them it would start a second later and hold 30 MB more.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from tracker import clock
from tracker.database import Database
from tracker.failures import BadInput, DatabaseUnavailable, Failure, NotFound
from tracker.jobs.schedule import SCHEDULE
from tracker.jobs.surroundings import Surroundings
from tracker.language import speaking
from tracker.models.accounts import Role
from tracker.models.organisations import AssignmentKind, OrganisationKind
from tracker.policy.actors import SYSTEM, VISITOR
from tracker.queries import reviews
from tracker.queries.midterm import get_midterm_report
from tracker.queries.organisations import get_organisation
from tracker.queries.recommendations import get_recommendation
from tracker.services import accounts, organisations
from tracker.services.demo_seed import DemoAccount, seed_demonstration
from tracker.services.passphrases import make_passphrase
from tracker.services.seed import seed_reference

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).parents[1] / "migrations"
db = AppGroup("db", help="The database's tables.")
export = AppGroup("export", help="Files of a review.")
Command = TypeVar("Command", bound=Callable[..., Any])


def register(app: Flask) -> None:
    for group in (db, export):
        app.cli.add_command(group)
    for each in (seed, job, schedule, serve, create_organisation, create_account, assign):
        app.cli.add_command(each)


def says_what_to_do(run: Command) -> Command:
    """Turns a failure into one sentence on standard error and exit status 2."""

    @wraps(run)
    def guarded(*values: Any, **named: Any) -> Any:
        try:
            with speaking(_settings().LANGUAGE, _settings().TIMEZONE):
                return run(*values, **named)
        except NotFound:
            sentence = "There is no such review, recommendation, organisation or account: check the spelling."
        except DatabaseUnavailable as error:
            cause = str(error).partition("\n")[0].rstrip(".")  # PostgreSQL's driver goes on with advice
            sentence = f"The database cannot be used: {cause}. Is it running, and did “flask db upgrade” run?"
        except Failure as error:
            sentence = str(error)
        click.echo(sentence, err=True)
        sys.exit(2)

    return guarded  # type: ignore[return-value]


def _settings() -> Any:
    return current_app.config["TRACKER"]


def _database() -> Database:
    return current_app.extensions["database"]  # type: ignore[no-any-return]


def _surroundings() -> Surroundings:
    settings = _settings()
    return Surroundings(
        _database(), settings.BASE_URL, settings.MAIL_URL, settings.MAIL_FROM, settings.TIMEZONE
    )


def alembic_config(url: str) -> "AlembicConfig":
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


@db.command("upgrade")
@click.argument("revision", default="head")
@says_what_to_do
def upgrade(revision: str) -> None:
    """Creates or changes the tables to the newest form; data stays."""
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    url = _settings().DATABASE_URL
    path = urlsplit(url).path
    if url.startswith("sqlite:///") and path:
        Path(path[1:]).parent.mkdir(parents=True, exist_ok=True)
    config = alembic_config(url)
    try:
        ScriptDirectory.from_config(config).get_revision(revision)
    except CommandError as error:
        raise BadInput(f"There is no revision {revision}: leave it out for the newest.") from error
    command.upgrade(config, revision)


@click.command("seed")
@click.option("--demo", is_flag=True, help="Also an invented country at work, with its accounts.")
@with_appcontext
@says_what_to_do
def seed(demo: bool) -> None:
    """Loads States, vocabularies, the letter, the calendar and the communications. Twice changes nothing."""
    settings, now = _settings(), clock.now()
    if demo and settings.TRACKER_ENV == "production":
        raise BadInput("The demonstration cannot be seeded in production: its accounts are no secret.")
    folder, made = Path(settings.SEED_DIR), []
    with _database().transaction() as session:
        today = clock.day_in(settings.TIMEZONE, now)
        outcome = seed_reference(session, folder / "reference", today, now)
        if demo:
            made = seed_demonstration(session, folder / "demo", now)
        if made:
            try:
                _write_accounts(Path(settings.DEMO_ACCOUNTS_FILE), made)
            except OSError as error:
                cause = f"{settings.DEMO_ACCOUNTS_FILE} cannot be written: {error.strerror}."
                raise BadInput(f"{cause} Nothing was seeded.") from error
            except (ValueError, TypeError, KeyError) as error:
                cause = f"{settings.DEMO_ACCOUNTS_FILE} is no list of accounts: move it away."
                raise BadInput(f"{cause} Nothing was seeded.") from error
    click.echo(f"Reference data: {outcome}.")
    if demo:
        click.echo(f"Demonstration: {len(made)} accounts made.")


def _write_accounts(path: Path, made: list[DemoAccount]) -> None:
    """Readable by the operator alone; written before the commit, so that no passphrase is ever lost.

    Of a database that was thrown away and seeded anew the old accounts go: a handle stands here once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handles = {account.handle for account in made}
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    known = [account for account in old if account["handle"] not in handles]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        path.chmod(0o600)
        json.dump([*known, *(asdict(account) for account in made)], file, ensure_ascii=False, indent=1)


@export.command("midterm")
@click.option("--review", required=True, help="Code of the review, for example KGZ-3.")
@click.option("--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@says_what_to_do
def midterm(review: str, out: Path) -> None:
    """Writes the mid-term workbook, as everybody may see it."""
    from tracker.exchange.midterm import write_midterm

    settings = _settings()
    with _database().reading() as session:
        report = get_midterm_report(
            session,
            VISITOR,
            review,
            f"{review}-live",
            clock.day_in(settings.TIMEZONE, clock.now()),
            settings.BASE_URL,
            is_demonstration=reviews.is_demonstration(session),
        )
    file = BytesIO()
    try:
        write_midterm(report, file)
        replace_file(out, file.getvalue())
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out}: {len(report.rows)} action points.")


def replace_file(path: Path, content: bytes) -> None:
    """Writes beside the file and then puts the new one in its place: whoever fails leaves the old one whole.
    Of a link its target is replaced; a device (/dev/null) is written to."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@click.command("job")
@click.argument("name", required=False)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Run as if it were this day.")
@click.option("--list", "is_list", is_flag=True, help="Name the jobs and their times.")
@with_appcontext
@says_what_to_do
def job(name: str | None, today: Any, is_list: bool) -> None:
    """Runs one job of the schedule now; safe to run twice."""
    from tracker.jobs.runner import run_job

    if is_list or not name:
        for each in SCHEDULE:
            click.echo(f"{each.name}  {each.cron or f'every {each.every_seconds} seconds'}")
        return
    found = next((each for each in SCHEDULE if each.name == name), None)
    if found is None:
        raise BadInput(f"There is no job {name}. “flask job --list” names them.")
    day: date | None = today.date() if today else None
    click.echo(run_job(_surroundings(), found, day) or "Nothing was due.")


@click.command("schedule")
@with_appcontext
def schedule() -> None:
    """Runs the scheduler until it is stopped. Two on one database are safe."""
    from tracker.jobs.runner import run_schedule

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    run_schedule(_surroundings())


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1")
@click.option("--port", envvar="PORT", default=8000)
@with_appcontext
def serve(host: str, port: int) -> None:
    """Runs the web server and the scheduler beside it; Ctrl-C, or the end of one, stops both."""
    click.echo(f"Open {_settings().BASE_URL} (Ctrl-C stops it)")
    sys.stdout.flush()
    # In the place of this process, which holds 50 MB of libraries that nothing needs any more.
    os.execv(sys.executable, [sys.executable, "-m", "tracker.serve", f"{host}:{port}"])  # noqa: S606


@click.command("create-organisation")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrganisationKind]))
@click.option("--key", help="Short name in addresses; made from the name if left out.")
@click.option("--state", default="KGZ", help="ISO 3166-1 alpha-3 code.")
@with_appcontext
@says_what_to_do
def create_organisation(name: str, kind: str, key: str | None, state: str) -> None:
    """Makes an organisation."""
    slug = key or "-".join(
        part for part in "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    )
    with _database().transaction() as session:
        organisations.create_organisation(
            session, SYSTEM, slug, OrganisationKind(kind), {"en": name}, state, clock.now()
        )
    click.echo(f"Organisation {slug} created.")


@click.command("create-account")
@click.argument("handle")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option("--organisation", help="Key of the organisation.")
@click.option("--email", help="For accounts of the State only.")
@click.option("--may-publish", is_flag=True, help="A contributor's right to publish.")
@with_appcontext
@says_what_to_do
def create_account(
    handle: str, roles: tuple[str, ...], organisation: str | None, email: str | None, may_publish: bool
) -> None:
    """Makes an account and prints its passphrase once."""
    passphrase = make_passphrase()
    with _database().transaction() as session:
        accounts.create_account(
            session,
            SYSTEM,
            handle,
            [Role(role) for role in roles],
            get_organisation(session, organisation) if organisation else None,
            passphrase,
            clock.now(),
            email=email,
            may_publish=may_publish,
        )
    click.echo(f"Account {handle} created. Its passphrase, shown only now: {passphrase}")


@click.command("assign")
@click.argument("ref")
@click.argument("organisation")
@click.argument("kind", type=click.Choice([kind.value for kind in AssignmentKind]))
@click.option("--review", help="Code of the review; the current one if left out.")
@with_appcontext
@says_what_to_do
def assign(ref: str, organisation: str, kind: str, review: str | None) -> None:
    """Lets an organisation lead or support a recommendation from today."""
    now = clock.now()
    with _database().transaction() as session:
        current = reviews.find_current_review(session)
        code = review or (current.code if current else "")
        organisations.assign(
            session,
            SYSTEM,
            get_recommendation(session, code, ref),
            get_organisation(session, organisation),
            AssignmentKind(kind),
            clock.day_in(_settings().TIMEZONE, now),
            now,
        )
    click.echo(f"{organisation} is {kind} of {ref}.")
