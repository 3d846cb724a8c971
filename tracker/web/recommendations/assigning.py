"""All recommendations of a list are given to one organisation at once: chosen, shown with what it changes, applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import NotAllowed
from tracker.language import gettext, lazy, ngettext
from tracker.models.organisations import Organisation
from tracker.models.reviews import Review
from tracker.policy.assignments import can_assign
from tracker.policy.roles import coordinates_state
from tracker.queries.assignments import Assigned, list_assigned
from tracker.queries.organisations import list_assignable_organisations
from tracker.queries.reviews import ReviewFacts, get_review
from tracker.services.assignment_plans import (
    Planned,
    Wish,
    apply_plan,
    lock_assignments,
    plan_assignments,
    seen_of,
)
from tracker.web.access import actor
from tracker.web.forms import Chosen, SeenForm
from tracker.web.organisation_fields import OrganisationField
from tracker.web.transactions import session

MOST_DIGITS = 10


class AssignAllForm(SeenForm):
    lead = OrganisationField(lazy("Who leads all of them?"))
    supporting = OrganisationField(lazy("Who supports all of them?"))


@dataclass(frozen=True)
class Link:
    """To the page that assigns a list of so many."""

    url: str
    number: int


def link_of(review: ReviewFacts, query: str, number: int) -> Link | None:
    """For the coordinator of the review's State, where the list has any."""
    if not number or not coordinates_state(actor(), review.state_code):
        return None
    return Link(url_for("recommendations.assign") + query, number)


def answer(
    facts: ReviewFacts, ids: Sequence[int], chosen: Sequence[Chosen], query: str
) -> str | Response | tuple[str, int]:
    """`query`: the filter of the list. The preview holds the recommendations that it shows: those that the filter finds
    later are not assigned unseen."""
    review = get_review(session(), actor(), facts.code)
    if not can_assign(actor(), review):
        raise NotAllowed
    known = list_assignable_organisations(session(), actor(), facts.state_code)
    form = AssignAllForm()
    form.lead.offer(known, gettext("Leave the lead of each as it is"))
    form.supporting.offer(known, gettext("Nobody more"))
    if "apply" in request.form:
        lock_assignments(session(), actor(), review)
    shown = list_assigned(session(), actor(), facts.id, _shown(ids))
    plan = _plan(form, known, shown) if request.method == "POST" else None
    if plan is not None:
        if "apply" in request.form and form.is_as_shown(seen_of(plan)):
            return _apply(review, plan, query)
        form.seen.show(seen_of(plan))
    page = render_template(
        "recommendations/assign.html",
        review=review,
        form=form,
        known=known,
        plan=plan,
        number=len(shown),
        chosen=chosen,
        fields=parse_qsl(query.removeprefix("?")),
        back=url_for("recommendations.index") + query,
    )
    if form.is_outdated:
        return page, 409
    return (page, 422) if form.form_errors else page


def _plan(
    form: AssignAllForm, known: Sequence[Organisation], shown: Sequence[Assigned]
) -> list[Planned] | None:
    """None, and an error in the form, where nothing was chosen."""
    lead, supporting = form.lead.chosen(known), form.supporting.chosen(known)
    if lead is None and supporting is None:
        form.form_errors.append(gettext("Choose who leads or who supports them"))
        return None
    wished = (supporting,) if supporting else ()
    return plan_assignments(shown, [Wish(each.id, lead, wished) for each in shown])


def _apply(review: Review, plan: Sequence[Planned], query: str) -> Response:
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    changed = apply_plan(session(), actor(), review, plan, today, clock.now())
    said = ngettext("%(num)s recommendation was assigned.", "%(num)s recommendations were assigned.", changed)
    flash(said if changed else gettext("Nothing differs, so nothing was changed."), "success")
    return redirect(url_for("recommendations.index") + query, 303)


def _shown(ids: Sequence[int]) -> list[int]:
    """Those of the preview that the filter still finds; before the preview all."""
    if "apply" not in request.form:
        return list(ids)
    sent = {
        int(each) for each in request.form.getlist("shown") if each.isdecimal() and len(each) < MOST_DIGITS
    }
    return [each for each in ids if each in sent]
