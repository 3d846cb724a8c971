"""Organisations: those of the State for everybody, with what they lead; an independent one for its own leads and the
registrar; their people for those who manage them. The coordinator creates, corrects, ends and reopens those of the
State; `successions` renames, merges and divides them."""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import BadInput, ChangedMeanwhile, Refused
from tracker.identity.accounts import refuse_ended
from tracker.identity.invitations import invite
from tracker.language import gettext, ngettext
from tracker.models.accounts import Role
from tracker.models.organisations import Organisation
from tracker.policy import accounts
from tracker.policy import organisations as policy
from tracker.queries import completeness, invitations, people, reviews, successions
from tracker.queries import organisations as queries
from tracker.queries.former_names import list_former_names
from tracker.queries.organisation_figures import get_organisation_figures
from tracker.services.organisations import creation as services
from tracker.services.organisations import endings
from tracker.services.organisations.names import correct_names, names_of, seen_of
from tracker.services.organisations.successions import Day
from tracker.web.access import actor, public, requires, state_code
from tracker.web.cache import figures_of
from tracker.web.links import link_page
from tracker.web.organisations.forms import AdmitForm, CorrectForm, CreateForm, EndForm
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
    rows = queries.list_state_organisations(session(), who, state_code(), SHOWN)
    return render_template(
        "organisations/index.html",
        review=review,
        rows=[row for row in rows if row.Organisation.valid_to is None],
        former=[row.Organisation for row in rows if row.Organisation.valid_to is not None],
        leading=_leading(review) if review else {},
        may_manage=policy.may_manage_organisations(who),
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
    is_open = shown.valid_to is None
    invites = is_open and policy.can_invite_to(who, shown)
    may_manage = policy.can_manage_organisation(who, shown)
    predecessors, successors = successions.list_relatives(session(), who, shown)
    sees_people = is_open and policy.can_see_people_of(who, shown)
    return render_template(
        "organisations/organisation.html",
        organisation=shown,
        is_of_the_state=shown.kind.is_of_the_state,
        predecessors=predecessors,
        successors=successors,
        former_names=list_former_names(
            session(), who, [*(each.organisation for each in predecessors), shown]
        ),
        may_manage=may_manage,
        **_followed_up(shown),
        invites=invites,
        sees_people=sees_people,
        people=people.list_people(session(), who, shown) if sees_people else [],
        open_links=invitations.list_invitations(session(), who, shown, clock.now()) if invites else [],
        leads=queries.count_leads(session(), shown) if invites else 0,
    )


@pages.route("/create", methods=["GET", "POST"])
@requires(policy.may_manage_organisations)
def create() -> str | Response | tuple[str, int]:
    """Makes an organisation of the actor's State."""
    form = CreateForm()
    if request.method == "POST" and form.validate():
        try:
            made = services.create_organisation(
                session(),
                actor(),
                form.key.data or "",
                form.read_kind(),
                form.names(),
                state_code(),
                clock.now(),
            )
        except BadInput as error:
            form.form_errors.append(str(error))
        else:
            said = gettext(
                "%(name)s is here now. Invite its people, and assign recommendations to it.", name=made.name
            )
            return _done(made, said)
    return _form_page("organisations/create.html", form, state_code=state_code())


@pages.route("/<key>/correct", methods=["GET", "POST"])
@requires(policy.may_manage_organisations)
def correct(key: str) -> str | Response | tuple[str, int]:
    """Mends how the name is written: it stays the same organisation."""
    organisation = queries.get_organisation_to_manage(session(), actor(), key)
    names = names_of(organisation)
    form = CorrectForm(
        data={"seen": seen_of(names), **{f"name_{code}": name for code, name in names.items()}}
    )
    if request.method == "POST" and form.validate():
        try:
            is_changed = correct_names(
                session(), actor(), organisation, form.names(), clock.now(), form.seen.data
            )
        except ChangedMeanwhile as error:
            form.seen.show(seen_of(error.theirs))
            page = {"form": form, "organisation": organisation, "stands": error.theirs}
            return render_template("organisations/correct.html", **page), 409
        except BadInput as error:
            form.form_errors.append(str(error))
        else:
            unchanged = gettext("Nothing differs, so nothing was changed.")
            return _done(
                organisation, gettext("The name is corrected everywhere.") if is_changed else unchanged
            )
    return _form_page("organisations/correct.html", form, organisation=organisation)


@pages.route("/<key>/end", methods=["GET", "POST"])
@requires(policy.may_manage_organisations)
def end(key: str) -> str | Response | tuple[str, int]:
    """Nobody goes on in its place. The page says what nobody leads then."""
    organisation, today = queries.get_organisation_to_manage(session(), actor(), key), _today()
    refuse_ended(organisation)
    form = EndForm(data={"on": today})
    if request.method == "POST" and form.validate():
        day = Day(form.on.data or today, today, clock.now())
        meant = bool(form.leaves_ownerless.data)
        try:
            endings.end_organisation(session(), actor(), organisation, day, leaves_ownerless=meant)
        except BadInput as error:
            form.form_errors.append(str(error))
        else:
            return _done(organisation, gettext("%(name)s has ended. Its page stays.", name=organisation.name))
    has = successions.get_belongings(session(), actor(), organisation)
    return _form_page("organisations/end.html", form, organisation=organisation, has=has)


@pages.post("/<key>/reopen")
@requires(policy.may_manage_organisations)
def reopen(key: str) -> Response:
    organisation = queries.get_organisation_to_manage(session(), actor(), key)
    try:
        back = endings.reopen_organisation(session(), actor(), organisation, clock.now())
    except Refused:
        raise
    except BadInput as error:
        raise Refused(str(error)) from error
    said = ngettext(
        "%(name)s goes on, with %(num)s assignment that it had.",
        "%(name)s goes on, with %(num)s assignments that it had.",
        back,
        name=organisation.name,
    )
    return _done(organisation, said)


def _form_page(template: str, form: Any, **values: Any) -> str | tuple[str, int]:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.errors or form.form_errors else page


def _done(organisation: Organisation, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("organisations.organisation", key=organisation.key), 303)


def _today() -> date:
    return clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())


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
