"""Updates: from the first draft to the published entry, one view for each step."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import (
    ChangedMeanwhile,
    NotAllowed,
    NotFound,
    OpenUpdateExists,
    Retired,
    ReviewClosed,
    Reworded,
    ValidationFailed,
)
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.evidence import Visibility
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy import updates as policy
from tracker.queries import evidence
from tracker.queries import updates as queries
from tracker.queries.assigned_points import find_next_point, list_assigned_recommendations
from tracker.queries.assignments import find_own_assignment
from tracker.queries.recommendations import recommendation as recommendations
from tracker.queries.wordings import find_rewording
from tracker.services.entry_places import digest_of, refuse_entries
from tracker.services.evidence.attachments import Upload, attach_to_update, remove_from_update
from tracker.services.updates import workflow as services
from tracker.services.updates.steps import refuse_discard, refuse_edit, refuse_publication, refuse_return
from tracker.services.updates.texts import text_of
from tracker.web import places
from tracker.web.access import actor, requires
from tracker.web.confirmations import confirm
from tracker.web.transactions import session
from tracker.web.updates.form_page import (
    about,
    form_page,
    form_values,
    is_saved_already,
    is_sent_again,
    is_valid,
    list_differences,
    make_form,
    not_saved_page,
    second_form_page,
    values_of_last_entry,
)
from tracker.web.updates.forms import ReturnForm, UpdateForm
from tracker.web.uploads import checked_uploads, limits, takes_files

pages = Blueprint("updates", __name__, url_prefix="/updates")
NEVER_READ = 0
"""A version that no update has."""


@pages.route("/new/<review>/<point_ref>", methods=["GET", "POST"], strict_slashes=False)
@requires(policy.may_write_updates)
@takes_files
def write(review: str, point_ref: str) -> ResponseReturnValue:
    """A new draft on a point that the own organisation is assigned to. Where one is open, this leads to it.
    `?from=last` fills the form with the organisation's last published entry, the button `start` of another page
    with the texts that it carries; nothing is stored by either."""
    uploads = checked_uploads(of_state=True)
    try:
        point = recommendations.get_any_action_point(session(), actor(), review, point_ref)
    except NotFound:
        return places.to_form("updates.write", review, point_ref=point_ref)
    kind = find_own_assignment(session(), actor(), point.recommendation_id)
    of_review = point.recommendation.review
    if not policy.can_write_update(actor(), of_review, assigned=kind is not None):
        raise NotAllowed
    starts = request.method == "GET" and request.args.get("from") == "last"
    form = make_form(kind, data=values_of_last_entry(point) if starts else None)
    try:
        refuse_entries(point.recommendation, point)
        if request.method == "GET":
            first = queries.find_open_update(session(), actor(), point.id)
            return _to_first(first) if first else form_page("updates/write.html", form, point, kind)
        if "start" in request.form:
            return form_page("updates/write.html", form, point, kind)
        if not is_valid(form, kind) or (form.submits and form.asks_language()):
            return form_page("updates/write.html", form, point, kind), 422
        update = services.write_update(session(), actor(), point, form.text(), clock.now())
        _change_files(form, update, uploads)
        _submit_if_asked(form, update)
    except (ReviewClosed, Retired, Reworded) as error:
        if request.method == "GET":
            raise
        status = form.say_not_taken(error)
        return form_page("updates/write.html", form, point, kind), status
    except OpenUpdateExists as error:
        try:
            first_update = queries.get_update(session(), actor(), error.update_id)
        except NotFound:  # discarded in this very moment: nothing is in the way any more
            return write(review, point_ref)
        if not is_sent_again(form, first_update, kind, uploads):
            return second_form_page(form, first_update, kind), 409
        return _to_first(first_update.id)
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return form_page("updates/write.html", form, point, kind), 422
    return _after_saving(form, update)


@pages.get("/<uuid:update_id>")
@requires(policy.may_follow_updates)
def update(update_id: UUID) -> str:
    """The update in its present state, the steps that the actor may take, and its history."""
    update = _get(update_id)
    context = queries.get_workflow_context(session(), update)
    officer = context.has_officer
    retired_at = update.action_point.recommendation.retired_at or update.action_point.retired_at
    takes_entries = context.closed_at is None and retired_at is None
    return render_template(
        "updates/update.html",
        update=update,
        closed_at=context.closed_at,
        retired_at=retired_at,
        point=update.action_point,
        about=about(update.action_point),
        rewording=find_rewording(session(), update),
        seen=digest_of(update.action_point.text),
        text=text_of(update),
        files=evidence.list_evidence(session(), actor(), update),
        is_assigned=context.is_assigned,
        asks_level=context.leads or update.level is not None,
        can_edit=takes_entries and policy.can_edit_update(actor(), update, assigned=context.is_assigned),
        can_recall=policy.can_recall_update(actor(), update),
        can_discard=policy.can_discard_update(actor(), update),
        can_validate=takes_entries and policy.can_validate_update(actor(), update, has_officer=officer),
        can_return=policy.can_return_update(actor(), update, has_officer=officer),
        can_publish=takes_entries and policy.can_publish_update(actor(), update, has_officer=officer),
        history=queries.list_history(session(), actor(), update),
    )


@pages.route("/<uuid:update_id>/change", methods=["GET", "POST"])
@requires(policy.may_write_updates)
@takes_files
def change(update_id: UUID) -> ResponseReturnValue:
    """Saves a draft, or saves and submits it. Shows both texts if it was saved meanwhile; the same form sent twice
    leads where it led first."""
    uploads = checked_uploads(of_state=True)
    update = _get(update_id)
    context = queries.get_workflow_context(session(), update)
    kind = context.kind
    can_edit = policy.can_edit_update(actor(), update, assigned=context.is_assigned)
    if request.method == "GET":
        refuse_edit(actor(), update, context, "change")
    form = make_form(kind, data=form_values(update))
    if request.method == "GET":
        refuse_entries(update.action_point.recommendation, update.action_point)
        return form_page("updates/change.html", form, update.action_point, kind, update=update)
    try:
        if (not is_valid(form, kind, update) or (form.submits and form.asks_language())) and can_edit:
            refuse_entries(update.action_point.recommendation, update.action_point)
            return form_page("updates/change.html", form, update.action_point, kind, update=update), 422
        services.change_update(session(), actor(), update, form.read_version(), form.text(), clock.now())
        _change_files(form, update, uploads)
        _submit_if_asked(form, update)
    except ChangedMeanwhile as error:
        if is_saved_already(form, update, kind, uploads):
            _say_saved(form, update)
            return _after_saving(form, update)
        if not can_edit:
            return not_saved_page(form, update), 409
        form.merge(error.theirs, update.version)
        differences = list_differences(form, error.theirs)
        return form_page(
            "updates/change.html",
            form,
            update.action_point,
            kind,
            update=update,
            theirs=differences,
        ), 409
    except (ReviewClosed, Retired, Reworded) as error:
        status = form.say_not_taken(error)
        return form_page("updates/change.html", form, update.action_point, kind, update=update), status
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return form_page("updates/change.html", form, update.action_point, kind, update=update), 422
    return _after_saving(form, update)


@pages.post("/<uuid:update_id>/submit")
@requires(policy.may_write_updates)
def submit(update_id: UUID) -> ResponseReturnValue:
    """What nobody asked about before: a draft is saved in whatever language it says, without a question."""
    update = _get(update_id)
    context = queries.get_workflow_context(session(), update)
    if policy.can_edit_update(actor(), update, assigned=context.is_assigned):
        form = make_form(context.kind, formdata=None, data=form_values(update))
        if form.asks_language():
            page = form_page("updates/change.html", form, update.action_point, context.kind, update=update)
            return page, 422
    try:
        seen = request.form.get("seen", "")
        services.submit_update(session(), actor(), update, clock.now(), read=_read(), seen=seen)
    except ValidationFailed as error:
        kind = queries.get_workflow_context(session(), update).kind
        form = make_form(kind, formdata=None, data=form_values(update))
        form.validate()
        form.add_errors(error.sentences)
        return form_page("updates/change.html", form, update.action_point, kind, update=update), 422
    flash(gettext("Update submitted. It is checked next; you see its state on this page."), "success")
    return _to_update(update)


@pages.post("/<uuid:update_id>/recall")
@requires(policy.may_write_updates)
def recall(update_id: UUID) -> Response:
    """Takes a submitted update back, to change it, until somebody validated it. What was returned before is returned
    again."""
    update = _get(update_id)
    services.recall_update(session(), actor(), update, clock.now(), read=_read())
    if update.state == UpdateState.RETURNED:
        said = gettext(
            "Update recalled. It is returned, as before, with the comment: change it and submit it again."
        )
    else:
        said = gettext("Update recalled. It is a draft again: nobody checks it until you submit it.")
    flash(said, "success")
    return _to_update(update)


@pages.post("/<uuid:update_id>/validate")
@requires(policy.may_follow_updates)
def validate(update_id: UUID) -> Response:
    update = _get(update_id)
    services.validate_update(session(), actor(), update, clock.now(), read=_read())
    flash(gettext("Update validated. The coordinator can publish it now."), "success")
    return redirect(url_for("work.index"), 303)


@pages.route("/<uuid:update_id>/return", methods=["GET", "POST"], endpoint="return")
@requires(policy.may_follow_updates)
def return_(update_id: UUID) -> ResponseReturnValue:
    """Back to the author, with a comment that says what to change."""
    update = _get(update_id)
    form = ReturnForm()
    values = {"form": form, "update": update, "point": update.action_point, "read_version": _read()}
    values["about"] = about(update.action_point)
    if request.method == "GET":
        refuse_return(actor(), update, queries.get_workflow_context(session(), update))
        return render_template("updates/return.html", **values)
    if not form.validate():
        return render_template("updates/return.html", **values), 422
    try:
        services.return_update(session(), actor(), update, form.comment.data or "", clock.now(), read=_read())
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("updates/return.html", **values), 422
    flash(gettext("Update returned. Its author sees your comment."), "success")
    return redirect(url_for("work.index"), 303)


@pages.route("/<uuid:update_id>/publish", methods=["GET", "POST"])
@requires(policy.may_follow_updates)
def publish(update_id: UUID) -> ResponseReturnValue:
    """Shows what will be public and says that it stays so, then publishes what was shown: a form without the version
    that this page gave is refused like one of an older version."""
    update = _get(update_id)
    if request.method == "GET":
        return _publication_page(update)
    page, ref = _page_url(update.action_point), update.action_point.ref
    services.publish_update(session(), actor(), update, clock.now(), read=_read() or NEVER_READ)
    said = gettext("Update published. Everybody can read it; it never changes from now on.")
    confirm(said, f"{page}#{ref}", gettext("See it at %(ref)s", ref=ref))
    return redirect(page, 303)


@pages.route("/<uuid:update_id>/discard", methods=["GET", "POST"])
@requires(policy.may_write_updates)
def discard(update_id: UUID) -> ResponseReturnValue:
    """Asks once, then removes a draft that was never returned."""
    update = _get(update_id)
    if request.method == "GET":
        refuse_discard(actor(), update)
        return render_template("updates/discard.html", update=update, point=update.action_point)
    services.discard_update(session(), actor(), update, clock.now(), read=_read())
    flash(gettext("Draft discarded."), "success")
    return redirect(url_for("work.index"), 303)


def _publication_page(update: ProgressUpdate) -> str:
    context = queries.get_workflow_context(session(), update)
    refuse_publication(actor(), update, context)
    refuse_entries(update.action_point.recommendation, update.action_point)
    files = evidence.list_evidence(session(), actor(), update)
    return render_template(
        "updates/publish.html",
        update=update,
        rewording=find_rewording(session(), update),
        point=update.action_point,
        about=about(update.action_point),
        text=text_of(update),
        leads=context.leads,
        public_files=[file for file in files if file.visibility == Visibility.PUBLIC],
        confidential_files=[file for file in files if file.visibility != Visibility.PUBLIC],
    )


def _read() -> int | None:
    """The version that the page showed, from the form of the step."""
    return request.form.get("version", type=int)


def _get(update_id: UUID) -> ProgressUpdate:
    """Raises `DraftDiscarded` where the person's own organisation or State had it and somebody discarded it."""
    try:
        return queries.get_update(session(), actor(), update_id, for_change=request.method == "POST")
    except NotFound:
        queries.refuse_discarded(session(), actor(), update_id)
        raise


