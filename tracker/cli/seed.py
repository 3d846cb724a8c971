"""flask seed: reference data and the demonstration, with its accounts for the operator."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput
from tracker.services.demo_seed import DemoAccount, seed_demonstration
from tracker.services.seed import seed_reference


@click.command("seed")
@click.option("--demo", is_flag=True, help="Also an invented country at work, with its accounts.")
@with_appcontext
@says_what_to_do
def seed(demo: bool) -> None:
    """Loads States, vocabularies, the letter, the calendar and the communications. Twice changes nothing."""
    given, now = settings(), clock.now()
    if demo and given.TRACKER_ENV == "production":
        raise BadInput("The demonstration cannot be seeded in production: its accounts are no secret.")
    folder, made = Path(given.SEED_DIR), []
    with database().transaction() as session:
        today = clock.day_in(given.TIMEZONE, now)
        outcome = seed_reference(session, folder / "reference", today, now)
        if demo:
            made = seed_demonstration(session, folder / "demo", now)
        if made:
            try:
                _write_accounts(Path(given.DEMO_ACCOUNTS_FILE), made)
            except OSError as error:
                cause = f"{given.DEMO_ACCOUNTS_FILE} cannot be written: {error.strerror}."
                raise BadInput(f"{cause} Nothing was seeded.") from error
            except (ValueError, TypeError, KeyError) as error:
                cause = f"{given.DEMO_ACCOUNTS_FILE} is no list of accounts: move it away."
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
