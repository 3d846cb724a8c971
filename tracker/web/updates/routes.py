"""Updates: from the first draft to the published entry, one view a step."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import ChangedMeanwhile, NotAllowed, ReviewClosed, ValidationFailed
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import AssignmentKind
from tracker.models.evidence import Visibility
from tracker.models.updates import ProgressUpdate
from tracker.policy import updates as policy
from tracker.queries import evidence
from tracker.queries import updates as queries
from tracker.queries.assignments import find_own_assignment
from tracker.queries.recommendations import recommendation as recommendations
from tracker.services.evidence.attachments import attach_to_update, remove_from_update
from tracker.services.reviews import refuse_closed
from tracker.services.updates import workflow as services
from tracker.services.updates.texts import TEXT_FIELDS, UpdateText, incomplete, text_of
from tracker.web.access import actor, requires
from tracker.web.forms import definitions
from tracker.web.transactions import session
from tracker.web.updates.forms import ReturnForm, UpdateForm, marks_of
from tracker.web.uploads import limits, takes_files, uploads_of

pages = Blueprint("updates", __name__, url_prefix="/updates")
Answer = str | Response | tuple[str, int]


@pages.route("/new/<review>/<point_ref>", methods=["GET", "POST"])
@requires(policy.may_write_updates)
@takes_files
def write(review: str, point_ref: str) -> Answer:
    """A new draft on a point that the own organisation is assigned to."""
    point = recommendations.get_action_point(session(), actor(), review, point_ref)
    kind = find_own_assignment(session(), actor(), point.recommendation_id)
    if not policy.can_write_update(actor(), assigned=kind is not None):
        raise NotAllowed
    form = _made(kind)
    if request.method == "GET":
        refuse_closed(point.recommendation.review.closed_at)
        return _form("updates/write.html", form, point, kind)
    if not _is_valid(form, kind):
        return _form("updates/write.html", form, point, kind), 422
    try:
        update = services.write_update(session(), actor(), point, form.text(), clock.now())
        _change_files(form, update)
        _submit_if_asked(form, update)
    except ReviewClosed as error:
        form.say_closed(error)
        return _form("updates/write.html", form, point, kind), 409
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return _form("updates/write.html", form, point, kind), 422
    return _to_update(update)


@pages.get("/<uuid:update_id>")
@requires(policy.may_follow_updates)
def update(update_id: UUID) -> str:
    """The update as it stands, what can be done with it, and who did what."""
    found = _get(update_id)
    context = queries.get_workflow_context(session(), found)
    officer, takes_entries = context.has_officer, context.closed_at is None
    return render_template(
        "updates/update.html",
        update=found,
        closed_at=context.closed_at,
        point=found.action_point,
        text=text_of(found),
        files=evidence.list_evidence(session(), actor(), found),
        is_assigned=context.is_assigned,
        asks_level=context.leads or found.level is not None,
        can_edit=takes_entries and policy.can_edit_update(actor(), found, assigned=context.is_assigned),
        can_discard=policy.can_discard_update(actor(), found),
        can_validate=takes_entries and policy.can_validate_update(actor(), found, has_officer=officer),
        can_return=policy.can_return_update(actor(), found, has_officer=officer),
        can_publish=takes_entries and policy.can_publish_update(actor(), found, has_officer=officer),
        history=queries.list_history(session(), actor(), found),
    )


@pages.route("/<uuid:update_id>/change", methods=["GET", "POST"])
@requires(policy.may_write_updates)
@takes_files
def change(update_id: UUID) -> Answer:
    """Saves, or saves and submits, a draft; shows both texts when somebody else saved it meanwhile."""
    found = _get(update_id)
    context = queries.get_workflow_context(session(), found)
    kind = context.kind
    can_edit = policy.can_edit_update(actor(), found, assigned=context.is_assigned)
    if not can_edit and request.method == "GET":
        raise NotAllowed
    form = _made(kind, data=_as_read(found))
    if request.method == "GET":
        refuse_closed(context.closed_at)
        return _form("updates/change.html", form, found.action_point, kind, update=found)
    if not _is_valid(form, kind, found) and can_edit:
        return _form("updates/change.html", form, found.action_point, kind, update=found), 422
    try:
        services.change_update(session(), actor(), found, form.read_version(), form.text(), clock.now())
        _change_files(form, found)
        _submit_if_asked(form, found)
    except ChangedMeanwhile as error:
        form.take_over(error.theirs, found.version)
        differences = _differences(form, error.theirs)
        return _form(
            "updates/change.html",
            form,
            found.action_point,
            kind,
            update=found,
            theirs=differences,
            is_closed=not can_edit,
        ), 409
    except ReviewClosed as error:
        form.say_closed(error)
        return _form("updates/change.html", form, found.action_point, kind, update=found), 409
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return _form("updates/change.html", form, found.action_point, kind, update=found), 422
    return _to_update(found)


@pages.post("/<uuid:update_id>/submit")
@requires(policy.may_write_updates)
def submit(update_id: UUID) -> Answer:
    found = _get(update_id)
    try:
        services.submit_update(session(), actor(), found, clock.now(), read=_read())
    except ValidationFailed as error:
        kind = queries.get_workflow_context(session(), found).kind
        form = _made(kind, formdata=None, data=_as_read(found))
        form.validate()
        form.add_errors(error.sentences)
        return _form("updates/change.html", form, found.action_point, kind, update=found), 422
    flash(gettext("Update submitted. It is checked next; you see its state on this page."), "success")
    return _to_update(found)


@pages.post("/<uuid:update_id>/validate")
@requires(policy.may_follow_updates)
def validate(update_id: UUID) -> Response:
    found, context, _ = queries.get_update_for_transition(session(), actor(), update_id)
    services.validate_update(session(), actor(), found, clock.now(), read=_read(), context=context)
    flash(gettext("Update validated. The coordinator can publish it now."), "success")
    return redirect(url_for("work.index"), 303)


@pages.route("/<uuid:update_id>/return", methods=["GET", "POST"], endpoint="return")
@requires(policy.may_follow_updates)
def return_(update_id: UUID) -> Answer:
    """Back to the author, with a comment that says what to change."""
    found = _get(update_id)
    form = ReturnForm()
    values = {"form": form, "update": found, "point": found.action_point, "read_version": _read()}
    if request.method == "GET":
        context = queries.get_workflow_context(session(), found)
        if not policy.can_return_update(actor(), found, has_officer=context.has_officer):
            raise NotAllowed
        return render_template("updates/return.html", **values)
    if not form.validate():
        return render_template("updates/return.html", **values), 422
    try:
        services.return_update(session(), actor(), found, form.comment.data or "", clock.now(), read=_read())
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("updates/return.html", **values), 422
    flash(gettext("Update returned. Its author sees your comment."), "success")
    return redirect(url_for("work.index"), 303)


@pages.post("/<uuid:update_id>/publish")
@requires(policy.may_follow_updates)
def publish(update_id: UUID) -> Response:
    found, context, place = queries.get_update_for_transition(session(), actor(), update_id)
    services.publish_update(session(), actor(), found, clock.now(), read=_read(), context=context)
    flash(gettext("Update published. Everybody can read it; it never changes from now on."), "success")
    return redirect(_point_url(place), 303)


@pages.route("/<uuid:update_id>/discard", methods=["GET", "POST"])
@requires(policy.may_write_updates)
def discard(update_id: UUID) -> Answer:
    """Asks once, then removes a draft that was never submitted."""
    found = _get(update_id)
    if request.method == "GET":
        if not policy.can_discard_update(actor(), found):
            raise NotAllowed
        return render_template("updates/discard.html", update=found, point=found.action_point)
    services.discard_update(session(), actor(), found, clock.now(), read=_read())
    flash(gettext("Draft discarded."), "success")
    return redirect(url_for("work.index"), 303)


def _read() -> int | None:
    """The version that the page showed, from the form of the step."""
    return request.form.get("version", type=int)


def _made(kind: AssignmentKind | None, **given: object) -> UpdateForm:
    """The form, in the words for who leads or for who only supports."""
    form = UpdateForm(**given)
    if kind != AssignmentKind.LEAD:
        form.ask_no_level()
    return form


def _as_read(update: ProgressUpdate) -> dict[str, object]:
    """What the form of an update holds when it is opened."""
    text = text_of(update)
    return {**text.__dict__, "version": update.version, "read": marks_of(text)}


def _get(update_id: UUID) -> ProgressUpdate:
    return queries.get_update(session(), actor(), update_id, for_change=request.method == "POST")


def _is_valid(form: UpdateForm, kind: AssignmentKind | None, update: ProgressUpdate | None = None) -> bool:
    """Is everything typed as it should be? Who submits is told at once what is missing, too."""
    if form.validate():
        return True
    if form.submit.data:
        needs_level = kind == AssignmentKind.LEAD
        has_files = bool(form.files.data or (update and update.has_files))
        missing = incomplete(form.text(), needs_level=needs_level, has_files=has_files, now=clock.now())
        form.add_errors({name: said for name, said in missing.items() if not form[name].errors})
    return False


def _change_files(form: UpdateForm, update: ProgressUpdate) -> None:
    now, visibility = clock.now(), Visibility(form.visibility.data or Visibility.CONFIDENTIAL)
    remove_from_update(session(), actor(), update, form.remove.chosen(), now)
    uploads = uploads_of(form.files.data)
    attach_to_update(session(), actor(), update, uploads, visibility, limits(), now)


def _submit_if_asked(form: UpdateForm, update: ProgressUpdate) -> None:
    if form.submit.data:
        services.submit_update(session(), actor(), update, clock.now())
        flash(gettext("Update submitted. It is checked next; you see its state on this page."), "success")
    else:
        flash(gettext("Draft saved. Nobody outside the State sees it."), "success")


def _form(
    template: str,
    form: UpdateForm,
    point: ActionPoint,
    kind: AssignmentKind | None,
    update: ProgressUpdate | None = None,
    theirs: list[tuple[str, str, str]] | None = None,
    *,
    is_closed: bool = False,
) -> str:
    """A browser gives no file twice by itself: who chose some in a form that comes back is told."""
    if update is not None:
        form.remove.offer(evidence.list_evidence(session(), actor(), update))
    if form.files.data and not form.files.errors and (form.errors or theirs is not None):
        again = gettext("Choose the files again: they were not kept, because the form has come back")
        form.add_errors({"files": again})
    return render_template(
        template,
        form=form,
        point=point,
        asks_level=kind == AssignmentKind.LEAD,
        update=update,
        theirs=theirs,
        is_closed=is_closed,
        definitions=definitions(),
    )


def _differences(form: UpdateForm, theirs: UpdateText) -> list[tuple[str, str, str]]:
    """Label, what is stored now, what was typed: for each field where they differ."""
    found = []
    for name in TEXT_FIELDS:
        field, stored = form[name], getattr(theirs, name)
        mine = field.raw_data[0] if field.errors and field.raw_data else field.data
        if (mine or "") != (stored or ""):
            found.append((str(field.label.text), _shown(stored), _shown(mine)))
    return found


def _shown(value: object) -> str:
    return str(getattr(value, "label", value) or "")


def _to_update(update: ProgressUpdate) -> Response:
    return redirect(url_for("updates.update", update_id=update.id), 303)


def _point_url(place: queries.UpdateLocation) -> str:
    return url_for(
        "recommendations.recommendation", review=place.review, ref=place.recommendation, _anchor=place.point
    )
