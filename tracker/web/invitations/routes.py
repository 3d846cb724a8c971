"""Invitation links. People who manage accounts make and withdraw them; the person who got one uses it, without an
account."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import LinkStale, TooBusy, TooManyAttempts, ValidationFailed
from tracker.identity import invitation_acceptance, throttles
from tracker.identity import invitations as services
from tracker.identity.sign_ins import begin_sign_in, read_actor
from tracker.language import gettext, ngettext
from tracker.models.accounts import InvitationKind
from tracker.models.organisations import Organisation
from tracker.policy import organisations as policy
from tracker.policy.accounts import helps_password_managers
from tracker.policy.actors import VISITOR, Actor, would_be_independent
from tracker.policy.mails import would_get_mail
from tracker.queries import invitations as queries
from tracker.queries.invitations import SeenInvitation
from tracker.queries.organisations import count_leads, get_organisation_to_invite_to
from tracker.web import access
from tracker.web.access import actor, public, requires
from tracker.web.authentication import hash_passphrase
from tracker.web.invitations.forms import AcceptForm, InviteForm, NewPassphraseForm
from tracker.web.links import link_page
from tracker.web.transactions import database, session

pages = Blueprint("invitations", __name__, url_prefix="/invitations")


@pages.route("/new/<key>", methods=["GET", "POST"])
@requires(policy.may_invite_people)
def invite(key: str) -> ResponseReturnValue:
    """Invites somebody to an organisation."""
    organisation = get_organisation_to_invite_to(session(), actor(), key)
    back = url_for("organisations.organisation", key=key)
    return _invite(organisation, organisation.name, back)


@pages.route("/administrator", methods=["GET", "POST"])
@requires(policy.may_invite_administrators)
def administrator() -> ResponseReturnValue:
    """Invites a further administrator, who belongs to no organisation."""
    return _invite(None, gettext("Administration of this site"), url_for("organisations.index"))


@pages.post("/<uuid:invitation_id>/withdraw")
@requires(policy.may_invite_people)
def withdraw(invitation_id: UUID) -> Response:
    seen = queries.get_invitation(session(), actor(), invitation_id)
    organisation = seen.invitation.organisation
    services.withdraw_invitation(session(), actor(), seen, clock.now())
    flash(gettext("Link withdrawn. It opens nothing any more."), "success")
    if organisation is None:
        return redirect(url_for("organisations.index"), 303)
    return redirect(url_for("organisations.organisation", key=organisation.key), 303)


@pages.route("/", defaults={"token": ""}, methods=["GET", "POST"])
@pages.route("/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """What the link opens. It is looked up in a session of its own, because the passphrase is hashed before the
    writing transaction begins: that takes a tenth of a second."""
    with database().reading() as reading:
        seen = queries.find_open_invitation(reading, token, clock.now())
        holder = read_actor(reading, seen.account.id) if seen and seen.account else VISITOR
    if seen is None:
        return _stale()
    if actor().account_id is not None:
        return render_template(
            "invitations/signed_in.html", who=actor()
        ), 200 if request.method == "GET" else 403
    try:
        return _no_store(_open(token, seen, holder))
    except LinkStale:
        return _stale()


def _open(token: str, seen: SeenInvitation, holder: Actor) -> ResponseReturnValue:
    kind = seen.invitation.kind
    if kind == InvitationKind.ACCOUNT:
        return _make_account(token, seen)
    if kind == InvitationKind.NEW_PASSPHRASE:
        return _set_passphrase(token, seen, holder)
    if request.method == "POST":
        account = invitation_acceptance.drop_second_factor(session(), token, clock.now())
        return render_template("invitations/done.html", handle=account.handle, kind=kind)
    return render_template(
        "invitations/second_factor.html", handle=seen.account.handle if seen.account else ""
    )


def _make_account(token: str, seen: SeenInvitation) -> ResponseReturnValue:
    invitation = seen.invitation
    organisation, roles = invitation.organisation, invitation.given_roles
    is_of_the_state = organisation is not None and organisation.kind.is_of_the_state
    form = AcceptForm(asks_email=would_get_mail(roles, organisation.kind if organisation else None))
    form.offer()
    values: dict[str, Any] = {"form": form, "organisation": organisation, "roles": roles, "token": token}
    values["helps"] = not would_be_independent(roles, organisation.kind if organisation else None)
    values |= {"is_of_the_state": is_of_the_state, "may_publish": invitation.may_publish}
    if request.method == "GET":
        return render_template("invitations/accept.html", **values)
    if not _is_right(form, form.handle.data or ""):
        return render_template("invitations/accept.html", **values), 422
    try:
        account_id = _store_account(token, invitation.token_hash, form)
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("invitations/accept.html", **values), 422
    except TooManyAttempts as error:
        form.add_errors({"handle": _too_many_handles(error)})
        return render_template("invitations/accept.html", **values), 429
    except TooBusy as error:
        headers = form.say_busy(error)
        return render_template("invitations/accept.html", **values), 503, headers
    sign_in = begin_sign_in(session(), account_id, clock.now())
    cookie.clear()
    response = redirect(url_for("work.index"), 303)
    access.set_sign_in_cookie(response, sign_in)
    return response


def _store_account(token: str, token_hash: str, form: AcceptForm) -> UUID:
    """Counts the attempt, because a link could be used to ask which handles are taken. `TooBusy` and success take the
    attempt back."""
    bucket = f"handles of {token_hash}"
    with database().transaction() as counting:
        throttles.consume_attempt(counting, bucket, clock.now())
    try:
        hashed = hash_passphrase(form.passphrase())
    except TooBusy:
        with database().transaction() as counting:
            throttles.refund_attempt(counting, bucket)
        raise
    handle, address = form.handle.data or "", form.address()
    account = invitation_acceptance.accept_invitation(
        session(), token, handle, hashed, clock.now(), email=address
    )
    throttles.refund_attempt(session(), bucket)
    return account.id


def _set_passphrase(token: str, seen: SeenInvitation, holder: Actor) -> ResponseReturnValue:
    handle = holder.handle
    form = NewPassphraseForm()
    form.offer()
    values = {"form": form, "handle": handle, "token": token, "helps": helps_password_managers(holder)}
    if request.method == "GET":
        return render_template("invitations/passphrase.html", **values)
    if not _is_right(form, handle):
        return render_template("invitations/passphrase.html", **values), 422
    try:
        hashed = hash_passphrase(form.passphrase())
    except TooBusy as error:
        headers = form.say_busy(error)
        return render_template("invitations/passphrase.html", **values), 503, headers
    invitation_acceptance.set_new_passphrase(session(), token, hashed, clock.now())
    return render_template("invitations/done.html", handle=handle, kind=seen.invitation.kind)


def _invite(organisation: Organisation | None, name: str, back: str) -> ResponseReturnValue:
    who = actor()
    roles = policy.roles_to_invite(who, organisation)
    is_registrars = organisation is not None and not policy.can_see_people_of(who, organisation)
    form = InviteForm()
    form.offer(roles)
    values = {"form": form, "name": name, "back_url": back, "roles": roles, "is_registrars": is_registrars}
    values["leads"] = count_leads(session(), organisation) if organisation and is_registrars else None
    if values["leads"] == 1:
        form.note.description = gettext(
            "You and the present lead of this organisation can read it. It is stored encrypted. Do not write"
            " a legal name."
        )
    if request.method == "GET":
        return render_template("invitations/invite.html", **values)
    if not form.validate():
        return render_template("invitations/invite.html", **values), 422
    role = form.read_role()
    if role is None:
        form.add_errors({"role": gettext("Choose a role")})
        return render_template("invitations/invite.html", **values), 422
    note, right, now = form.note.data or "", form.gives_right(), clock.now()
    link = services.invite(session(), who, organisation, role, now, may_publish=right, note=note)
    return link_page(link, name, back)


def _too_many_handles(error: TooManyAttempts) -> str:
    return ngettext(
        "Too many usernames were tried with this link. It stays open: try again in %(num)s minute",
        "Too many usernames were tried with this link. It stays open: try again in %(num)s minutes",
        error.minutes,
    )


def _is_right(form: NewPassphraseForm, handle: str) -> bool:
    """Runs both checks, so that all sentences are shown at once."""
    is_valid = form.validate()
    return form.check(handle) and is_valid


def _no_store(answer: ResponseReturnValue) -> Response:
    """The page shows a passphrase: no browser may store it."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    return response


def _stale() -> ResponseReturnValue:
    """The same bytes for an unknown link and for one that was used, withdrawn or has expired."""
    return render_template("invitations/stale.html"), 404
