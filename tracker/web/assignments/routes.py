"""The coordinator distributes the recommendations of a review: one by one, by a table, or as our own reading suggests;
and sees what has no lead and who has no focal point."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.exchange.imports.organisation_names import is_nhri
from tracker.failures import BadInput, NotAllowed
from tracker.language import gettext, ngettext
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation
from tracker.models.reviews import Review
from tracker.policy import assignments as policy
from tracker.queries import assignments as queries
from tracker.queries.organisations import get_organisation_to_manage, list_assignable_organisations
from tracker.queries.recommendations.recommendation import get_recommendation
from tracker.queries.reviews import get_review, list_loaded
from tracker.services import assignment_plans as plans
from tracker.services import assignment_tables as tables
from tracker.services import assignments as services
from tracker.services import suggestions as suggested
from tracker.services.assignment_plans import Planned, apply_plan, plan_assignments
from tracker.web import organisation_choices as choices
from tracker.web.access import actor, requires
from tracker.web.assignments.forms import AssignForm, TableForm
from tracker.web.assignments.tables import SentTable, read_again, read_sent
from tracker.web.forms import SeenForm
from tracker.web.page_numbers import page_number
from tracker.web.transactions import session
from tracker.web.uploads import takes_files

pages = Blueprint("assignments", __name__, url_prefix="/assignments/<review>")
Page = str | Response | tuple[str, int]


@pages.get("")
@requires(policy.may_assign)
def index(review: str) -> str | Response:
    """What has no lead, a page at a time, and which organisation no focal point. A page that has become empty, because
    its recommendations have a lead meanwhile, leads to the first."""
    found, page = _get_review(review), page_number()
    rows, has_more = queries.list_without_lead(session(), actor(), found.id, page)
    if not rows and page > 1:
        return redirect(url_for("assignments.index", review=found.code))
    total, without_lead = queries.count_without_lead(session(), actor(), found.id)
    return render_template(
        "assignments/index.html",
        review=found,
        others=[each.code for each in list_loaded(session(), actor(), found.state_code) if each.kinds],
        total=total,
        without_lead=without_lead,
        rows=rows,
        page=page,
        has_more=has_more,
        without_focal_point=queries.list_without_focal_point(session(), actor(), found.state_code),
        organisations=len(list_assignable_organisations(session(), actor(), found.state_code)),
        has_suggestions=bool(queries.list_suggested(session(), actor(), found.id)),
    )


@pages.route("/<ref>", methods=["GET", "POST"])
@requires(policy.may_assign)
def assign(review: str, ref: str) -> Page:
    """Who leads and supports one recommendation."""
    recommendation = get_recommendation(session(), actor(), review, ref)
    if not policy.can_assign(actor(), recommendation.review):
        raise NotAllowed
    known = list_assignable_organisations(session(), actor(), recommendation.review.state_code)
    form = AssignForm()
    form.organisation.offer(known, gettext("Choose an organisation"))
    here = {"review": review, "ref": ref}
    _lock_if_sent(recommendation.review)
    held = queries.list_assignments(session(), actor(), recommendation.id)
    seen = " / ".join(f"{each.kind} {each.organisation.key}" for each in held)
    if request.method == "POST" and form.validate() and form.is_as_shown(seen):
        organisation = form.organisation.chosen(known)
        if organisation is not None:
            kind = AssignmentKind(form.kind.data)
            services.assign(session(), actor(), recommendation, organisation, kind, _today(), clock.now())
            flash(_said(organisation, kind, ref), "success")
            return redirect(url_for("assignments.assign", **here), 303)  # type: ignore[arg-type]
        form.add_errors({"organisation": gettext("Choose an organisation")})
    form.seen.show(seen)
    page = render_template(
        "assignments/assign.html",
        form=form,
        recommendation=recommendation,
        held=held,
        has_organisations=bool(known),
    )
    return _answer(page, form)


@pages.post("/<ref>/end")
@requires(policy.may_assign)
def end(review: str, ref: str) -> Response:
    """The organisation of the field `organisation` neither leads nor supports any more."""
    recommendation = get_recommendation(session(), actor(), review, ref)
    if not policy.can_assign(actor(), recommendation.review):
        raise NotAllowed
    organisation = get_organisation_to_manage(session(), actor(), request.form.get("organisation", ""))
    services.end_assignment(session(), actor(), recommendation, organisation, _today(), clock.now())
    flash(
        gettext("%(name)s has nothing to do with %(ref)s any more.", name=organisation.name, ref=ref),
        "success",
    )
    return redirect(url_for("assignments.assign", review=review, ref=ref), 303)


@pages.route("/table", methods=["GET", "POST"])
@requires(policy.may_assign)
@takes_files
def table(review: str) -> Page:
    """A table of many: read, shown with what it would change, then applied."""
    form = TableForm()
    if request.method == "GET" or not form.validate():
        return _table_page(form, _get_review(review))
    try:
        sent = read_again(request.form["rows"]) if "rows" in request.form else read_sent(form)
    except BadInput as error:
        form.form_errors.append(str(error))
        return _table_page(form, _get_review(review))
    return _preview(form, _get_review(review), sent)


def _table_page(form: TableForm, review: Review) -> str | tuple[str, int]:
    page = render_template("assignments/table.html", form=form, review=review)
    return (page, 422) if form.errors or form.form_errors else page


def _preview(form: TableForm, review: Review, sent: SentTable) -> Page:
    known = tables.read_known_organisations(session(), actor(), review.state_code)
    rows = tables.join_names(known, sent.rows)
    spellings = tables.list_spellings(rows)
    asked = choices.read_choices(spellings, known)
    organisations = choices.chosen_organisations(spellings, asked, known)
    if "apply" in request.form:
        plans.lock_assignments(session(), actor(), review)
    now = queries.list_assigned(session(), actor(), review.id)
    read = tables.read_wishes(now, rows, organisations | choices.new_organisations(asked))
    plan = plan_assignments(now, read.wishes)
    if "apply" in request.form:
        form.form_errors.extend(choices.undecided(asked))
        if not form.form_errors and form.is_as_shown(plans.seen_of(plan)):
            organisations |= choices.create_chosen(asked, review.state_code, clock.now())
            read = tables.read_wishes(now, rows, organisations)
            return _apply(review, plan_assignments(now, read.wishes))
    form.seen.show(plans.seen_of(plan))
    page = render_template(
        "assignments/table_preview.html",
        form=form,
        review=review,
        table=sent,
        problems=tables.without_joined(sent.problems, sent.rows, rows),
        plan=plan,
        unknown=read.unknown,
        twice=read.twice,
        choices=asked,
        known=known.by_key.values(),
        kinds=choices.list_kinds(),
    )
    return _answer(page, form)


@pages.route("/suggestions", methods=["GET", "POST"])
@requires(policy.may_assign)
def suggestions(review: str) -> Page:
    """The institutions that our own reading names, each with the organisation that it means: accepted one by one (the
    button `accept` holds the name), or all that are chosen."""
    found = _get_review(review)
    _lock_if_sent(found)
    names = queries.list_suggested(session(), actor(), found.id)
    now = queries.list_assigned(session(), actor(), found.id)
    known = tables.read_known_organisations(session(), actor(), found.state_code)
    spellings = list(dict.fromkeys(name for _, each in names for name in each if not is_nhri(name)))
    asked = choices.read_choices(spellings, known)
    organisations = choices.chosen_organisations(spellings, asked, known)
    matched = {name: each for name in spellings if (each := known.find(name))}
    rows = suggested.list_institutions(now, names, matched)
    form = SeenForm()
    if request.method == "POST" and form.is_as_shown(suggested.seen_of(rows, matched)):
        accepted = _accepted(spellings, asked, organisations, found.state_code, form)
        if not form.form_errors:
            return _apply(
                found, plan_assignments(now, suggested.wishes_of(now, names, accepted)), "suggestions"
            )
    form.seen.show(suggested.seen_of(rows, matched))
    page = render_template(
        "assignments/suggestions.html",
        form=form,
        review=found,
        rows=[row for row in rows if row.leads or row.supports],
        matched=matched,
        choices={each.spelling: each for each in asked},
        known=known.by_key.values(),
        kinds=choices.list_kinds(),
    )
    return _answer(page, form)


def _accepted(
    spellings: Sequence[str],
    asked: Sequence[choices.Chosen],
    organisations: dict[str, Organisation],
    state_code: str,
    form: SeenForm,
) -> dict[str, Organisation]:
    """Of one name the choice must be made; of all, those without a choice are left for later."""
    one = request.form.get("accept", "")
    names = [one] if one in spellings else list(spellings)
    wanted = [each for each in asked if each.spelling in names]
    if one:
        form.form_errors.extend(choices.undecided(wanted))
    if form.form_errors:
        return {}
    made = choices.create_chosen(wanted, state_code, clock.now())
    return {name: each for name, each in (organisations | made).items() if name in names}


def _lock_if_sent(review: Review) -> None:
    if request.method == "POST":
        plans.lock_assignments(session(), actor(), review)


def _answer(page: str, form: SeenForm) -> Page:
    if form.is_outdated:
        return page, 409
    return (page, 422) if form.errors else page


def _apply(review: Review, plan: list[Planned], back: str = "index") -> Response:
    changed = apply_plan(session(), actor(), review, plan, _today(), clock.now())
    said = (
        ngettext("%(num)s recommendation was assigned.", "%(num)s recommendations were assigned.", changed)
        if changed
        else gettext("Nothing differs, so nothing was changed.")
    )
    flash(said, "success")
    return redirect(url_for(f"assignments.{back}", review=review.code), 303)


def _said(organisation: Organisation, kind: AssignmentKind, ref: str) -> str:
    if kind == AssignmentKind.LEAD:
        return gettext("%(name)s leads %(ref)s from today.", name=organisation.name, ref=ref)
    return gettext("%(name)s supports %(ref)s from today.", name=organisation.name, ref=ref)


def _get_review(code: str) -> Review:
    """A review that the actor sees and whose recommendations the actor distributes."""
    review = get_review(session(), actor(), code)
    if not policy.can_assign(actor(), review):
        raise NotAllowed
    return review


def _today() -> date:
    return clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
