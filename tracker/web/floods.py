"""A flood of sign-ins is told the same page each time, before Flask begins: that costs a tenth of asking anew."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tracker.failures import TooBusy
from tracker.identity import passphrases
from tracker.web import access
from tracker.web.uploads import MAX_PUBLIC_FORM

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SIGN_IN = "/sign-in"
FORM = "application/x-www-form-urlencoded"
TOO_LONG, FULL = "tracker.too_long", "tracker.full"
KEPT = {TOO_LONG: "400", FULL: "503"}
"""The status of each; anything else is a fault of the moment, and told to one alone."""
MOST_DIGITS = 9
Said = tuple[str, list[tuple[str, str]], bytes]


class SignInFloodGuard:
    """In front of the application. What it says to a sign-in that is too long to be one, or that comes while nobody
    can look at it, depends on nobody: it is asked once, as somebody without cookies at BASE_URL, and then told to
    all. A browser in which somebody signed in before is always heard."""

    def __init__(self, application: "WSGIApplication", app: Flask) -> None:
        self._application = application
        self._base_url = app.config["TRACKER"].BASE_URL
        self._device = f"{access.device_cookie_name_of(app)}="
        self._kept: dict[str, Said] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        why = self._is_refused_for(environ)
        if why is None:
            return self._application(environ, start_response)
        said = self._kept.get(why) or self._ask(why)
        status, headers, body = said
        if status.startswith(KEPT[why]):
            self._kept[why] = said
        start_response(status, list(headers))
        return [body]

    def _is_refused_for(self, environ: Mapping[str, Any]) -> str | None:
        if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != SIGN_IN:
            return None
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and (len(length) > MOST_DIGITS or int(length) > MAX_PUBLIC_FORM):
            return TOO_LONG
        is_heard = self._device in environ.get("HTTP_COOKIE", "") or not passphrases.QUEUE.is_full()
        return None if is_heard else FULL

    def _ask(self, why: str) -> Said:
        builder = EnvironBuilder(SIGN_IN, self._base_url, method="POST", content_type=FORM)
        environ = {**builder.get_environ(), why: True}
        if why == TOO_LONG:
            environ["CONTENT_LENGTH"] = str(MAX_PUBLIC_FORM + 1)
        parts, status, headers = run_wsgi_app(self._application, environ)
        return status, list(headers), b"".join(parts)


def refuse_when_full() -> None:
    """What `SignInFloodGuard` asks for: no browser can send this."""
    if FULL in request.environ:
        raise TooBusy(passphrases.RETRY_AFTER_SECONDS)
