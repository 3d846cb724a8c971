"""The language of a request is the prefix of its address: /ru/…, /ky/…, none for the first language of the settings.

The prefix is taken off in front of Flask and becomes SCRIPT_NAME (PEP 3333), so no route knows of it, and every link
that `url_for` makes keeps the language. Nothing else chooses a language: no cookie, no Accept-Language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from tracker.language import LANGUAGES, PSEUDO

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True)
class LanguageLink:
    """To the page of this request in one language. `name` is in that language."""

    code: str
    name: str
    url: str
    is_current: bool


def take_prefix(application: "WSGIApplication", languages: Sequence[str]) -> "WSGIApplication":
    """Moves the prefix of a language from PATH_INFO to SCRIPT_NAME."""
    prefixes = tuple(f"/{code}" for code in languages[1:])

    def without_prefix(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        for prefix in prefixes:
            if path == prefix or path.startswith(f"{prefix}/"):
                moved = {"SCRIPT_NAME": prefix, "PATH_INFO": path.removeprefix(prefix) or "/"}
                return application({**environ, **moved}, start_response)
        return application(environ, start_response)

    return without_prefix


def offered() -> tuple[str, ...]:
    """The languages of the settings; the first has no prefix."""
    return current_app.config["TRACKER"].languages  # type: ignore[no-any-return]


def of_request() -> str:
    """The language of the prefix that `take_prefix` has found."""
    return request.script_root.removeprefix("/") or offered()[0]


def prefix_of(language: str) -> str:
    """ "" for the first language, and for one that is not offered."""
    return f"/{language}" if language in offered()[1:] else ""


def own_path() -> str:
    """Path and query of this request as the browser sent them, the language included."""
    return f"{request.script_root}{request.full_path.rstrip('?')}"


def in_language(path: str, language: str) -> str:
    """The same path of this site in another language. What is left of one without its prefix may begin with two
    slashes (/ru//other.example), which browsers take for another host."""
    for prefix in map(prefix_of, offered()[1:]):
        if path == prefix or path.startswith((f"{prefix}/", f"{prefix}?")):
            path = path.removeprefix(prefix)
    return f"{prefix_of(language)}/{path.lstrip('/')}"


def links(to: str | None = None) -> list[LanguageLink]:
    """One for each language offered, to this page. On the answer to a form they lead to the page of that form, or to
    the first page where the address takes forms only. `to`: to another path."""
    here = of_request()
    path = to or (request.full_path.rstrip("?") if _has_page() else "/")
    return [LanguageLink(code, name_of(code), f"{prefix_of(code)}{path}", code == here) for code in offered()]


def name_of(code: str) -> str:
    return LANGUAGES.get(code, "⟦⟧" if code == PSEUDO else code)


def page_without_language() -> str | None:
    """Where an address begins with a language that is not offered, and would be a page without it: that page in the
    first language."""
    first, _, rest = request.path.removeprefix("/").partition("/")
    if not (len(first) in (2, 3) and first.isascii() and first.isalpha()):
        return None
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            adapter.match(f"/{rest}", method="GET")
    except HTTPException:
        return None
    query = request.query_string.decode(errors="replace")
    return f"/{rest}{'?' if query else ''}{query}"


def _has_page() -> bool:
    """Does the address of this request answer GET?"""
    if request.method in ("GET", "HEAD"):
        return True
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())
