"""Answers a flood of sign-ins with one stored page, before Flask begins: that costs a tenth of rendering it anew."""

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
EXPECTED_STATUS = {TOO_LONG: "400", FULL: "503"}
"""The status of the page for each reason. A page with another status is a passing fault: it is sent once and not
stored."""
MOST_DIGITS = 9
PlainResponse = tuple[str, list[tuple[str, str]], bytes]


class SignInFloodGuard:
    """WSGI middleware that refuses a sign-in whose body is too long, or that comes while the queue is full. The page of
    each reason is the same for everybody: it is rendered once, for a request without cookies to BASE_URL, and stored.
    A full queue does not refuse a browser in which somebody has signed in before."""

    def __init__(self, application: "WSGIApplication", app: Flask) -> None:
        self._application = application
        self._base_url = app.config["TRACKER"].BASE_URL
        self._device = f"{access.device_cookie_name_of(app)}="
        self._answers: dict[str, PlainResponse] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        reason = self._reason_to_refuse(environ)
        if reason is None:
            return self._application(environ, start_response)
        answer = self._answers.get(reason) or self._render(reason)
        status, headers, body = answer
        if status.startswith(EXPECTED_STATUS[reason]):
            self._answers[reason] = answer
        start_response(status, list(headers))
        return [body]

    def _reason_to_refuse(self, environ: Mapping[str, Any]) -> str | None:
        if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != SIGN_IN:
            return None
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and (len(length) > MOST_DIGITS or int(length) > MAX_PUBLIC_FORM):
            return TOO_LONG
        is_known = self._device in environ.get("HTTP_COOKIE", "")
        return None if is_known or not passphrases.QUEUE.is_full() else FULL

    def _render(self, reason: str) -> PlainResponse:
        builder = EnvironBuilder(SIGN_IN, self._base_url, method="POST", content_type=FORM)
        environ = {**builder.get_environ(), reason: True}
        if reason == TOO_LONG:
            environ["CONTENT_LENGTH"] = str(MAX_PUBLIC_FORM + 1)
        parts, status, headers = run_wsgi_app(self._application, environ)
        return status, list(headers), b"".join(parts)


def refuse_when_full() -> None:
    """Lets `SignInFloodGuard` render the page of a full queue. No browser can set a key of the WSGI environment."""
    if FULL in request.environ:
        raise TooBusy(passphrases.RETRY_AFTER_SECONDS)