def _change_files(form: UpdateForm, update: ProgressUpdate, uploads: list[Upload]) -> None:
    now = clock.now()
    remove_from_update(session(), actor(), update, form.remove.chosen(), now)
    attach_to_update(session(), actor(), update, uploads, form.chosen_visibility(), limits(), now)


def _submit_if_asked(form: UpdateForm, update: ProgressUpdate) -> None:
    if form.submits:
        services.submit_update(session(), actor(), update, clock.now(), seen=form.seen.data or "")
    _say_saved(form, update)


def _say_saved(form: UpdateForm, update: ProgressUpdate) -> None:
    if form.submits:
        said = gettext("Update submitted. It is checked next; you see its state on its page.")
    else:
        said = gettext("Draft saved. Only your organisation and the coordinator can see it.")
    flash(f"{update.action_point.ref}: {said}" if form.goes_on else said, "success")


def _after_saving(form: UpdateForm, update: ProgressUpdate) -> Response:
    """To the page of the update, or on to the next point of the letter whose update does not wait for somebody else."""
    if not form.goes_on:
        return _to_update(update)
    review = update.action_point.recommendation.review.code
    assigned = list_assigned_recommendations(session(), actor())
    following = find_next_point(assigned, review, update.action_point_id)
    if following is None:
        return _to_update(update)
    point = following[1]
    if point.update_id is not None:
        return redirect(url_for("updates.change", update_id=point.update_id), 303)
    return redirect(url_for("updates.write", review=review, point_ref=point.ref), 303)


def _to_first(update_id: UUID) -> Response:
    """To the open update, instead of a second one on the same point."""
    flash(
        gettext("This point has an open update of your organisation: this one. Nothing was added beside it.")
    )
    return redirect(url_for("updates.update", update_id=update_id), 303)


def _to_update(update: ProgressUpdate) -> Response:
    return redirect(url_for("updates.update", update_id=update.id), 303)


def _page_url(point: ActionPoint) -> str:
    recommendation = point.recommendation
    return url_for(
        "recommendations.recommendation", review=recommendation.review.code, ref=recommendation.ref
    )
