"""The calendar: what comes, as a picture and a table; then what was, newest first. All dates with their sources. And a
coordinator enters, corrects and removes dates of a review."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.failures import ChangedMeanwhile, NotAllowed, ValidationFailed
from tracker.language import gettext
from tracker.models.milestone_fields import MilestoneFields
from tracker.models.milestones import Milestone, MilestoneKind
from tracker.models.reviews import Review
from tracker.policy.reviews import can_prepare_review, may_open_reviews
from tracker.queries import milestones, reviews
from tracker.services import review_milestones as services
from tracker.services.reviews import refuse_closed
from tracker.web.access import actor, public, requires, state_code
from tracker.web.milestones.dates import dates_of, find_next, time_until, windows_of
from tracker.web.milestones.forms import DateForm, NewDateForm, RemoveDateForm
from tracker.web.transactions import session

pages = Blueprint("milestones", __name__)
PAST = 7
"""So many past dates have a row; earlier ones are named in one sentence."""


@pages.get("/calendar")
@public
def calendar() -> str:
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    listed = milestones.list_milestones(session(), actor(), state_code())
    upcoming = [each for each in listed if each.ends_on >= today]
    past = [each for each in reversed(listed) if each.ends_on < today]
    review = reviews.find_current_review(session(), actor(), state_code())
    refs = reviews.list_refs(session(), actor(), review.id) if review else frozenset()
    following = find_next(upcoming)
    return render_template(
        "milestones/calendar.html",
        today=today,
        total=len(listed),
        review=review,
        following=following,
        following_in=time_until(following.starts_on, today) if following else "",
        windows=windows_of(upcoming, today),
        upcoming=dates_of(upcoming, today, refs),
        past=dates_of(past[:PAST], today, refs),
        earlier=past[PAST:],
    )


@pages.get("/calendar/sources")
@public
def sources() -> str:
    """Where each date is from, in order of time."""
    listed = milestones.list_milestones(session(), actor(), state_code())
    seen = {each.id for each in reviews.list_reviews(session(), actor(), state_code())}
    return render_template("milestones/sources.html", milestones=listed, seen=seen)


@pages.route("/reviews/<review>/dates/add", methods=["GET", "POST"])
@requires(may_open_reviews)
def add(review: str) -> ResponseReturnValue:
    """Of the kind that the address names, for a mid-term report with the days that follow from the adoption."""
    of_review, form = _get_own(review), NewDateForm()
    form.offer()
    page = {"form": form, "review": of_review}
    if request.method == "GET":
        form.kind.data = request.args.get("kind") or MilestoneKind.REVIEW.value
        proposal = services.propose_mid_term(_dates_of(of_review))
        if form.kind.data == MilestoneKind.MID_TERM_REPORT and proposal and not proposal.replaces:
            form.fill(proposal.fields)
        return render_template("milestones/add.html", **page)
    if not form.validate():
        return render_template("milestones/add.html", **page), 422
    try:
        services.add_milestone(session(), actor(), of_review, form.read_kind(), form.read(), clock.now())
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("milestones/add.html", **page), 422
    flash(gettext("The date is entered."), "success")
    return _to(of_review)


@pages.route("/reviews/<review>/dates/<milestone>", methods=["GET", "POST"])
@requires(may_open_reviews)
def correct(review: str, milestone: str) -> ResponseReturnValue:
    """With what stands, or with what follows from the adoption where the address asks for it."""
    of_review = _get_own(review)
    found = milestones.get_milestone(session(), actor(), of_review.id, milestone)
    before, form = MilestoneFields.of(found), DateForm()
    form.offer(before.certainty)
    if request.method == "GET":
        proposal = services.propose_mid_term(_dates_of(of_review)) if "proposed" in request.args else None
        form.seen.data = before.digest
        form.fill(proposal.fields if proposal and proposal.replaces is found else before)
        return _correction(form, found)
    if not form.validate():
        return _correction(form, found), 422
    wanted, seen = form.read(), form.seen.data or ""
    try:
        is_changed = services.correct_milestone(session(), actor(), found, wanted, clock.now(), seen=seen)
    except ChangedMeanwhile as error:
        form.seen.data, form.seen.raw_data = error.theirs.digest, None
        return _correction(form, found, error.theirs), 409
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return _correction(form, found), 422
    if is_changed:
        flash(gettext("The date is corrected."), "success")
    else:
        flash(gettext("Nothing was different, so nothing was changed."))
    return _to(of_review)


def _correction(form: DateForm, milestone: Milestone, stands: MilestoneFields | None = None) -> str:
    return render_template("milestones/correct.html", form=form, milestone=milestone, stands=stands)


@pages.route("/reviews/<review>/dates/<milestone>/remove", methods=["GET", "POST"])
@requires(may_open_reviews)
def remove(review: str, milestone: str) -> ResponseReturnValue:
    """Asks once. A date of the seed is corrected instead."""
    of_review = _get_own(review)
    found = milestones.get_milestone(session(), actor(), of_review.id, milestone)
    form = RemoveDateForm()
    if request.method == "GET":
        services.refuse_seeded(found)
        form.seen.data = MilestoneFields.of(found).digest
        return render_template("milestones/remove.html", form=form, milestone=found)
    try:
        services.remove_milestone(session(), actor(), found, clock.now(), seen=form.seen.data or "")
    except ChangedMeanwhile as error:
        form.seen.data, form.seen.raw_data = error.theirs.digest, None
        return render_template("milestones/remove.html", form=form, milestone=found, is_stale=True), 409
    flash(gettext("The date is removed."), "success")
    return _to(of_review)


def _get_own(code: str) -> Review:
    """Unseen is unknown; one of another State is not the actor's to prepare, and a closed one stays as it is."""
    review = reviews.get_review(session(), actor(), code)
    if not can_prepare_review(actor(), review):
        raise NotAllowed
    refuse_closed(review.closed_at)
    return review


def _dates_of(review: Review) -> list[Milestone]:
    return milestones.list_milestones_of(session(), actor(), review.id)


def _to(review: Review) -> ResponseReturnValue:
    return redirect(url_for("reviews.prepare", code=review.code), 303)
