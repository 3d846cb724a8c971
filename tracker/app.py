"""create_app: the only wiring. Read it first, then ARCHITECTURE.md."""

import logging
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config, Refused
from tracker import cli, clock
from tracker.database import Database
from tracker.failures import DatabaseUnavailable, KeyMissing
from tracker.keys import read_keys, read_or_make_keys
from tracker.queries.kept import Kept
from tracker.web import access, errors, headers, hosts, pages, transactions
from tracker.web.accounts import routes as accounts
from tracker.web.assessments import routes as assessments
from tracker.web.communications import routes as communications
from tracker.web.history import routes as history
from tracker.web.milestones import routes as milestones
from tracker.web.protection import routes as protection
from tracker.web.recommendations import routes as recommendations
from tracker.web.reminders import routes as reminders
from tracker.web.reports import routes as reports
from tracker.web.reviews import routes as reviews
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
    accounts,
    work,
    updates,
    assessments,
    reminders,
    protection,
    history,
)
TEMPLATES = Path(__file__).parents[1] / "templates"


def create_app(config: Config | None = None) -> Flask:
    """The application: settings, database, pages and commands."""
    config = config or _from_environment()
    app = Flask("tracker", template_folder=str(TEMPLATES), static_folder=str(pages.STATIC))
    app.config.update(_flask_settings(config), TRACKER=config)
    read = read_keys if config.TRACKER_ENV == "production" else read_or_make_keys
    try:
        keys = read(Path(config.KEY_DIR))
    except KeyMissing as error:
        raise Refused([str(error)]) from error
    clock.shift_by_days(config.CLOCK_SHIFT_DAYS)
    app.extensions["database"] = Database(config.DATABASE_URL, keys)
    app.extensions["kept"] = Kept()
    pages.register(app)  # first of all: a refused form is explained in the reader's language, too
    hosts.register(app)
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
    app.wsgi_app = _at_the_root(app.wsgi_app)  # type: ignore[assignment, method-assign]
    if config.TRUSTED_PROXIES:
        hops = config.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _at_the_root(application: "WSGIApplication") -> "WSGIApplication":
    """The server believes a header SCRIPT_NAME of whoever is near, and every link would begin with it: also
    those of pages that are kept for others."""

    def rooted(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return application({**environ, "SCRIPT_NAME": ""}, start_response)

    return rooted


def create_server() -> Flask:
    """What the web server loads: as `create_app`, and refuses demonstration accounts in production."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = create_app()
    config: Config = app.config["TRACKER"]
    if config.TRACKER_ENV == "production":
        with app.app_context():
            try:
                is_demonstration = pages.demonstration()
            except DatabaseUnavailable:
                is_demonstration = False
        if is_demonstration:
            app.extensions["database"].dispose()
            raise Refused(
                ["This database holds the demonstration: its accounts are no secret. Use another one."]
            )
    return app


def _from_environment() -> Config:
    """The settings, or one line for each that is refused and exit status 2."""
    try:
        return Config.from_environment()
    except Refused as refused:
        print(*refused.reasons, sep="\n", file=sys.stderr)  # noqa: T201 - there is no application yet to say it
        sys.exit(2)


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.SECRET_KEY,
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
