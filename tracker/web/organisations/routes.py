"""Organisations: the registrar's, the State's, or one's own."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.identity.invitations import invite
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
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
    """Who leads one organisation and keeps no others goes there at once."""
    who, now = actor(), clock.now()
    admits, keeps = policy.may_admit_organisations(who), accounts.may_manage_state_people(who)
    administrates = policy.may_invite_administrators(who)
    if not admits and not keeps:
        own = queries.get_own_organisation(session(), who)
        return redirect(url_for("organisations.organisation", key=own.key))
    return render_template(
        "organisations/index.html",
        who=who,
        independent=queries.list_independent_organisations(session(), who, now, SHOWN) if admits else None,
        of_the_state=queries.list_state_organisations(session(), who, SHOWN) if keeps else None,
        administrators=people.list_people(session(), who, None) if administrates else None,
        open_links=invitations.list_invitations(session(), who, None, now) if administrates else [],
    )


@pages.route("/admit", methods=["GET", "POST"])
@requires(policy.may_admit_organisations)
def admit() -> str | tuple[str, int]:
    """An independent organisation, with the invitation of its first lead."""
    form = AdmitForm()
    if request.method == "GET":
        return render_template("organisations/admit.html", form=form)
    if not form.validate():
        return render_template("organisations/admit.html", form=form), 422
    made = services.admit_organisation(session(), actor(), form.read_kind(), form.names(), state_code())
    link = invite(session(), actor(), made, Role.ORGANISATION_LEAD, clock.now())
    return link_page(link, made.name, url_for("organisations.organisation", key=made.key))


@pages.get("/<key>")
@requires(policy.may_see_organisations)
def organisation(key: str) -> str:
    """Its people, for those who may see them; its open links."""
    found, who, now = _get(key), actor(), clock.now()
    sees_people = policy.can_see_people_of(who, found)
    return render_template(
        "organisations/organisation.html",
        organisation=found,
        who=who,
        sees_people=sees_people,
        is_of_the_state=found.kind.is_of_the_state,
        people=people.list_people(session(), who, found) if sees_people else [],
        open_links=invitations.list_invitations(session(), who, found, now),
        leads=queries.count_leads(session(), found),
        leads_it=accounts.may_lead(who),
    )


def _get(key: str) -> Organisation:
    return queries.get_kept_organisation(session(), actor(), key)
