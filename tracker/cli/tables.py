"""flask db: the tables, by Alembic."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput
from tracker.safety import database_file
from tracker.services.accounts import seal_addresses

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).parents[2] / "migrations"
db = AppGroup("db", help="The database's tables.")


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

    url = settings().DATABASE_URL
    file = database_file(url)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o600)  # a new one; SQLite gives its log the same mode
    config = alembic_config(url)
    try:
        ScriptDirectory.from_config(config).get_revision(revision)
    except CommandError as error:
        raise BadInput(f"There is no revision {revision}: leave it out for the newest.") from error
    command.upgrade(config, revision)
    if revision == "head":
        with database().transaction() as session:
            sealed = seal_addresses(session)
        if sealed:
            click.echo(f"{sealed} e-mail addresses are sealed now. Old backups still hold them in clear.")
