"""The flask commands: each wraps one service in one transaction. Bad input ends with a sentence and exit status 2.

The command that needs Alembic, APScheduler or openpyxl imports it in its function: the web server loads these files
too; at their top the imports would cost it one second at the start and 30 MB.
"""

from typing import Any

import click
from flask import Flask

from tracker.cli.accounts import create_account, create_administrator, create_registrar
from tracker.cli.assignments import assign
from tracker.cli.backup import backup, make_backup_keys, restore
from tracker.cli.demo_codes import demo_code
from tracker.cli.doctor import doctor
from tracker.cli.export import export
from tracker.cli.imports import import_file
from tracker.cli.jobs import job, schedule, serve
from tracker.cli.keys import forget_sealed, make_key
from tracker.cli.organisations import create_organisation
from tracker.cli.running import places_of
from tracker.cli.seed import seed
from tracker.cli.tables import db
from tracker.cli.translations import translations
from tracker.cli.verify import verify

__all__ = ["places_of", "register", "without_pages"]

ALWAYS_AVAILABLE = (doctor, make_key, make_backup_keys)
"""These work even where the settings keep the process from starting: they find the fault or help to mend it."""
OTHERS = (
    *(db, seed, demo_code, import_file, export, job, schedule, serve, forget_sealed),
    *(create_organisation, create_account, create_administrator, create_registrar, assign),
    *(backup, restore, verify, translations),
)


def register(app: Flask) -> None:
    for each in (*ALWAYS_AVAILABLE, *OTHERS):
        app.cli.add_command(each)


def without_pages(config: Any, reasons: list[str]) -> Flask:
    """Makes an application without pages and without a database, where the settings keep the process from starting:
    `ALWAYS_AVAILABLE` work; every other command prints why it does not."""
    app = Flask("tracker", static_folder=None)
    app.config["TRACKER"] = config
    app.extensions["refused"] = reasons
    for each in ALWAYS_AVAILABLE:
        app.cli.add_command(each)
    for other in OTHERS:
        app.cli.add_command(_refused(str(other.name), reasons))
    return app


def _refused(name: str, reasons: list[str]) -> click.Command:
    def refuse(arguments: tuple[str, ...]) -> None:  # noqa: ARG001 - whatever was asked for
        click.echo("\n".join(reasons), err=True)
        raise SystemExit(2)

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
    )
