"""Who is asking, and the mark that every view carries: `@public` or `@requires(policy.may_…)`.

`guard` wraps every view with its mark and the request's transaction; an application with an unmarked view
does not start. The sign-in cookie holds a random token; its idle time is written in a transaction of its own.
Between passphrase and code a person is a visitor. A person who must still set up a second factor is an actor without
roles. Both are redirected to the page that asks for it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, redirect, request, url_for
from flask import session as form_cookie
from werkzeug.wrappers import Response as AnyResponse

from tracker import clock
from tracker.failures import BadInput, DatabaseUnavailable, NotAllowed, SignedOut
from tracker.identity.sign_ins import LONGEST, SignInSession, find_sign_in_session, touch_sign_in
from tracker.identity.throttles import BROWSER_LIFETIME
from tracker.language import gettext
from tracker.policy.actors import VISITOR, Actor, is_independent_account
from tracker.web import languages, transactions

WITHOUT_ACTOR = ("static", "protection.leave", "health.healthz", "health.readyz")
"""Endpoints that do not depend on the actor. The quick exit must not wait for the database, nor must a health check."""
View = TypeVar("View", bound=Callable[..., Any])
Rule = Callable[[Actor], bool]


def public(view: View) -> View:
    """Anybody may open it."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def requires(rule: Rule) -> Callable[[View], View]:
    """The rule of `policy/` decides which actors may open it; visitors are redirected to the sign-in page."""

    def mark(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


def actor() -> Actor:
    return g.get("actor", VISITOR)  # type: ignore[no-any-return]


def state_code() -> str:
    """The State whose reviews, calendar and register are shown: that of the actor's organisation, or else the State of
    this instance (setting `STATE`)."""
    return actor().state_code or str(current_app.config["TRACKER"].STATE)


def refuse_nul() -> None:
    """Refuses a NUL byte: no honest text holds one, and PostgreSQL cannot store it."""
    sent = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in sent):
        raise BadInput(
            gettext(
                "What you sent holds an invisible character that cannot be stored. Go back, paste your text again as"
                " plain text and send it."
            )
        )


def load_actor() -> None:
    """Looks up the sign-in session of the cookie, on a connection of its own, and renews its idle time."""
    token = sign_in_token()
    if not token or request.endpoint in WITHOUT_ACTOR:
        return
    now = clock.now()
    with transactions.database().reading() as session:
        sign_in = find_sign_in_session(session, token, now)
    if sign_in is None:
        return
    g.token, g.sign_in_session = token, sign_in
    if not sign_in.needs_code:
        g.actor = sign_in.actor
    if sign_in.is_stale:
        with transactions.database().transaction() as session:
            touch_sign_in(session, token, now)


def is_signed_in() -> bool:
    """Whether this request has the cookie of a sign-in that stands. Nothing is renewed by asking; a database that does
    not answer knows nobody."""
    token = sign_in_token()
    if not token:
        return False
    try:
        with transactions.database().reading() as session:
            return find_sign_in_session(session, token, clock.now()) is not None
    except DatabaseUnavailable:
        return False


def sign_in_token() -> str | None:
    """The token that the browser sent. It may be unknown or expired."""
    return request.cookies.get(cookie_name())


def sign_in_session() -> SignInSession | None:
    """The sign-in session of this request, also while its second factor is missing."""
    return g.get("sign_in_session")  # type: ignore[no-any-return]


def has_quick_exit() -> bool:
    """Independent people have the quick exit. So has everybody between passphrase and second factor: somebody who got
    no further, perhaps with another person's passphrase, must not learn which kind of account it opens."""
    sign_in = sign_in_session()
    is_incomplete = sign_in is not None and (sign_in.needs_code or actor().is_setting_up)
    return is_incomplete or is_independent_account(actor())


def cookie_name() -> str:
    return "__Host-sign-in" if is_secure() else "sign-in"


def is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def device_cookie_name() -> str:
    return device_cookie_name_of(current_app)


def device_cookie_name_of(app: Flask) -> str:
    return "__Host-device" if app.config["SESSION_COOKIE_SECURE"] else "device"


def device() -> str:
    """The value of the cookie that this browser got when somebody signed in with it. It gives no access."""
    return request.cookies.get(device_cookie_name(), "")


def set_sign_in_cookie(response: AnyResponse, token: str) -> None:
    _set_cookie(response, cookie_name(), token, LONGEST)


def set_device_cookie(response: AnyResponse, value: str) -> None:
    _set_cookie(response, device_cookie_name(), value, BROWSER_LIFETIME)


def _set_cookie(response: AnyResponse, name: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        secure=is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_sign_in(response: AnyResponse) -> Response:
    """Makes the browser forget the sign-in, the form's token and its cached pages."""
    form_cookie.clear()
    cleared = make_response(response)
    cleared.delete_cookie(cookie_name(), path="/", secure=is_secure(), httponly=True, samesite="Lax")
    cleared.headers["Clear-Site-Data"] = '"cache", "storage"'
    return cleared


def clear_device(response: AnyResponse) -> None:
    """Makes the browser forget that somebody signed in with it."""
    response.delete_cookie(device_cookie_name(), path="/", secure=is_secure(), httponly=True, samesite="Lax")


def own_address(address: str) -> str | None:
    """The address if it is a path on this site, else None: after sign-in nobody is redirected to another site."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_plain = all(" " < letter != "\\" for letter in address)
    return address if is_path and is_plain else None


def guard(app: Flask) -> None:
    """Wraps every view; refuses one without a mark. Call it after the last registration."""
    app.view_functions["static"] = public(app.view_functions["static"])
    for endpoint, view in app.view_functions.items():
        rule = getattr(view, "access", None)
        if rule is None:
            raise RuntimeError(f"the view {endpoint} carries neither @public nor @requires")
        app.view_functions[endpoint] = _guarded(view, rule)


def _guarded(view: Callable[..., Any], rule: Any) -> Callable[..., Response]:
    @wraps(view)
    def guarded(**values: Any) -> Response:
        if rule != "public" and not rule(actor()):
            if actor() is not VISITOR and not actor().is_setting_up:
                raise NotAllowed
            if request.method == "POST":
                raise SignedOut
            return _to_sign_in()
        return transactions.finish(make_response(view(**values)))

    return guarded


def _to_sign_in() -> Response:
    """To the step that is missing: passphrase, code or the set-up of a second factor."""
    step = "sign_in.code" if sign_in_session() else "sign_in.sign_in"
    step = "second_factors.set_up" if actor().is_setting_up else step
    return make_response(redirect(url_for(step, next=languages.own_path())))
