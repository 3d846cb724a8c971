"""The second factor of the own account. People who must have one and have none are redirected here right
after the passphrase."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker import clock
from tracker.exchange.qr_codes import write_qr_code
from tracker.failures import SignedOut
from tracker.identity import second_factors, sign_ins, throttles
from tracker.identity.sign_ins import SignInSession
from tracker.language import gettext
from tracker.policy.accounts import can_remove_second_factor
from tracker.policy.actors import may_set_up_second_factor, may_sign_in_pages
from tracker.web import access, authentication
from tracker.web.access import actor, requires
from tracker.web.second_factors.forms import ProofForm, SetUpForm
from tracker.web.transactions import session

pages = Blueprint("second_factors", __name__, url_prefix="/account/second-factor")


@pages.route("", methods=["GET", "POST"])
@requires(may_set_up_second_factor)
def set_up() -> ResponseReturnValue:
    """Sets up a second factor, or replaces it. At sign-in it asks for no passphrase again: that was just given."""
    form = SetUpForm(next=request.args.get("next", ""))
    form.ask_for(passphrase=not actor().is_setting_up, code=_here().has_factor)
    if request.method == "GET":
        return _set_up_page(form)
    if not form.validate() or not _verify(form):
        return _set_up_page(form), 422
    codes = second_factors.confirm_second_factor(
        session(), actor(), _proposal(), form.new_code.data or "", clock.now()
    )
    if codes is None:
        form.new_code.errors = [
            gettext(
                "The code is not the one that your app should show. Check that the clock of your device is right, wait"
                " for the next code and enter it."
            )
        ]
        return _set_up_page(form), 422
    response = _renew(make_response(_codes_page(codes, access.own_address(form.next.data or ""))))
    device = throttles.remember_browser(session(), actor().handle, access.device(), clock.now())
    access.set_device_cookie(response, device)
    return response


@pages.route("/recovery-codes", methods=["GET", "POST"])
@requires(may_sign_in_pages)
def recovery_codes() -> ResponseReturnValue:
    """Replaces the recovery codes and shows the new ones once."""
    form = _proof_form()
    if request.method == "POST" and form.validate() and _verify(form):
        codes = second_factors.replace_recovery_codes(session(), actor(), clock.now())
        return _renew(make_response(_codes_page(codes, None)))
    page = render_template("second_factors/recovery_codes.html", form=form)
    return (page, 422) if form.errors else page


@pages.route("/remove", methods=["GET", "POST"])
@requires(can_remove_second_factor)
def remove() -> ResponseReturnValue:
    """Refused for an account that must have a second factor."""
    form = _proof_form()
    if request.method == "POST" and form.validate() and _verify(form):
        second_factors.remove_second_factor(session(), actor())
        flash(gettext("Your account has no second factor any more."), "success")
        return _renew(redirect(url_for("account.index"), 303))
    page = render_template("second_factors/remove.html", form=form)
    return (page, 422) if form.errors else page


def _proof_form() -> ProofForm:
    form = ProofForm()
    form.ask_for(passphrase=True, code=_here().has_factor)
    return form


def _verify(form: ProofForm) -> bool:
    """Verifies what the form asks for: the passphrase, and a code where there is a factor. What the caller changes
    afterwards is in the same transaction. The passphrase comes first: its attempts are counted before the request's
    session is used. Raises `SignedOut` where this browser was signed out meanwhile."""
    if form.passphrase and not authentication.verify_passphrase(actor().handle, form.passphrase.data or ""):
        form.passphrase.errors = [gettext("The passphrase is not right. Check it and try again.")]
        return False
    account_id, handle = _here().account_id, actor().handle
    if form.code and not authentication.verify_code(account_id, handle, form.code.data or ""):
        form.code.errors = [
            gettext("The code is not right, or it was used already. Wait for the next one and enter that.")
        ]
        return False
    if not sign_ins.lock_sign_in(session(), account_id, g.token):
        raise SignedOut
    return True


def _renew(response: Response) -> Response:
    """What was opened with less than is asked for now, or by somebody else, opens nothing any more: all other browsers
    are signed out, and this one gets a new token."""
    token = sign_ins.renew_sign_in(session(), _here().account_id, clock.now())
    access.set_sign_in_cookie(response, token)
    return response


def _set_up_page(form: SetUpForm) -> str:
    secret = _proposal()
    address = second_factors.provisioning_uri(sign_ins.read_actor(session(), _here().account_id), secret)
    return render_template(
        "second_factors/set_up.html",
        form=form,
        has_one=_here().has_factor,
        must_have_one=actor().is_setting_up,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        qr_code=Markup(write_qr_code(address, gettext("QR code for your app"))),  # noqa: S704 - drawn by us
    )


def _codes_page(codes: list[str], next_address: str | None) -> str:
    next_url = next_address or url_for("account.index")
    return render_template("second_factors/shown_once.html", codes=codes, next_url=next_url)


def _proposal() -> str:
    return second_factors.propose_secret(session(), _here().account_id, _here().sign_in_id)


def _here() -> SignInSession:
    sign_in = access.sign_in_session()
    if sign_in is None:
        raise SignedOut
    return sign_in
