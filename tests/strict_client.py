"""A test client that reads every page as a careful person would, and sends forms as a browser does."""

import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.second_factor import next_code

HTML = "{http://www.w3.org/1999/xhtml}"
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TOKEN = re.compile(r'(name="csrf_token"[^>]* value=")[^"]*')
CHECKED: set[bytes] = set()
"""Hashes of pages that had nothing wrong, without the tokens of their forms: reading one takes as long as making it."""


class StrictClient(FlaskClient):
    """Every answer is checked; `sign_in` and `send` go through the real forms."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if isinstance(kwargs.get("data"), dict) and any(map(_is_file, kwargs["data"].values())):
            boundary, body = encode_multipart(kwargs["data"])  # Werkzeug's own way leaves files open
            kwargs |= {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
        response = super().open(*args, **kwargs)
        check(response)
        return response

    def sign_in(self, handle: str, passphrase: str, page: str = "/sign-in") -> TestResponse:
        """Handle and passphrase, then the code where one is asked for."""
        answer = self.send(page, handle=handle, passphrase=passphrase)
        asked = answer.headers.get("Location", "")
        if "/sign-in/code" not in asked:
            return answer
        return self.send(asked, code=next_code(self.application.extensions["database"], handle))

    def send(
        self, page: str, action: str | None = None, button: str | None = None, **fields: Any
    ) -> TestResponse:
        """Loads a page, fills in its form (the one whose address ends in `action`) and sends it."""
        loaded = self.get(page)
        assert loaded.status_code == 200, f"{page} answered {loaded.status_code}"
        return self.send_from(loaded, action, button, **fields)

    def send_from(
        self, loaded: TestResponse, action: str | None = None, button: str | None = None, **fields: Any
    ) -> TestResponse:
        """Fills in and sends a form of a page that was loaded before."""
        form = find_form(loaded, action)
        values = {**values_of(form), **fields}
        if button:
            values[button] = "1"
        unknown = set(fields) - names_of(form)
        assert not unknown, f"the form has no field {unknown}"
        here = loaded.request.path
        target = urlsplit(urljoin(here, form.get("action") or here))
        return self.post(
            target.path, data={name: value for name, value in values.items() if value is not None}
        )


def _is_file(value: Any) -> bool:
    return isinstance(value[0] if isinstance(value, list) and value else value, FileStorage)


SignIn = Callable[[str], StrictClient]
"""Gives a browser of its own to somebody of the cast: the fixture `signed_in`."""


def token_of(client: StrictClient) -> dict[str, str]:
    """What a signed-in person's browser adds to every form: for forms that were forged."""
    return values_of(find_form(client.get("/work"), "/sign-out"))


def visitors_token(client: StrictClient) -> dict[str, str]:
    """The same for somebody who is not signed in."""
    return {"csrf_token": values_of(find_form(client.get("/sign-in"), None))["csrf_token"]}


def earlier_token(client: StrictClient) -> str:
    """The token of a form that this site made before the browser's form cookie was replaced."""
    return visitors_token(client.application.test_client())["csrf_token"]  # type: ignore[arg-type]


def parse(response: TestResponse) -> Any:
    """The elements of a page, to be read only: a page that was parsed a moment ago is not parsed again."""
    document, errors = _parse(response.get_data(as_text=True))
    assert not errors, f"{response.request.path}: {errors[:3]}"
    return document


@lru_cache(maxsize=32)
def _parse(page: str) -> tuple[Any, list[Any]]:
    parser = html5lib.HTMLParser(strict=False)
    return parser.parse(page), parser.errors


def check(response: TestResponse) -> None:
    for name, beginning in HEADERS.items():
        found = response.headers.getlist(name)
        assert len(found) == 1, f"{name} on {response.request.path}: {found}"
        assert found[0].startswith(beginning), f"{name} on {response.request.path}: {found}"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    _check_not_stored(response)
    has_no_page = response.request.method == "HEAD" or response.status_code in (301, 302, 303, 308)
    if response.mimetype != "text/html" or has_no_page:
        return
    text = response.get_data(as_text=True)
    page = sha256(TOKEN.sub(r"\1", text).encode()).digest()
    if page in CHECKED:
        return
    document, where = parse(response), response.request.path
    assert "{{" not in text, f"{where}: an expression was not rendered"
    assert "{%" not in text, f"{where}: a statement was not rendered"
    titles = [node.text for node in document.iter(f"{HTML}title") if node.text]
    assert titles, f"{where}: no title"
    assert titles[0].strip(), f"{where}: an empty title"
    assert len(list(document.iter(f"{HTML}h1"))) == 1, f"{where}: not exactly one h1"
    _check_csp(document, where)
    _check_forms(document, where)
    CHECKED.add(page)


