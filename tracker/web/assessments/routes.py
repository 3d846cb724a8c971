"""Assessments: write, preview exactly what the public will see, publish, withdraw."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import NotAllowed, NotFound, Retired, ReviewClosed, Reworded, ValidationFailed
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.policy import assessments as policy
from tracker.queries import assessments as queries
from tracker.queries import organisations
from tracker.queries.recommendations import recommendation as recommendations
from tracker.queries.translations import get_answered
from tracker.services import assessments as services
from tracker.services.entry_places import refuse_entries, refuse_reworded
from tracker.web import places
from tracker.web.access import actor, requires
from tracker.web.assessments.forms import AssessmentForm
from tracker.web.confirmations import confirm
from tracker.web.forms import definitions
from tracker.web.transactions import session
from tracker.web.uploads import checked_uploads, limits, takes_files

pages = Blueprint("assessments", __name__, url_prefix="/assessments")


@pages.route("/new/<review>/<ref>", methods=["GET", "POST"], strict_slashes=False)
@requires(policy.may_publish_assessments)
def write(review: str, ref: str) -> ResponseReturnValue:
    """The form; a complete one leads to the preview. `ref` is a point's (A12.1) or a recommendation's (A12)."""
    try:
        recommendation, point = _target(review, ref)
    except NotFound:
        return places.to_form("assessments.write", review, ref=ref)
    form = AssessmentForm()
    try:
        refuse_entries(recommendation, point)
        if request.method == "GET" or "change" in request.form:
            return _form(form, recommendation, point)
        if not _is_complete(form):
            return _form(form, recommendation, point), 422
        if form.asks_language():
            return _form(form, recommendation, point), 422
        refuse_reworded(_text(recommendation, point), form.seen.data or "")
    except (ReviewClosed, Retired, Reworded) as error:
        if request.method == "GET":
            raise
        status = form.say_not_taken(error)
        return _form(form, recommendation, point), status
    return _preview(form, recommendation, point)


@pages.post("/new/<review>/<ref>/publish")
@requires(policy.may_publish_assessments)
@takes_files
def publish(review: str, ref: str) -> ResponseReturnValue:
    """Publishes what the preview showed. The same form sent again publishes nothing and leads to the same place."""
    uploads = checked_uploads(of_state=False)
    recommendation, point = _target(review, ref)
    form = AssessmentForm()
    try:
        if not _is_complete(form):
            refuse_entries(recommendation, point)
            return _form(form, recommendation, point), 422
        assessment = services.publish_assessment(
            session(),
            actor(),
            recommendation,
            point,
            form.text(),
            clock.now(),
            form.key.data,
            uploads,
            limits(),
            form.seen.data or "",
        )
    except (ReviewClosed, Retired, Reworded) as error:
        status = form.say_not_taken(error)
        return _form(form, recommendation, point), status
    except ValidationFailed as error:
        # Evidence is a link or a file, and a file is chosen on the preview.
        if set(error.sentences) <= {"files", "source_link"}:
            form.add_errors({"files": ". ".join(error.sentences.values())})
            return _preview(form, recommendation, point), 422
        form.add_errors(error.sentences)
        return _form(form, recommendation, point), 422
    at = (review, recommendation.ref, point.ref if point else None)
    if assessment.withdrawn_on:
        said = gettext("This assessment was published before and is withdrawn. Nothing was published now.")
        return _to_entry(said, *at, is_success=False)
    said = gettext("Assessment published. You can withdraw it at any time from “Your work”.")
    return _to_entry(said, *at)


@pages.route("/<uuid:assessment_id>/withdraw", methods=["GET", "POST"])
@requires(policy.may_publish_assessments)
def withdraw(assessment_id: UUID) -> ResponseReturnValue:
    """Asks once, then purges the assessment: only the day of the withdrawal remains. One that is withdrawn already
    redirects to its place. Its tombstone has no organisation, so everybody who may publish gets this same answer, which
    tells no more than the public page."""
    assessment = queries.get_assessment(
        session(), actor(), assessment_id, for_change=request.method == "POST"
    )
    review, ref, place_ref = queries.get_place(session(), assessment)
    at = (review, ref, place_ref if assessment.action_point_id else None)
    if assessment.withdrawn_on:
        said = gettext("This assessment is already withdrawn. Its text is no longer on this site.")
        return _to_entry(said, *at, is_success=False)
    if not policy.can_withdraw_assessment(actor(), assessment):
        raise NotAllowed
    if request.method == "GET":
        return render_template("assessments/withdraw.html", assessment=assessment, ref=place_ref)
    now = clock.now()
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, now)
    services.withdraw_assessment(session(), actor(), assessment, today)
    said = gettext("Assessment withdrawn. Its text, its level and your organisation's name are gone.")
    return _to_entry(said, *at)


def _target(review: str, ref: str) -> tuple[Recommendation, ActionPoint | None]:
    """The recommendation, and the point if `ref` is a point's; retired ones, too. NotAllowed where the actor may not
    assess the review."""
    point: ActionPoint | None = None
    try:
        point = recommendations.get_any_action_point(session(), actor(), review, ref)
        target = point.recommendation
    except NotFound:
        target = recommendations.get_recommendation(session(), actor(), review, ref)
    if not policy.can_assess(actor(), target.review.state_code):
        raise NotAllowed
    return target, point


def _text(recommendation: Recommendation, point: ActionPoint | None) -> str:
    return point.text if point else recommendation.text


def _is_complete(form: AssessmentForm) -> bool:
    """Is everything filled in and valid? If not, the form has a sentence at each wrong field. A missing file is not
    wrong yet: it is chosen on the preview, because no file is stored before it is published."""
    if form.validate():
        form.add_errors(services.incomplete(form.text(), has_files=True))
    return not form.errors


def _preview(form: AssessmentForm, recommendation: Recommendation, point: ActionPoint | None) -> str:
    text = form.text()
    return render_template(
        "assessments/preview.html",
        form=form,
        recommendation=recommendation,
        point=point,
        answered=get_answered(session(), actor(), recommendation, point),
        ref=point.ref if point else recommendation.ref,
        text=text,
        needs_file="source_link" in services.incomplete(text, has_files=False),
        organisation=organisations.get_own_organisation(session(), actor()),
        voice=actor().voice,
        now=clock.now(),
    )


def _form(form: AssessmentForm, recommendation: Recommendation, point: ActionPoint | None) -> str:
    form.show(_text(recommendation, point))
    return render_template(
        "assessments/write.html",
        form=form,
        recommendation=recommendation,
        point=point,
        answered=get_answered(session(), actor(), recommendation, point),
        ref=point.ref if point else recommendation.ref,
        definitions=definitions(),
    )


def _to_entry(
    said: str, review: str, ref: str, point_ref: str | None, *, is_success: bool = True
) -> Response:
    """To the page of the recommendation, where a banner says what was done and leads to the entry: under its point, or
    among those on the whole recommendation."""
    page = url_for("recommendations.recommendation", review=review, ref=ref)
    words = gettext("See it at %(ref)s", ref=point_ref or ref)
    confirm(said, f"{page}#{point_ref or 'whole'}", words, is_success=is_success)
    return redirect(page, 303)
