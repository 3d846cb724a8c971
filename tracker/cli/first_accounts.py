"""Prints, when the server starts, how to make the first administrator, coordinator and registrar."""

import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from tracker.cli.running import settings
from tracker.database import Database
from tracker.failures import DatabaseUnavailable
from tracker.models.accounts import Role
from tracker.queries.health import list_missing_roles
from tracker.upkeep.checks import list_commands

PURPOSES = {
    Role.ADMINISTRATOR: "accounts of the State; sees no draft and no independent account",
    Role.COORDINATOR: "invites people of the State, returns their updates or publishes them",
    Role.REGISTRAR: "admits independent organisations: somebody of the ombudsperson, the UN or civil society,"
    " never of the government",
}


def list_first_accounts(database: Database) -> list[str]:
    """Returns the lines to print while an administrator or a coordinator is missing; none afterwards.

    The registrar is always named: these lines end in a log, which must not tell whether there is one.
    """
    try:
        with database.reading() as session:
            missing = list_missing_roles(session)
            commands = {role: list_commands(session, role, flask()) for role in (*missing, Role.REGISTRAR)}
    except (DatabaseUnavailable, SQLAlchemyError):
        return []  # without tables; every page says so
    if not missing:
        return []
    lines = [
        "",
        "Nobody works here yet. In another terminal, in this folder and with the settings that you made, type:",
    ]
    for role, typed in commands.items():
        lines += [f"  {command}" for command in typed]
        lines.append(f"      {role.label}: {PURPOSES[role]}")
    return [
        *lines,
        "Each prints a passphrase, once. A handle is made up: never a legal name.",
        f"What else is missing: {flask()} doctor",
        "",
    ]


def flask() -> str:
    """Returns the program beside this Python, as it is typed in the present folder.

    In production TRACKER_ENV stands before it: in a terminal without settings the program would run as development,
    which refuses nothing."""
    program = Path(sys.executable).with_name("flask")
    here = Path.cwd()
    typed = program.relative_to(here) if program.is_relative_to(here) else program
    front = "TRACKER_ENV=production " if settings().TRACKER_ENV == "production" else ""
    return f"{front}{typed} --app tracker.app"
