"""create_app: the only wiring. Read it first, then ARCHITECTURE.md. The pages are wired in `tracker/web/site.py`.

Commands get an application without pages, so nothing of `tracker.web` is imported at the top of this file.
"""

import logging
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from tracker import cli, clock, safety
from tracker.database import Database
from tracker.failures import DatabaseUnavailable, KeyMissing
from tracker.keys import no_key_made, read_keys, read_or_make_keys
from tracker.queries.reviews import is_demonstration
from tracker.storage import Storage

if TYPE_CHECKING:
    from tracker.web.gateway import Gateway

TEMPLATES = Path(__file__).parents[1] / "templates"
SERVER_GIVES_UP = 3
"""The exit status that tells gunicorn to stop: after any other one it starts a worker again, for ever."""
DEMONSTRATION = (
    "This database holds the demonstration: its accounts are no secret. Set DATABASE_URL to another one."
)


def create_app(config: Config | None = None) -> Flask:
    """The application: settings, database, commands and pages. Without settings it reads the environment."""
    reasons: list[str] = []
    if config is None:
        config, reasons = Config.read()
    holds_demonstration = config.TRACKER_ENV == "production" and _holds_demonstration(config.DATABASE_URL)
    reasons += [*_find_unsafe(config), *([DEMONSTRATION] if holds_demonstration else [])]
    if reasons:
        return _refuse(config, reasons)
    read = read_keys if config.TRACKER_ENV == "production" else read_or_make_keys
    try:
        keys = read(Path(config.KEY_DIR))
    except KeyMissing as error:
        return _refuse(config, [str(error)])
    except OSError as error:
        return _refuse(config, [no_key_made(Path(config.KEY_DIR), error)])
    app = Flask("tracker", template_folder=str(TEMPLATES))
    app.config["TRACKER"] = config
    clock.shift_by_days(config.CLOCK_SHIFT_DAYS)
    app.extensions["storage"] = Storage(Path(config.STORAGE_DIR))
    app.extensions["database"] = Database(config.DATABASE_URL, keys, app.extensions["storage"])
    if holds_demonstration is None:
        _check_before_each_use(app.extensions["database"], config.DATABASE_URL)
    cli.register(app)
    if not _is_for_our_commands():
        from tracker.web import site

        site.register(app)
    return app


def create_server() -> Flask:
    """The application for a web server: `create_app` in a process whose files and memory are closed to others."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # At INFO it writes a line for each form without its token, whoever sends it.
    logging.getLogger("flask_wtf").setLevel(logging.WARNING)
    safety.harden_process()
    app = create_app()
    if app.config["TRACKER"].TRACKER_ENV == "production":
        safety.warn_of_swap()
    return app


def create_gateway() -> "Gateway":
    """The same for a server that speaks ASGI: what `flask serve` starts."""
    from tracker.web import site

    return site.make_gateway(create_server())


def _find_unsafe(config: Config) -> list[str]:
    """Why production must not start, apart from its settings and its database: one sentence for each unsafe file."""
    return safety.find_unsafe_files(cli.places_of(config)) if config.TRACKER_ENV == "production" else []


def _holds_demonstration(url: str) -> bool | None:
    """Does the database hold the demonstration? None: it does not answer, or has no tables yet. Reading must not create
    the file of an SQLite database."""
    file = safety.database_file(url)
    if file and not file.exists():
        return None
    try:
        with Database(url).reading_once() as session:
            return is_demonstration(session)
    except (DatabaseUnavailable, SQLAlchemyError, ValueError):  # or the address itself cannot be read
        return None


def _check_before_each_use(database: Database, url: str) -> None:
    """A database that did not answer at the start (machines may start in any order) may hold the demonstration. So it
    is asked before each use, until it says no. A database that answered at the start needs no check."""
    is_answered = Event()

    def check(*_: object) -> None:
        if is_answered.is_set():
            return
        holds_demonstration = _holds_demonstration(url)
        if holds_demonstration:
            raise DatabaseUnavailable(DEMONSTRATION)
        if holds_demonstration is False:
            is_answered.set()

    event.listen(database.engine, "checkout", check)


def _refuse(config: Config, reasons: list[str]) -> Flask:
    """Ends the process with one line for each reason. Where `flask` looks for one of our commands, it goes on instead:
    those that can repair the fault run, the others print the reasons."""
    if _is_for_our_commands():
        return cli.without_pages(config, reasons)
    print(*reasons, sep="\n", file=sys.stderr)  # noqa: T201 - there is no application yet to say it
    sys.exit(2 if click.get_current_context(silent=True) else SERVER_GIVES_UP)


def _is_for_our_commands() -> bool:
    """Does `flask` load the application to find one of our commands, or to list them? None of them needs pages.

    Then the current context is that of `flask` itself. Flask's own commands `run`, `routes` and `shell` do need pages:
    they load the application later, in a context of their own. A server and a test have no context."""
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.command, click.Group)
