"""Sign-in with handle and passphrase; sign-out ends it on the server."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from tracker import clock
from tracker.language import gettext
from tracker.services import sign_ins
from tracker.web import access, hosts
from tracker.web.access import public
from tracker.web.accounts.forms import SignInForm
from tracker.web.transactions import database, session

pages = Blueprint("accounts", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response | tuple[str, int]:
    """Asks for both at once and never says which was wrong."""
    if access.actor().account_id:
        return redirect(url_for("work.index"))
    form = SignInForm(next=request.args.get("next", ""))
    values = {"form": form, "needs_https": hosts.needs_https()}
    if request.method == "GET":
        return render_template("accounts/sign_in.html", **values)
    if not form.validate():
        return render_template("accounts/sign_in.html", **values), 422
    # The passphrase is checked outside the writing transaction: it takes a tenth of a second.
    with database().reading() as reading:
        account_id = sign_ins.check_passphrase(reading, form.handle.data or "", form.passphrase.data or "")
    if account_id is None:
        form.passphrase.errors = [
            gettext("The handle or the passphrase is not right. Check both and try again.")
        ]
        return render_template("accounts/sign_in.html", **values), 422
    token = sign_ins.begin_sign_in(session(), account_id, clock.now())
    cookie.clear()
    response = redirect(access.own_address(form.next.data or "") or url_for("work.index"), 303)
    access.give_cookie(response, token)
    return response


@pages.post("/sign-out")
@public
def sign_out() -> Response:
    if "token" in g:
        sign_ins.sign_out(session(), g.token)
    cookie.clear()
    response = make_response(redirect(url_for("reviews.review"), 303))
    access.take_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
