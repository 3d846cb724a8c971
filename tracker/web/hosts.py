"""Checks the host of each request. A request for another host gets a plain page that says so, and a form that another
site sent is refused. Nothing else reads the host: links begin with BASE_URL.

Flask's TRUSTED_HOSTS refuses other names in production. This file checks what that does not: the port, a whole address
in the request line, a missing host, IPv6 and the names of this machine. It also renders the page.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import SecurityError
from werkzeug.routing import RequestRedirect
from werkzeug.sansio.utils import host_is_trusted

from tracker.failures import BadInput
from tracker.language import gettext
from tracker.web.pages import page_language

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")
DEFAULT_PORTS = {"http": "80", "https": "443"}
OUR_PAGES = ("same-origin", "none")
"""Sec-Fetch-Site of a form that a page of this site sends, or that the user opened by its address or a bookmark."""


def register(app: Flask) -> None:
    """Call it after the language is set and before anything that reads the database."""
    app.before_request(refuse_other_hosts)
    app.before_request(refuse_foreign_forms)
    app.after_request(redirect_to_path)


def trusted_names(config: Any) -> list[str] | None:
    """The value of TRUSTED_HOSTS. None, which trusts every name, where that list cannot name our hosts: all names of
    this machine, an IPv6 address, a name with an underscore."""
    name = _host_of(config.BASE_URL).partition(":")[0]
    return [name] if not _accepts_loopback(config) and host_is_trusted(name, [name]) else None


def lowercase_host(application: "WSGIApplication") -> "WSGIApplication":
    """Writes the host in lower case, because Flask's list is case-sensitive. A missing host becomes empty, because
    Flask would take the server's own name instead."""

    def lowered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").lower()
        return application({**environ, "HTTP_HOST": host}, start_response)

    return lowered


def refuse_other_hosts() -> Response | None:
    """The page has no frame: the frame reads the database, and its links would lead to the other host."""
    is_other_name = isinstance(request.routing_exception, SecurityError)
    if not is_other_name and all(_is_ours(host) for host in _asked_hosts()):
        return None
    template = current_app.jinja_env.get_template("layouts/wrong_host.html")
    page = template.render(base_url=_config().BASE_URL, page_language=page_language())
    return Response(page, 400, {"Cache-Control": "no-store"}, mimetype="text/html")


def refuse_foreign_forms() -> None:
    """A check beside the form's token. Browsers send `Origin: null` from our pages, because these send no referrer."""
    if request.method == "POST" and _is_from_another_site():
        raise BadInput(
            gettext("This form was sent from another site, so nothing was done. Open the page here instead.")
        )


def is_own_form() -> bool:
    """Was the form made here? Its token must be one of this site. It may belong to an earlier form cookie: that is the
    form of somebody who signed out meanwhile, and who gets the text back. Another site could send any text with a form
    of its own, so that our page would show it to the reader."""
    if _is_from_another_site():
        return False
    reader = URLSafeTimedSerializer(_config().SECRET_KEY, salt="wtf-csrf-token")  # as Flask-WTF signs it
    try:
        reader.loads(request.form.get("csrf_token", ""))
    except BadData:
        return False
    return True


def _is_from_another_site() -> bool:
    ours = {"null", _config().BASE_URL.lower(), f"{_scheme()}://{_host()}"}
    is_foreign = request.headers.get("Origin", "null").lower() not in ours
    return is_foreign or request.headers.get("Sec-Fetch-Site", "none") not in OUR_PAGES


def redirect_to_path(response: Response) -> Response:
    """Takes host and scheme, which come from the request, out of the router's own redirects of doubled slashes."""
    if isinstance(request.routing_exception, RequestRedirect) and response.location:
        path = request.routing_exception.new_url.split("/", 3)[-1]
        response.headers["Location"] = "/" + path.lstrip("/")
        response.set_data("")  # it names the host, too
    return response


def needs_https() -> bool:
    """Would a sign-in fail without a word? It would if BASE_URL is https and this request is not, or if plain http goes
    to another machine."""
    if _config().is_https:
        return not request.is_secure
    return not LOOPBACK.fullmatch(_host())


def _config() -> Any:
    return current_app.config["TRACKER"]


def _scheme() -> str:
    return str(urlsplit(_config().BASE_URL).scheme)


def _host() -> str:
    return str(request.environ.get("HTTP_HOST", ""))


def _asked_hosts() -> list[str]:
    """The host of the header and, if the request line holds a whole address, the host of that."""
    environ = request.environ
    address = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "/")
    try:
        named = [] if address.startswith("/") else [urlsplit(address).netloc.lower()]
    except ValueError:
        named = [""]
    return [_host(), *named]


def _is_ours(host: str) -> bool:
    config = _config()
    return host in _own_hosts(config.BASE_URL) or (
        _accepts_loopback(config) and bool(LOOPBACK.fullmatch(host))
    )


def _accepts_loopback(config: Any) -> bool:
    """Is every name of this machine accepted?"""
    return config.TRACKER_ENV != "production" or bool(LOOPBACK.fullmatch(_host_of(config.BASE_URL)))


def _host_of(base_url: str) -> str:
    """The host and port as browsers send them: in ASCII."""
    return urlsplit(base_url).netloc.lower().encode("idna").decode()


def _own_hosts(base_url: str) -> frozenset[str]:
    """The host of BASE_URL, with its default port and without it."""
    host, port = _host_of(base_url), DEFAULT_PORTS[urlsplit(base_url).scheme]
    bare = host.removesuffix(f":{port}")
    return frozenset({host, bare, f"{bare}:{port}"} if ":" not in bare.rpartition("]")[2] else {host})
