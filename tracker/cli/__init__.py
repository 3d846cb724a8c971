"""The flask commands: each wraps one verb in one transaction. Exit status 2 and a sentence for bad input.

Alembic, APScheduler and openpyxl are imported by the command that needs them: the web server loads these files
too, and with them it would start a second later and hold 30 MB more.
"""

from flask import Flask

from tracker.cli.accounts import create_account
from tracker.cli.backup import backup, make_backup_keys, restore
from tracker.cli.export import export
from tracker.cli.jobs import job, schedule, serve
from tracker.cli.organisations import assign, create_organisation
from tracker.cli.seed import seed
from tracker.cli.tables import db
from tracker.cli.verify import verify


def register(app: Flask) -> None:
    for each in (
        db,
        seed,
        export,
        job,
        schedule,
        serve,
        create_organisation,
        create_account,
        assign,
        make_backup_keys,
        backup,
        restore,
        verify,
    ):
        app.cli.add_command(each)