def _check_not_stored(response: TestResponse) -> None:
    """Whatever gives a cookie, or carries the token of one, is this browser's alone."""
    has_token = response.mimetype == "text/html" and b'name="csrf_token"' in response.data
    is_own = has_token or "Set-Cookie" in response.headers
    assert not is_own or response.headers.get("Cache-Control") == "no-store", (
        f"{response.request.path}: a browser may store it"
    )


def _check_csp(document: Any, where: str) -> None:
    for node in document.iter():
        if not isinstance(node.tag, str):
            continue
        assert "style" not in node.attrib, f"{where}: a style attribute"
        handlers = [name for name in node.attrib if name.startswith("on")]
        assert not handlers, f"{where}: {handlers}"
        assert node.tag != f"{HTML}style", f"{where}: an inline style"
        assert node.tag != f"{HTML}script" or node.get("src", "").startswith("/static/"), f"{where}: a script"


def _check_forms(document: Any, where: str) -> None:
    labelled = {node.get("for") for node in document.iter(f"{HTML}label")}
    for tag in ("input", "select", "textarea"):
        for node in document.iter(f"{HTML}{tag}"):
            if node.get("type") in UNLABELLED and tag == "input":
                continue
            assert node.get("id") in labelled or node.get("aria-label"), (
                f"{where}: {node.get('name')} has no label"
            )
    ids = [node.get("id") for node in document.iter() if isinstance(node.tag, str) and node.get("id")]
    assert len(ids) == len(set(ids)), (
        f"{where}: an id occurs twice: {[i for i in ids if ids.count(i) > 1][:3]}"
    )
    for form in document.iter(f"{HTML}form"):
        if form.get("method", "get").lower() == "post":
            assert "csrf_token" in names_of(form), f"{where}: a form without its CSRF field"
        if any(node.get("type") == "file" for node in form.iter(f"{HTML}input")):
            assert form.get("enctype") == "multipart/form-data", f"{where}: a form that would send no file"


def find_form(response: TestResponse, action: str | None) -> Any:
    """The form whose address ends in `action`; without one, the first inside the main part."""
    document = parse(response)
    forms = [form for main in document.iter(f"{HTML}main") for form in main.iter(f"{HTML}form")]
    if action is not None:
        forms = [form for form in document.iter(f"{HTML}form") if (form.get("action") or "").endswith(action)]
    assert forms, f"{response.request.path} has no form {action or ''}"
    return forms[0]


def names_of(form: Any) -> set[str]:
    tags = ("input", "select", "textarea", "button")
    return {node.get("name") for tag in tags for node in form.iter(f"{HTML}{tag}") if node.get("name")}


def values_of(form: Any) -> dict[str, str]:
    """What a browser would send if nothing were changed and no button named."""
    values = {}
    for node in form.iter(f"{HTML}input"):
        kind, name = node.get("type", "text"), node.get("name")
        is_off = kind in ("radio", "checkbox") and "checked" not in node.attrib
        if name and kind not in ("submit", "button", "image", "file") and not is_off:
            values[name] = node.get("value", "on" if kind == "checkbox" else "")
    for node in form.iter(f"{HTML}textarea"):
        values[node.get("name")] = (node.text or "").removeprefix("\n")
    for node in form.iter(f"{HTML}select"):
        options = list(node.iter(f"{HTML}option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        values[node.get("name")] = chosen[0].get("value", chosen[0].text or "") if chosen else ""
    return values


def text_of(response: TestResponse) -> str:
    """The words of a page, without its markup, white space joined."""
    return " ".join("".join(parse(response).itertext()).split())
