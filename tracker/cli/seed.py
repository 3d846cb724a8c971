"""flask seed: reference data and the demonstration, with its accounts for the operator."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from tracker import clock
from tracker.cli.files import replace_file
from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput
from tracker.identity.passphrases import cost_of
from tracker.models.accounts import Role
from tracker.queries.health import list_missing_roles
from tracker.queries.reviews import has_recommendations, is_demonstration
from tracker.seeding.demonstration.demonstration import DemoAccount, seed_demonstration
from tracker.seeding.reference import seed_reference


@click.command("seed")
@click.option("--demo", is_flag=True, help="Also an invented country at work, with its accounts.")
@with_appcontext
@says_what_to_do
def seed(demo: bool) -> None:
    """Loads States, vocabularies, the letter, the calendar and the communications. Twice changes nothing."""
    config, now = settings(), clock.now()
    if demo and config.TRACKER_ENV == "production":
        raise BadInput("The demonstration cannot be seeded in production: its accounts are no secret.")
    folder, file, made, replaced = Path(config.SEED_DIR), Path(config.DEMO_ACCOUNTS_FILE), [], 0
    old = read_accounts(file) if demo else []
    with database().transaction() as session:
        if demo and _is_real(session):
            raise BadInput(
                "This database is a real instance: the demonstration would stay in it for good. Set DATABASE_URL to "
                "another one."
            )
        today = clock.day_in(config.TIMEZONE, now)
        outcome = seed_reference(session, folder / "reference", today, now)
        if demo:
            made = seed_demonstration(session, folder / "demo", now, cost_of(config.TRACKER_ENV))
        if made:
            replaced = _write_accounts(file, old, made)
    click.echo(f"Reference data: {outcome}.")
    if outcome.left:
        click.echo(f"Left in place, though no file has it any more: {', '.join(outcome.left)}.")
    if demo:
        click.echo(f"Demonstration: {len(made)} accounts made.")
        if replaced:
            click.echo(
                f"{config.DEMO_ACCOUNTS_FILE}: {replaced} of them were there before, with the passphrases of another "
                "database. DEMO_ACCOUNTS_FILE names another file where two demonstrations live."
            )


def _is_real(session: Session) -> bool:
    """Whether somebody uses it as a real instance. Ignores independent accounts: the answer would reveal them."""
    if is_demonstration(session):
        return False
    return has_recommendations(session) or Role.ADMINISTRATOR not in list_missing_roles(session)


def read_accounts(path: Path) -> list[dict[str, Any]]:
    """Returns the accounts that the file holds already; refuses a file that is something else."""
    try:
        accounts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        if not all(isinstance(each["handle"], str) for each in accounts):
            raise ValueError(accounts)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}. Nothing was seeded.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(f"{path} is no list of accounts: move it away. Nothing was seeded.") from error
    return list(accounts)


def _write_accounts(path: Path, old: list[dict[str, Any]], made: list[DemoAccount]) -> int:
    """Writes the file, readable by the operator alone; before the commit, so that no passphrase is ever lost.

    Each handle is listed once, with its newest passphrase. Returns how many older ones were replaced.
    """
    handles = {account.handle for account in made}
    known = [account for account in old if account["handle"] not in handles]
    accounts = [*known, *(_record(account) for account in made)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, json.dumps(accounts, ensure_ascii=False, indent=1).encode(), 0o600)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}. Nothing was seeded.") from error
    return len(old) - len(known)


def _record(account: DemoAccount) -> dict[str, Any]:
    """Leaves out the field `totp_secret` where the account has no second factor."""
    record = asdict(account)
    return record if account.totp_secret else {name: record[name] for name in record if name != "totp_secret"}
