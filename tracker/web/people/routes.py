"""One person: the account, and everything that others may do with it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import BadInput, NotAllowed
from tracker.identity import people as services
from tracker.identity.account_locks import find_last_roles
from tracker.identity.invitations import create_recovery_link
from tracker.identity.sign_ins import actor_of
from tracker.language import gettext
from tracker.models.accounts import Account, InvitationKind, Role
from tracker.policy import accounts as policy
from tracker.policy.actors import is_independent_account
from tracker.policy.roles import ROLES_OF_THE_STATE
from tracker.queries import people as queries
from tracker.web.access import actor, requires
from tracker.web.links import link_page
from tracker.web.people.forms import NEW, HandOverForm
from tracker.web.transactions import session

pages = Blueprint("people", __name__, url_prefix="/people")
RENEWED = (InvitationKind.NEW_PASSPHRASE, InvitationKind.NEW_SECOND_FACTOR)


@pages.get("/<uuid:account_id>")
@requires(policy.may_see_people)
def person(account_id: UUID) -> str:
    row, who = queries.get_person(session(), actor(), account_id), actor()
    account = row.Account
    held = {each.role for each in account.roles}
    return render_template(
        "people/person.html",
        account=account,
        row=row,
        who=who,
        is_of_the_state=not is_independent_account(actor_of(account)),
        back_url=_list_url(account),
        can_change=policy.can_change_account(who, account),
        can_give_right=policy.can_give_right_to_publish(who, account),
        can_change_roles=policy.can_change_roles(who, account),
        can_hand_over=policy.can_hand_over(who, account),
        last_roles=find_last_roles(session(), account),
        other_roles=[role for role in ROLES_OF_THE_STATE if role not in held],
    )


@pages.route("/<uuid:account_id>/end", methods=["GET", "POST"])
@requires(policy.may_see_people)
def end(account_id: UUID) -> str | Response:
    """Asks once, then ends the account."""
    account = _get(account_id)
    if not policy.can_change_account(actor(), account):
        raise NotAllowed
    if request.method == "GET":
        return render_template(
            "people/end.html",
            account=account,
            hands_over=policy.can_hand_over(actor(), account),
            last_roles=find_last_roles(session(), account),
        )
    services.end_account(session(), actor(), account, clock.now())
    flash(gettext("Account ended. It is signed out everywhere."), "success")
    return redirect(_list_url(account), 303)


@pages.post("/<uuid:account_id>/publishing")
@requires(policy.may_lead)
def publishing(account_id: UUID) -> Response:
    """Gives or takes the right to publish."""
    account, given = _get(account_id), request.form.get("given") == "1"
    services.give_right_to_publish(session(), actor(), account, given=given)
    sentence = (
        gettext("%(handle)s may publish from now on.", handle=account.handle)
        if given
        else gettext("%(handle)s may not publish any more.", handle=account.handle)
    )
    flash(sentence, "success")
    return redirect(url_for("people.person", account_id=account_id), 303)


@pages.post("/<uuid:account_id>/give-role")
@requires(policy.may_manage_state_people)
def give_role(account_id: UUID) -> Response:
    account, role = _get(account_id), _role()
    services.give_role(session(), actor(), account, role, clock.now())
    said = gettext(
        "%(handle)s now has the role “%(role)s”, from the next page that this person opens.",
        handle=account.handle,
        role=role.label,
    )
    flash(said, "success")
    return redirect(url_for("people.person", account_id=account_id), 303)


@pages.post("/<uuid:account_id>/take-role")
@requires(policy.may_manage_state_people)
def take_role(account_id: UUID) -> Response:
    account, role = _get(account_id), _role()
    services.take_role(session(), actor(), account, role, clock.now())
    said = gettext(
        "%(handle)s no longer has the role “%(role)s”, from the next page that this person opens.",
        handle=account.handle,
        role=role.label,
    )
    flash(said, "success")
    return redirect(url_for("people.person", account_id=account_id), 303)


@pages.route("/<uuid:account_id>/hand-over", methods=["GET", "POST"])
@requires(policy.may_manage_state_people)
def hand_over(account_id: UUID) -> str | Response | tuple[str, int]:
    """Hands the work over: to a colleague at once, or to somebody new when that person uses the link."""
    account = _get(account_id)
    if not policy.can_hand_over(actor(), account):
        raise NotAllowed
    successors, form = queries.list_successors(session(), actor(), account), HandOverForm()
    form.offer(successors)
    values: dict[str, Any] = {"form": form, "account": account}
    if request.method == "GET":
        return render_template("people/hand_over.html", **values)
    if not form.validate():
        return render_template("people/hand_over.html", **values), 422
    if form.successor.data == NEW:
        link = services.hand_over_to_new(session(), actor(), account, form.note.data or "", clock.now())
        return link_page(
            link, gettext("a successor of %(handle)s", handle=account.handle), _list_url(account)
        )
    successor = form.chosen(successors)
    if successor is None:
        form.add_errors({"successor": gettext("Choose who takes over")})
        return render_template("people/hand_over.html", **values), 422
    successor = _get(successor.id)
    services.hand_over(session(), actor(), account, successor, clock.now())
    flash(gettext("Handed over. Everything that was under way goes on."), "success")
    return redirect(url_for("people.person", account_id=successor.id), 303)


@pages.post("/<uuid:account_id>/renew")
@requires(policy.may_see_people)
def renew(account_id: UUID) -> str:
    """Makes a link to a new passphrase or second factor, and shows it once."""
    account, kind = _get(account_id), request.form.get("kind")
    if kind not in RENEWED:
        raise BadInput(gettext("Choose what was lost: the passphrase or the second factor."))
    link = create_recovery_link(session(), actor(), account, InvitationKind(kind), clock.now())
    of = (
        gettext("a new passphrase for %(handle)s", handle=account.handle)
        if kind == InvitationKind.NEW_PASSPHRASE
        else gettext("a new second factor for %(handle)s", handle=account.handle)
    )
    return link_page(link, of, url_for("people.person", account_id=account_id))


def _get(account_id: UUID) -> Account:
    return queries.get_account(session(), actor(), account_id)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise BadInput(gettext("Choose one of the roles in the list.")) from None


def _list_url(account: Account) -> str:
    """The page that lists the person."""
    if account.organisation is None:
        return url_for("organisations.index")
    return url_for("organisations.organisation", key=account.organisation.key)
