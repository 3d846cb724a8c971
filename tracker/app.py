"""create_app: the only wiring. Read it first, then ARCHITECTURE.md."""

import logging
import sys
from collections.abc import Iterable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from tracker import cli, clock, safety
from tracker.database import Database
from tracker.failures import DatabaseUnavailable, KeyMissing
from tracker.keys import no_key_made, read_keys, read_or_make_keys
from tracker.queries.reviews import is_demonstration
from tracker.storage import Storage
from tracker.web import access, errors, floods, headers, hosts, pages, transactions, uploads
from tracker.web.account import routes as account
from tracker.web.assessments import routes as assessments
from tracker.web.cache import ReviewCache
from tracker.web.communications import routes as communications
from tracker.web.evidence import routes as evidence
from tracker.web.history import routes as history
from tracker.web.invitations import routes as invitations
from tracker.web.milestones import routes as milestones
from tracker.web.organisations import routes as organisations
from tracker.web.people import routes as people
from tracker.web.protection import routes as protection
from tracker.web.recommendations import routes as recommendations
from tracker.web.reminders import routes as reminders
from tracker.web.reports import routes as reports
from tracker.web.reviews import routes as reviews
from tracker.web.second_factors import routes as second_factors
from tracker.web.sign_in import routes as sign_in
from tracker.web.updates import routes as updates
from tracker.web.work import routes as work

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

JOURNEYS = (
    reviews,
    recommendations,
    milestones,
    communications,
    reports,
    sign_in,
    account,
    second_factors,
    work,
    updates,
    assessments,
    evidence,
    reminders,
    protection,
    history,
    organisations,
    people,
    invitations,
)
TEMPLATES = Path(__file__).parents[1] / "templates"
SERVER_GIVES_UP = 3
"""The exit status that tells gunicorn to stop: after any other one it starts a worker again, for ever."""
DEMONSTRATION = (
    "This database holds the demonstration: its accounts are no secret. Set DATABASE_URL to another one."
)


def create_app(config: Config | None = None) -> Flask:
    """The application: settings, database, pages and commands. Without settings it reads the environment."""
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
    app = Flask("tracker", template_folder=str(TEMPLATES), static_folder=str(pages.STATIC))
    app.config.update(_flask_settings(config), TRACKER=config)
    clock.shift_by_days(config.CLOCK_SHIFT_DAYS)
    app.extensions["storage"] = Storage(Path(config.STORAGE_DIR))
    app.extensions["database"] = Database(config.DATABASE_URL, keys, app.extensions["storage"])
    if holds_demonstration is None:
        _check_before_each_use(app.extensions["database"], config.DATABASE_URL)
    app.extensions["cache"] = ReviewCache()
    uploads.register(app)
    pages.register(app)  # first: the page of a refused form, too, is in the reader's language
    hosts.register(app)
    app.before_request(floods.refuse_when_full)
    CSRFProtect(app).exempt(protection.leave)  # it asks for the token itself
    app.before_request(access.refuse_nul)
    app.before_request(access.load_actor)
    transactions.register(app)
    headers.register(app)
    errors.register(app)
    for journey in JOURNEYS:
        app.register_blueprint(journey.pages)
    cli.register(app)
    access.guard(app)
    application = _without_script_name(hosts.lowercase_host(app.wsgi_app))
    app.wsgi_app = floods.SignInFloodGuard(application, app)  # type: ignore[method-assign]
    if config.TRUSTED_PROXIES:
        hops = config.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _without_script_name(application: "WSGIApplication") -> "WSGIApplication":
    """Removes SCRIPT_NAME. The server believes this header of a client on the same machine, and every link would begin
    with its value, also links in cached fragments that others see."""

    def without_script_name(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return application({**environ, "SCRIPT_NAME": ""}, start_response)

    return without_script_name


def create_server() -> Flask:
    """The application for the web server: `create_app` in a process whose files and memory are closed to others."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    safety.harden_process()
    app = create_app()
    if app.config["TRACKER"].TRACKER_ENV == "production":
        safety.warn_of_swap()
    return app


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
    """Ends the process with one line for each reason. Commands of `flask` get an application without pages instead:
    those that can repair the fault run, the others print the reasons."""
    command = click.get_current_context(silent=True)
    if command and isinstance(command.command, click.Group):
        return cli.without_pages(config, reasons)
    print(*reasons, sep="\n", file=sys.stderr)  # noqa: T201 - there is no application yet to say it
    sys.exit(2 if command else SERVER_GIVES_UP)


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.SECRET_KEY,
        "TRUSTED_HOSTS": hosts.trusted_names(config),
        "TESTING": config.TRACKER_ENV == "testing",
        "MAX_CONTENT_LENGTH": config.FORM_MAX_KILOBYTES * 1024,
        "MAX_FORM_MEMORY_SIZE": config.FORM_MAX_KILOBYTES * 1024,
        "SESSION_COOKIE_NAME": "__Host-form" if config.is_https else "form",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        # Our pages send no Referer, which the strict check would ask for; the token decides.
        "WTF_CSRF_SSL_STRICT": False,
    }
