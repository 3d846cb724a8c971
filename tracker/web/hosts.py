"""The one address of this site. Whoever asks for another host gets a plain page that says so, and a form that
another site sent is refused. Nothing else reads the host of a request: links begin with BASE_URL.

Flask's TRUSTED_HOSTS refuses other names in production. Here is what it does not look at: the port, a whole address in
the request line, a host that is missing, IPv6 and the names of this machine; and the page.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
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
"""What a browser says of a form that it sends from this site, or that was typed or kept by its user."""


def register(app: Flask) -> None:
    """Call it after the language is known and before anything that asks the database."""
    app.before_request(refuse_other_hosts)
    app.before_request(refuse_foreign_forms)
    app.after_request(lead_to_a_path)


def trusted_names(config: Any) -> list[str] | None:
    """The setting TRUSTED_HOSTS. None, which trusts every name, where that list cannot say which ones are ours: an
    address of IPv6 and a name with an underscore have no place in it."""
    name = _host_of(config.BASE_URL).partition(":")[0]
    return [name] if not _is_at_hand(config) and host_is_trusted(name, [name]) else None


def in_small_letters(application: "WSGIApplication") -> "WSGIApplication":
    """A host is the same in capitals, which Flask's list does not know; and a missing one is none, where Flask would
    take the server's own name."""

    def lowered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").lower()
        return application({**environ, "HTTP_HOST": host}, start_response)

    return lowered


def refuse_other_hosts() -> Response | None:
    """A page without the frame, because that asks the database and its links would lead to the other host."""
    is_other_name = isinstance(request.routing_exception, SecurityError)
    if not is_other_name and all(_is_ours(host) for host in _asked_hosts()):
        return None
    template = current_app.jinja_env.get_template("layouts/wrong_host.html")
    page = template.render(base_url=_config().BASE_URL, page_language=page_language())
    return Response(page, 400, {"Cache-Control": "no-store"}, mimetype="text/html")


def refuse_foreign_forms() -> None:
    """Beside the token of the form. Browsers call the origin of our own pages null, as these send no referrer."""
    if request.method != "POST":
        return
    ours = {"null", _config().BASE_URL.lower(), f"{_scheme()}://{_host()}"}
    is_foreign = request.headers.get("Origin", "null").lower() not in ours
    if is_foreign or request.headers.get("Sec-Fetch-Site", "none") not in OUR_PAGES:
        raise BadInput(
            gettext("This form was sent from another site, so nothing was done. Open the page here instead.")
        )


def lead_to_a_path(response: Response) -> Response:
    """The router's own redirects, of doubled slashes, would name the host and the scheme of the request."""
    if isinstance(request.routing_exception, RequestRedirect) and response.location:
        path = request.routing_exception.new_url.split("/", 3)[-1]
        response.headers["Location"] = "/" + path.lstrip("/")
        response.set_data("")  # it names the host, too
    return response


def needs_https() -> bool:
    """A sign-in would be lost silently: the site says https and this request is not, or it is plain http to
    another machine."""
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
    """That of the header and, where somebody wrote a whole address into the request line, that one."""
    environ = request.environ
    address = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "/")
    try:
        named = [] if address.startswith("/") else [urlsplit(address).netloc.lower()]
    except ValueError:
        named = [""]
    return [_host(), *named]


def _is_ours(host: str) -> bool:
    config = _config()
    return host in _own_hosts(config.BASE_URL) or (_is_at_hand(config) and bool(LOOPBACK.fullmatch(host)))


def _is_at_hand(config: Any) -> bool:
    """Whether every name of this machine will do."""
    return config.TRACKER_ENV != "production" or bool(LOOPBACK.fullmatch(_host_of(config.BASE_URL)))


def _host_of(base_url: str) -> str:
    """As browsers write it: in ASCII."""
    return urlsplit(base_url).netloc.lower().encode("idna").decode()


@lru_cache
def _own_hosts(base_url: str) -> frozenset[str]:
    """Also with its default port left out, or named by a machine."""
    host, port = _host_of(base_url), DEFAULT_PORTS[urlsplit(base_url).scheme]
    bare = host.removesuffix(f":{port}")
    return frozenset({host, bare, f"{bare}:{port}"} if ":" not in bare.rpartition("]")[2] else {host})
