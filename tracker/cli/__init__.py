"""The flask commands: each wraps one verb in one transaction. Exit status 2 and a sentence for bad input.

Alembic, APScheduler and openpyxl are imported by the command that needs them: the web server loads these files
too, and with them it would start a second later and hold 30 MB more.
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
from tracker.cli.jobs import job, schedule, serve
from tracker.cli.keys import forget_sealed, make_key
from tracker.cli.organisations import create_organisation
from tracker.cli.running import places_of
from tracker.cli.seed import seed
from tracker.cli.tables import db
from tracker.cli.verify import verify

__all__ = ["places_of", "register", "without_pages"]

MENDING = (doctor, make_key, make_backup_keys)
"""They say and do what a process needs that does not start."""
OTHERS = (
    *(db, seed, demo_code, export, job, schedule, serve, forget_sealed),
    *(create_organisation, create_account, create_administrator, create_registrar, assign),
    *(backup, restore, verify),
)


def register(app: Flask) -> None:
    for each in (*MENDING, *OTHERS):
        app.cli.add_command(each)


def without_pages(config: Any, reasons: list[str]) -> Flask:
    """An application that opens nothing: the commands that mend it work, every other one says why it does not."""
    app = Flask("tracker", static_folder=None)
    app.config["TRACKER"] = config
    app.extensions["refused"] = reasons
    for each in MENDING:
        app.cli.add_command(each)
    for other in OTHERS:
        app.cli.add_command(_refused(str(other.name), reasons))
    return app


def _refused(name: str, reasons: list[str]) -> click.Command:
    def say(arguments: tuple[str, ...]) -> None:  # noqa: ARG001 - whatever was asked for
        click.echo("\n".join(reasons), err=True)
        raise SystemExit(2)

    return click.Command(
        name,
        callback=say,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
    )
