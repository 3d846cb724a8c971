"""The public page on what is and is not protected, and the quick exit from the pages of independent people."""

import logging

from flask import Blueprint, current_app, redirect, render_template, request
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from tracker.failures import DatabaseUnavailable
from tracker.identity import sign_ins, throttles
from tracker.web import access
from tracker.web.access import public
from tracker.web.transactions import database

log = logging.getLogger("tracker.web")
LEAVE_SECONDS = 0.5
"""How long the quick exit waits for the database."""
pages = Blueprint("protection", __name__, url_prefix="/protection")


@pages.get("")
@public
def index() -> str:
    """Each statement has an id, so that tests and letters can name it."""
    return render_template("protection/index.html", away_url=_away())


@pages.post("/leave")
@public
def leave() -> Response:
    """Redirects at once, also with a wrong form token or without the database: a page that explains an error would keep
    the person here. The server ends the sign-in, and forgets the browser, only with the right token; this browser
    forgets both in any case, also one that does not know `Clear-Site-Data`."""
    token = access.sign_in_token()
    if token and _has_token():
        _end(token)
    response = access.clear_sign_in(redirect(_away(), 303))
    access.clear_device(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _end(token: str) -> None:
    """A sign-in that cannot be ended now expires by itself. The log line is that of any page: it tells of no exit."""
    try:
        with database().transaction(timeout=LEAVE_SECONDS) as session:
            handle = sign_ins.find_handle(session, token)
            if handle and access.device():
                throttles.forget_browser(session, handle, access.device())
            sign_ins.sign_out(session, token)
    except DatabaseUnavailable as error:
        log.error("database unavailable: %s", " ".join(str(error).split()))


def _away() -> str:
    return str(current_app.config["TRACKER"].LEAVE_URL)


def _has_token() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True
