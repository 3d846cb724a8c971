"""The pages: `create_app` calls `register` in every application but that of a command.

Only `tracker.app` imports this file, and only where pages are wanted: importing all pages costs time and memory.
"""

import gc
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker.web import access, directions, errors, headers, hosts, languages, pages, transactions, uploads
from tracker.web.about import routes as about
from tracker.web.account import routes as account
from tracker.web.action_points import routes as action_points
from tracker.web.assessments import routes as assessments
from tracker.web.assignments import routes as assignments
from tracker.web.cache import ReviewCache
from tracker.web.communications import routes as communications
from tracker.web.disagreement import routes as disagreement
from tracker.web.editing import routes as editing
from tracker.web.evidence import routes as evidence
from tracker.web.gateway import Gateway
from tracker.web.health import routes as health
from tracker.web.history import routes as history
from tracker.web.imports import routes as imports
from tracker.web.invitations import routes as invitations
from tracker.web.method import routes as method
from tracker.web.milestones import routes as milestones
from tracker.web.organisations import routes as organisations
from tracker.web.people import routes as people
from tracker.web.protection import routes as protection
from tracker.web.recommendation_links import routes as recommendation_links
from tracker.web.recommendations import routes as recommendations
from tracker.web.reminders import routes as reminders
from tracker.web.reports import routes as reports
from tracker.web.reviews import routes as reviews
from tracker.web.second_factors import routes as second_factors
from tracker.web.sign_in import routes as sign_in
from tracker.web.successions import routes as successions
from tracker.web.updates import routes as updates
from tracker.web.work import routes as work

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

JOURNEYS = (
    reviews,
    recommendations,
    action_points,
    editing,
    recommendation_links,
    disagreement,
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
    method,
    about,
    history,
    organisations,
    successions,
    assignments,
    people,
    imports,
    invitations,
    health,
)


def register(app: Flask) -> None:
    """Adds to an application that has settings and a database: all pages, and what each request passes through."""
    config = app.config["TRACKER"]
    app.config.update(_flask_settings(config))
    app.extensions["cache"] = ReviewCache()
    uploads.register(app)
    pages.register(app)  # first: the page of a refused form, too, is in the reader's language
    hosts.register(app)
    CSRFProtect(app).exempt(protection.leave)  # it asks for the token itself
    app.before_request(access.refuse_nul)
    app.before_request(access.load_actor)
    transactions.register(app)
    headers.register(app)
    directions.register(app)
    errors.register(app)
    for journey in JOURNEYS:
        app.register_blueprint(journey.pages)
    access.guard(app)
    app.wsgi_app = wrap(app.wsgi_app, config)  # type: ignore[assignment, method-assign]


def wrap(application: "WSGIApplication", config: Any) -> "WSGIApplication":
    """What a request passes through before Flask begins."""
    proxies = config.TRUSTED_PROXIES
    wrapped = _without_script_name(languages.take_prefix(hosts.lowercase_host(application), config.languages))
    return ProxyFix(wrapped, x_for=0, x_proto=proxies, x_host=proxies) if proxies else wrapped


def make_gateway(app: Flask) -> Gateway:
    """Flask behind a server that speaks ASGI. What is loaded by now stays: looking for garbage leaves it out, and the
    processes that are forked after this share it."""
    gc.collect()
    gc.freeze()
    return Gateway(app, partial(wrap, config=app.config["TRACKER"]))


def _without_script_name(application: "WSGIApplication") -> "WSGIApplication":
    """Removes SCRIPT_NAME. The server believes this header of a client on the same machine, and every link would begin
    with its value, also links in cached fragments that others see."""

    def without_script_name(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return application({**environ, "SCRIPT_NAME": ""}, start_response)

    return without_script_name


def _flask_settings(config: Any) -> dict[str, object]:
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
