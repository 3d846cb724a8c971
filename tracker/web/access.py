"""Who is asking, and the mark that every view carries: `@public` or `@requires(policy.may_…)`.

`guard` wraps every view with its mark and the request's transaction; an application with an unmarked view
does not start. The sign-in cookie holds a random token; its idle time is written in a transaction of its own.
Whoever still owes a code is a visitor, whoever must set up a second factor an actor without roles: both are led
to the page that asks for it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, redirect, request, url_for
from flask import session as form_cookie
from werkzeug.wrappers import Response as AnyResponse

from tracker import clock
from tracker.failures import BadInput, NotAllowed, SignedOut
from tracker.identity.sign_ins import LONGEST, SignInSession, find_sign_in_session, touch_sign_in
from tracker.language import gettext
from tracker.policy.actors import VISITOR, Actor, is_independent_account
from tracker.queries.reviews import ReviewFacts
from tracker.web import transactions

KNOWN_FOR = timedelta(days=90)
ASK_NOBODY = ("static", "protection.leave")
"""Nothing there depends on who asks, and the way out must not wait for the answer."""
View = TypeVar("View", bound=Callable[..., Any])
Rule = Callable[[Actor], bool]


def public(view: View) -> View:
    """Anybody may open it."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def requires(rule: Rule) -> Callable[[View], View]:
    """Only for whom the rule of `policy/` holds; visitors are asked to sign in."""

    def mark(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


def actor() -> Actor:
    return g.get("actor", VISITOR)  # type: ignore[no-any-return]


def state_code() -> str:
    """The State whose reviews, calendar and register are shown: that of the reader's organisation; to everybody else
    the State of this instance (setting `STATE`)."""
    return actor().state_code or str(current_app.config["TRACKER"].STATE)


def fragment_reader(review: ReviewFacts) -> Actor:
    """On whose behalf the parts of a page are read that are cached for everybody: a visitor. Those of an unpublished
    review are not cached, and read on behalf of whoever asks."""
    return VISITOR if review.is_published else actor()


def refuse_nul() -> None:
    """No text of ours holds a NUL byte, and PostgreSQL cannot store one."""
    sent = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in sent):
        raise BadInput(gettext("Your text holds a character that cannot be stored. Remove it and try again."))


def load_actor() -> None:
    """Finds who holds the cookie, on a connection of its own."""
    token = held_token()
    if not token or request.endpoint in ASK_NOBODY:
        return
    now = clock.now()
    with transactions.database().engine.connect() as connection:
        found = find_sign_in_session(connection, token, now)
    if found is None:
        return
    g.token, g.sign_in_session = token, found
    if not found.needs_code:
        g.actor = found.actor
    if found.is_stale:
        with transactions.database().transaction() as session:
            touch_sign_in(session, token, now)


def held_token() -> str | None:
    """What the browser sent; whether it opens anything is not said."""
    return request.cookies.get(cookie_name())


def sign_in_session() -> SignInSession | None:
    """Whose sign-in this is, however far it has come."""
    return g.get("sign_in_session")  # type: ignore[no-any-return]


def has_way_out() -> bool:
    """Independent people. And everybody between passphrase and second factor: some of them are, and whoever came no
    further, perhaps with the passphrase of somebody else, must not learn whose account it opens."""
    found = sign_in_session()
    is_on_the_way = found is not None and (found.needs_code or actor().is_setting_up)
    return is_on_the_way or is_independent_account(actor())


def cookie_name() -> str:
    return "__Host-sign-in" if is_secure() else "sign-in"


def is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def device_cookie_name() -> str:
    return device_cookie_name_of(current_app)


def device_cookie_name_of(app: Flask) -> str:
    return "__Host-device" if app.config["SESSION_COOKIE_SECURE"] else "device"


def device() -> str:
    """What this browser was given when somebody signed in with it; it opens nothing."""
    return request.cookies.get(device_cookie_name(), "")


def give_cookie(response: AnyResponse, token: str) -> None:
    _give(response, cookie_name(), token, LONGEST)


def give_device(response: AnyResponse, value: str) -> None:
    _give(response, device_cookie_name(), value, KNOWN_FOR)


def _give(response: AnyResponse, name: str, value: str, kept: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(kept.total_seconds()),
        secure=is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def leave(response: AnyResponse) -> Response:
    """The browser forgets the sign-in, the form's token and what it kept of pages."""
    form_cookie.clear()
    left = make_response(response)
    left.delete_cookie(cookie_name(), path="/", secure=is_secure(), httponly=True, samesite="Lax")
    left.headers["Clear-Site-Data"] = '"cache", "storage"'
    return left


def own_address(address: str) -> str | None:
    """A path on this site, or None: after sign-in nobody is sent elsewhere."""
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
    """To the step that is left: passphrase, code or the first second factor."""
    step = "sign_in.code" if sign_in_session() else "sign_in.sign_in"
    step = "second_factors.set_up" if actor().is_setting_up else step
    return make_response(redirect(url_for(step, next=request.full_path.rstrip("?"))))
