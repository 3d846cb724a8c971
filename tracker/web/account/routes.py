"""The own account: where it is signed in, its passphrase, language and mail."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import BadInput, SignedOut, TooBusy, ValidationFailed
from tracker.identity import accounts, passphrases, second_factors, sign_ins
from tracker.language import gettext, speaking
from tracker.policy.accounts import can_remove_second_factor
from tracker.policy.actors import is_independent_account, may_sign_in_pages
from tracker.policy.mails import may_get_mail
from tracker.queries.accounts import get_own_account
from tracker.web import access, authentication, languages
from tracker.web.access import actor, requires
from tracker.web.account.forms import ChangePassphraseForm, SettingsForm
from tracker.web.transactions import session

pages = Blueprint("account", __name__, url_prefix="/account")
FEW_CODES = 2
"""The page warns when only so many of the ten recovery codes are left: without one a person may be locked out."""


@pages.get("")
@requires(may_sign_in_pages)
def index() -> str:
    return render_template(
        "account/index.html",
        account=get_own_account(session(), actor()),
        sign_ins=sign_ins.list_own_sign_ins(session(), actor(), _here(), clock.now()),
        used=_used,
        codes_left=second_factors.count_recovery_codes(session(), actor()),
        few_codes=FEW_CODES,
        can_remove=can_remove_second_factor(actor()),
        may_get_mail=may_get_mail(actor()),
        is_independent=is_independent_account(actor()),
    )


@pages.post("/sign-ins/<uuid:sign_in_id>/end")
@requires(may_sign_in_pages)
def end_sign_in(sign_in_id: UUID) -> Response:
    sign_ins.end_sign_in(session(), actor(), sign_in_id)
    if sign_in_id == _here():
        return access.clear_sign_in(redirect(url_for("reviews.review"), 303))
    flash(gettext("That browser is signed out."), "success")
    return redirect(url_for("account.index"), 303)


@pages.post("/sign-ins/end")
@requires(may_sign_in_pages)
def end_sign_ins() -> Response:
    """Signs out all browsers, this one too."""
    sign_ins.end_sign_ins(session(), _account_id())
    return access.clear_sign_in(redirect(url_for("reviews.review"), 303))


@pages.route("/passphrase", methods=["GET", "POST"])
@requires(may_sign_in_pages)
def passphrase() -> ResponseReturnValue:
    """Asks for the present passphrase. Signs out all other browsers; this one gets a new token."""
    form = ChangePassphraseForm()
    try:
        return _change_passphrase(form)
    except TooBusy as error:
        headers = form.say_busy(error)
        return _passphrase_page(form), 503, headers


def _change_passphrase(form: ChangePassphraseForm) -> ResponseReturnValue:
    if request.method == "GET":
        return _passphrase_page(form)
    if not form.validate():
        return _passphrase_page(form), 422
    typed = form.new_passphrase.data or ""
    try:
        passphrases.check_strength(typed, actor().handle)
    except BadInput as error:
        form.new_passphrase.errors = [str(error)]
        return _passphrase_page(form), 422
    verified = authentication.verify_passphrase(actor().handle, form.passphrase.data or "")
    hashed = authentication.hash_passphrase(typed) if verified else ""
    if verified is None or not accounts.change_passphrase(session(), actor(), verified, hashed, clock.now()):
        form.passphrase.errors = [gettext("This is not your current passphrase. Check it and try again.")]
        return _passphrase_page(form), 422
    token = sign_ins.renew_sign_in(session(), verified.account_id, clock.now())
    flash(gettext("Your passphrase is changed. All other browsers are signed out."), "success")
    response = make_response(redirect(url_for("account.index"), 303))
    access.set_sign_in_cookie(response, token)
    return response


@pages.route("/settings", methods=["GET", "POST"])
@requires(may_sign_in_pages)
def settings() -> ResponseReturnValue:
    account, gets_mail = get_own_account(session(), actor()), may_get_mail(actor())
    form = SettingsForm(
        language=account.language,
        email=account.email or "",
        wants_mail="yes" if account.wants_mail else "no",
        saves_passphrase="yes" if account.saves_passphrase else "no",
        asks_email=gets_mail,
        asks_saving=is_independent_account(actor()),
    )
    values = {"form": form, "may_get_mail": gets_mail}
    if request.method == "GET":
        return render_template("account/settings.html", **values)
    if not form.validate():
        return render_template("account/settings.html", **values), 422
    try:
        accounts.change_settings(
            actor(),
            account,
            form.language.data,
            form.address(),
            wants_mail=form.wants_reminders(),
            saves_passphrase=form.may_save(),
        )
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("account/settings.html", **values), 422
    with speaking(form.language.data):
        flash(gettext("Your settings are saved."), "success")
    return redirect(languages.in_language(url_for("account.index"), form.language.data), 303)


def _passphrase_page(form: ChangePassphraseForm) -> str:
    """A form that comes back keeps its proposal. Only without one is the account read, for its language: the passphrase
    is verified before the request's session is used."""
    if not form.proposal.data:
        form.proposal.data = passphrases.make_words(get_own_account(session(), actor()).language)
    return render_template("account/passphrase.html", form=form)


def _used(idle: timedelta) -> str:
    """How long ago, roughly: an exact minute could be compared with who was seen where."""
    minutes = idle.total_seconds() / 60
    if minutes < 15:
        return gettext("last used within a quarter of an hour")
    if minutes < 45:
        return gettext("last used about half an hour ago")
    return gettext("last used about an hour ago") if minutes < 90 else gettext("last used about 2 hours ago")


def _here() -> UUID:
    sign_in = access.sign_in_session()
    if sign_in is None:
        raise SignedOut
    return sign_in.sign_in_id


def _account_id() -> UUID:
    account_id = actor().account_id
    if account_id is None:
        raise SignedOut
    return account_id
