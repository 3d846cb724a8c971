"""flask make-key: the key that encrypts what is stored, and the secret of a new instance. flask forget-sealed: for
lost keys."""

import secrets
from contextlib import suppress
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import keys
from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput
from tracker.policy.actors import SYSTEM
from tracker.upkeep.lost_keys import forget_sealed as forget


@click.command("make-key")
@click.option(
    "--first", is_flag=True, help="Only where there is none; also makes the secret of SECRET_KEY_FILE."
)
@with_appcontext
@says_what_to_do
def make_key(first: bool) -> None:
    """Makes a key in KEY_DIR. The newest seals, all of them open: never remove one."""
    config = settings()
    folder, secret = Path(config.KEY_DIR), Path(config.SECRET_KEY_FILE)
    if first:
        _make_secret(secret)
    try:
        if not first or not any(folder.glob("*.key")):
            click.echo(
                f"{keys.make_key(folder)} made. Copy it to a safe place that is not where your backups are."
            )
            if not first:
                click.echo("Start the server and the scheduler again: they read keys when they start.")
    except OSError as error:
        raise BadInput(keys.no_key_made(folder, error)) from error


def _make_secret(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            keys.write_once(path, secrets.token_urlsafe(48))
            click.echo(f"{path} made: the secret that signs forms.")
    except OSError as error:
        raise BadInput(
            f"{path} cannot be made: {error.strerror}. Set SECRET_KEY_FILE to a file in a folder of yours."
        ) from error


@click.command("forget-sealed")
@click.confirmation_option(
    prompt="Are the right keys lost for good? Addresses and second factors that KEY_DIR does not open are forgotten."
)
@with_appcontext
@says_what_to_do
def forget_sealed() -> None:
    """Forgets what the keys do not open, so that people may sign in again."""
    with database().transaction() as session:
        forget(session, SYSTEM)
    click.echo("What the keys do not open is forgotten.")
