"""flask seed: reference data and the demonstration, with its accounts for the operator."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.files import replace_file
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
    folder, made, replaced = Path(given.SEED_DIR), [], 0
    with database().transaction() as session:
        today = clock.day_in(given.TIMEZONE, now)
        outcome = seed_reference(session, folder / "reference", today, now)
        if demo:
            made = seed_demonstration(session, folder / "demo", now)
        if made:
            try:
                replaced = _write_accounts(Path(given.DEMO_ACCOUNTS_FILE), made)
            except OSError as error:
                cause = f"{given.DEMO_ACCOUNTS_FILE} cannot be written: {error.strerror}."
                raise BadInput(f"{cause} Nothing was seeded.") from error
            except (ValueError, TypeError, KeyError) as error:
                cause = f"{given.DEMO_ACCOUNTS_FILE} is no list of accounts: move it away."
                raise BadInput(f"{cause} Nothing was seeded.") from error
    click.echo(f"Reference data: {outcome}.")
    if demo:
        click.echo(f"Demonstration: {len(made)} accounts made.")
        if replaced:
            click.echo(
                f"{given.DEMO_ACCOUNTS_FILE}: {replaced} of them were there before, with the passphrases of another "
                "database. DEMO_ACCOUNTS_FILE names another file where two demonstrations live."
            )


def _write_accounts(path: Path, made: list[DemoAccount]) -> int:
    """Readable by the operator alone; written before the commit, so that no passphrase is ever lost.

    A handle stands here once, with its newest passphrase; the number of older ones that went is given back.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handles = {account.handle for account in made}
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    known = [account for account in old if account["handle"] not in handles]
    accounts = [*known, *(asdict(account) for account in made)]
    replace_file(path, json.dumps(accounts, ensure_ascii=False, indent=1).encode(), 0o600)
    return len(old) - len(known)
