"""Organisations: those that a registrar admits, those of the State, or the actor's own."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import BadInput
from tracker.identity.invitations import invite
from tracker.models.accounts import Role
from tracker.policy import accounts
from tracker.policy import organisations as policy
from tracker.queries import invitations, people
from tracker.queries import organisations as queries
from tracker.services import organisations as services
from tracker.web.access import actor, requires, state_code
from tracker.web.links import link_page
from tracker.web.organisations.forms import AdmitForm
from tracker.web.transactions import session

pages = Blueprint("organisations", __name__, url_prefix="/organisations")
SHOWN = 500


@pages.get("")
@requires(policy.may_see_organisations)
def index() -> str | Response:
    """An actor who leads one organisation and manages no others is redirected to it."""
    who, now = actor(), clock.now()
    admits, manages = policy.may_admit_organisations(who), accounts.may_manage_state_people(who)
    administrates = policy.may_invite_administrators(who)
    if not admits and not manages:
        own = queries.get_own_organisation(session(), who)
        return redirect(url_for("organisations.organisation", key=own.key))
    return render_template(
        "organisations/index.html",
        who=who,
        independent=queries.list_independent_organisations(session(), who, now, SHOWN) if admits else None,
        of_the_state=queries.list_state_organisations(session(), who, SHOWN) if manages else None,
        administrators=people.list_people(session(), who, None) if administrates else None,
        open_links=invitations.list_invitations(session(), who, None, now) if administrates else [],
    )


@pages.route("/admit", methods=["GET", "POST"])
@requires(policy.may_admit_organisations)
def admit() -> str | tuple[str, int]:
    """Admits an independent organisation and invites its first lead."""
    form = AdmitForm()
    if request.method == "GET":
        return render_template("organisations/admit.html", form=form)
    if not form.validate():
        return render_template("organisations/admit.html", form=form), 422
    kind = form.read_kind()
    try:
        admitted = services.admit_organisation(
            session(), actor(), kind, form.names(), kind.usual_state(state_code())
        )
    except BadInput as error:  # the setting STATE names none that is seeded
        form.form_errors.append(str(error))
        return render_template("organisations/admit.html", form=form), 422
    link = invite(session(), actor(), admitted, Role.ORGANISATION_LEAD, clock.now())
    return link_page(link, admitted.name, url_for("organisations.organisation", key=admitted.key))


@pages.get("/<key>")
@requires(policy.may_see_organisations)
def organisation(key: str) -> str:
    """Its people, for those who may see them; its open links."""
    shown, who, now = queries.get_visible_organisation(session(), actor(), key), actor(), clock.now()
    sees_people = policy.can_see_people_of(who, shown)
    return render_template(
        "organisations/organisation.html",
        organisation=shown,
        who=who,
        sees_people=sees_people,
        is_of_the_state=shown.kind.is_of_the_state,
        people=people.list_people(session(), who, shown) if sees_people else [],
        open_links=invitations.list_invitations(session(), who, shown, now),
        leads=queries.count_leads(session(), shown),
        leads_it=accounts.may_lead(who),
    )
