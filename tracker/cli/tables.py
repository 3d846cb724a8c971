"""flask db: the tables, by Alembic."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from tracker.cli.running import database, says_what_to_do, settings
from tracker.database import Database
from tracker.failures import BadInput
from tracker.identity.accounts import seal_addresses
from tracker.safety import database_file

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
    config = alembic_config(url)
    script = ScriptDirectory.from_config(config)
    try:
        script.get_revision(revision)
    except CommandError as error:
        raise BadInput(f"There is no revision {revision}: leave it out for the newest.") from error
    _make_file(database_file(url))
    _refuse_newer(url, {each.revision for each in script.walk_revisions()})
    command.upgrade(config, revision)
    if revision == "head":
        with database().transaction() as session:
            sealed = seal_addresses(session)
        if sealed:
            click.echo(f"{sealed} e-mail addresses are sealed now. Old backups still hold them in clear.")


def _make_file(file: Path | None) -> None:
    """Makes a new file readable by its owner alone; SQLite gives its log the same mode."""
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o600)
    except OSError as error:
        raise BadInput(
            f"{file} cannot be made: {error.strerror}. Let DATABASE_URL name a file in a folder of yours."
        ) from error


def _refuse_newer(url: str, known: set[str]) -> None:
    newer = set(heads_of(url)) - known
    if newer:
        raise BadInput(
            f"The tables are of a newer version of this application ({', '.join(sorted(newer))}): run that version, or "
            "restore a backup of this one into another database."
        )


def heads_of(url: str) -> tuple[str, ...]:
    """Returns the revision of the tables; an empty tuple where there are no tables."""
    from alembic.migration import MigrationContext

    with Database(url).reading_once() as session:
        return MigrationContext.configure(session.connection()).get_current_heads()
