"""flask demo-code: the code that an authenticator app would show, to try the demonstration without a phone."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.running import says_what_to_do, settings
from tracker.cli.seed import read_accounts
from tracker.failures import BadInput
from tracker.identity.second_factors import code_of
from tracker.identity.sign_ins import plain_handle


@click.command("demo-code")
@click.argument("handle")
@with_appcontext
@says_what_to_do
def demo_code(handle: str) -> None:
    """Shows the present code of an account of the demonstration, read from its accounts file."""
    config = settings()
    if config.TRACKER_ENV == "production":
        raise BadInput("Codes are shown for demonstrations only: in production the holder's app shows them.")
    accounts = {account["handle"]: account for account in read_accounts(Path(config.DEMO_ACCOUNTS_FILE))}
    handle = plain_handle(handle)
    if handle not in accounts:
        raise BadInput(
            f"{config.DEMO_ACCOUNTS_FILE} names no account {handle}. “seed --demo” writes that file."
        )
    secret = accounts[handle].get("totp_secret")
    if not secret:
        raise BadInput(f"{handle} has no second factor: the passphrase is enough.")
    click.echo(code_of(secret, clock.now()))
