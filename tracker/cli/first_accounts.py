"""The commands that make the first administrator, coordinator and registrar, as they are to be typed here."""

import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.cli.running import settings
from tracker.database import Database
from tracker.failures import DatabaseUnavailable
from tracker.models.accounts import Role
from tracker.queries.health import find_state_organisation, list_missing_roles

KEY = "secretariat"
PURPOSES = {
    Role.ADMINISTRATOR: "settings and accounts of the State; sees no draft and no independent account",
    Role.COORDINATOR: "invites people of the State, asks for updates and publishes them",
    Role.REGISTRAR: "admits independent organisations: somebody of the ombudsperson, the UN or civil society,"
    " never of the government",
}


def list_first_accounts(database: Database) -> list[str]:
    """What to type while nobody is administrator or coordinator; nothing afterwards.

    The registrar is named whether there is one or not: these lines end in a log, which shall not tell.
    """
    try:
        with database.reading() as session:
            missing = list_missing_roles(session)
            commands = {role: commands_for(session, role) for role in (*missing, Role.REGISTRAR)}
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


def commands_for(session: Session, role: Role) -> list[str]:
    """A coordinator needs an organisation of the State, which may have to be made first."""
    if role != Role.COORDINATOR:
        return [f"{flask()} create-{role.value} HANDLE"]
    key = find_state_organisation(session)
    make = f'{flask()} create-organisation "NAME OF THE SECRETARIAT" --kind government --key {KEY}'
    create = f"{flask()} create-account HANDLE --role coordinator --organisation {key or KEY}"
    return [create] if key else [make, create]


def flask() -> str:
    """The program beside this Python, as it is typed in the present folder: in a terminal where nothing is set it
    would work as development else, which refuses nothing."""
    program = Path(sys.executable).with_name("flask")
    here = Path.cwd()
    typed = program.relative_to(here) if program.is_relative_to(here) else program
    front = "TRACKER_ENV=production " if settings().TRACKER_ENV == "production" else ""
    return f"{front}{typed} --app tracker.app"
