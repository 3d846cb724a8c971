"""Sign-in with handle and passphrase, then with a code where the account has a second factor; sign-out."""

from uuid import UUID

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker import clock
from tracker.identity import sign_ins, throttles
from tracker.language import gettext
from tracker.web import access, authentication, hosts, languages
from tracker.web.access import public
from tracker.web.sign_in.forms import CodeForm, SignInForm
from tracker.web.transactions import session

pages = Blueprint("sign_in", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Asks for both at once and never says which was wrong."""
    if access.actor().account_id:
        return redirect(url_for("work.index"))
    form = SignInForm(next=request.args.get("next", ""))
    values = {"form": form, "needs_https": hosts.needs_https()}
    if request.method == "GET":
        return render_template("sign_in/sign_in.html", **values)
    if not form.validate():
        return render_template("sign_in/sign_in.html", **values), 422
    handle = form.handle.data or ""
    verified = authentication.verify_passphrase(handle, form.passphrase.data or "")
    if verified is None or not sign_ins.lock_credentials(session(), verified):
        form.passphrase.errors = [
            gettext("The username or the passphrase is not right. Check both and try again.")
        ]
        return render_template("sign_in/sign_in.html", **values), 422
    account_id, next_address = verified.account_id, access.own_address(form.next.data or "")
    if "token" in g:
        sign_ins.sign_out(session(), g.token)
    if sign_ins.asks_for_code(session(), account_id):
        return _ask_for_code(account_id, next_address)
    token = sign_ins.begin_sign_in(session(), account_id, clock.now())
    return _signed_in(account_id, token, sign_ins.plain_handle(handle), next_address)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The second step; without the first one there is no code to ask for."""
    sign_in_session = access.sign_in_session()
    form = CodeForm(next=request.args.get("next", ""))
    if sign_in_session is None or not sign_in_session.needs_code:
        return _too_late(access.own_address(form.next.data or ""))
    if request.method == "GET":
        return render_template("sign_in/code.html", form=form)
    if not form.validate():
        return render_template("sign_in/code.html", form=form), 422
    account_id, handle = sign_in_session.account_id, sign_in_session.actor.handle
    if not authentication.verify_code(account_id, handle, form.code.data or ""):
        form.code.errors = [
            gettext(
                "The code is not right, or it was used already. Wait until your app shows the next one and enter that."
            )
        ]
        return render_template("sign_in/code.html", form=form), 422
    next_address = access.own_address(form.next.data or "")
    token = sign_ins.complete_sign_in(session(), account_id, g.token, clock.now())
    return _signed_in(account_id, token, handle, next_address) if token else _too_late(next_address)


@pages.post("/sign-out")
@public
def sign_out() -> Response:
    if "token" in g:
        sign_ins.sign_out(session(), g.token)
    return access.clear_sign_in(redirect(url_for("reviews.review"), 303))


def _too_late(next_address: str | None) -> ResponseReturnValue:
    """Tells somebody who sent the code after more than ten minutes that the sign-in has ended, and remembers the next
    page. A request that sent no code needs no explanation."""
    if request.method == "GET" or not access.sign_in_token() or _is_whole():
        return redirect(url_for("sign_in.sign_in", next=next_address))
    form = SignInForm(formdata=None, next=next_address or "")
    form.form_errors.append(
        gettext(
            "The ten minutes for the code are over, or this sign-in was ended in another browser. Sign in again, then"
            " enter the code that your app shows then."
        )
    )
    return render_template("sign_in/sign_in.html", form=form, needs_https=hosts.needs_https()), 401


def _ask_for_code(account_id: UUID, next_address: str | None) -> Response:
    """Begins a sign-in of its own that opens nothing but the page for the code."""
    token = sign_ins.begin_sign_in(session(), account_id, clock.now(), needs_code=True)
    cookie.clear()
    response = make_response(redirect(url_for("sign_in.code", next=next_address), 303))
    access.set_sign_in_cookie(response, token)
    return response


def _signed_in(account_id: UUID, token: str, handle: str, next_address: str | None) -> Response:
    """Leads the person to the language of the account, once: later the address alone decides."""
    cookie.clear()
    own_language = sign_ins.find_language(session(), account_id)
    target = languages.in_language(next_address or url_for("work.index"), own_language)
    response = make_response(redirect(target, 303))
    access.set_sign_in_cookie(response, token)
    access.set_device_cookie(
        response, throttles.remember_browser(session(), handle, access.device(), clock.now())
    )
    return response


def _is_whole() -> bool:
    """Is the sign-in complete, so that no code is asked for?"""
    sign_in = access.sign_in_session()
    return sign_in is not None and not sign_in.needs_code
