"""Organisations: those of the State for everybody, with what they lead; an independent one for its own leads and the
registrar; their people for those who manage them."""

from flask import Blueprint, current_app, render_template, request, url_for

from tracker import clock
from tracker.failures import BadInput
from tracker.identity.invitations import invite
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
from tracker.policy import accounts
from tracker.policy import organisations as policy
from tracker.queries import completeness, invitations, people, reviews
from tracker.queries import organisations as queries
from tracker.queries.organisation_figures import get_organisation_figures
from tracker.services import organisations as services
from tracker.web.access import actor, public, requires, state_code
from tracker.web.cache import figures_of
from tracker.web.links import link_page
from tracker.web.organisations.forms import AdmitForm
from tracker.web.transactions import session

pages = Blueprint("organisations", __name__, url_prefix="/organisations")
SHOWN = 500
NEWEST = 5


@pages.get("")
@public
def index() -> str:
    """Those of the State by name; below, what the actor manages."""
    who, now = actor(), clock.now()
    admits, administrates = policy.may_admit_organisations(who), policy.may_invite_administrators(who)
    review = reviews.find_current_review(session(), who, state_code())
    return render_template(
        "organisations/index.html",
        review=review,
        rows=queries.list_state_organisations(session(), who, state_code(), SHOWN),
        leading=_leading(review) if review else {},
        manages=accounts.may_manage_state_people(who),
        own=queries.get_own_organisation(session(), who) if accounts.may_lead(who) else None,
        independent=queries.list_independent_organisations(session(), who, now, SHOWN) if admits else None,
        administrators=people.list_people(session(), who, None) if administrates else None,
        open_links=invitations.list_invitations(session(), who, None, now) if administrates else [],
    )


def _leading(review: reviews.ReviewFacts) -> dict[str | None, completeness.LeadFigures]:
    """By the key of the organisation."""
    points = figures_of(review).points
    found = completeness.list_lead_figures(session(), actor(), review.id, points)
    return {each.key: each for each in found}


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
@public
def organisation(key: str) -> str:
    """What an organisation of the State leads, for everybody. People and open links of any organisation, for those who
    manage them."""
    shown, who = queries.get_visible_organisation(session(), actor(), key), actor()
    invites = policy.can_invite_to(who, shown)
    sees_people = policy.can_see_people_of(who, shown)
    return render_template(
        "organisations/organisation.html",
        organisation=shown,
        is_of_the_state=shown.kind.is_of_the_state,
        **_followed_up(shown),
        invites=invites,
        sees_people=sees_people,
        people=people.list_people(session(), who, shown) if sees_people else [],
        open_links=invitations.list_invitations(session(), who, shown, clock.now()) if invites else [],
        leads=queries.count_leads(session(), shown) if invites else 0,
    )


def _followed_up(shown: Organisation) -> dict[str, object]:
    """What the organisation does in the current review of its State; nothing of an independent one."""
    if not shown.kind.is_of_the_state or shown.state_code is None:
        return {"review": None}
    review = reviews.find_current_review(session(), actor(), shown.state_code)
    if review is None:
        return {"review": None}
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    figures = get_organisation_figures(session(), actor(), shown, review.id, today, NEWEST)
    return {
        "review": review,
        "today": today,
        "figures": figures,
        "recommendations": figures_of(review).recommendations,
    }
