"""The action points of a recommendation: add, reword, split, merge, retire, restore, order. Each page asks once and
says what follows for the entries that were made."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.failures import ChangedMeanwhile, NotAllowed, ValidationFailed
from tracker.language import gettext
from tracker.models.action_points import ActionPoint
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy import recommendations as policy
from tracker.queries import entries, work
from tracker.queries.recommendations.changes import list_changes
from tracker.queries.recommendations.recommendation import (
    get_action_point,
    get_any_action_point,
    get_recommendation,
    list_points,
)
from tracker.services.recommendations.points import PointEditor, texts_of
from tracker.services.reviews import refuse_closed
from tracker.web.access import actor, requires
from tracker.web.action_points.forms import OTHER, MergeForm, PointForm, RewordForm, SplitForm
from tracker.web.transactions import session

pages = Blueprint("action_points", __name__, url_prefix="/action-points")


@pages.get("/<review>/<ref>")
@requires(policy.may_edit_recommendations)
def index(review: str, ref: str) -> str:
    """The points in their order, with what can be done to each; below, what was changed last."""
    recommendation = _get(review, ref)
    points = list_points(session(), actor(), recommendation.id)
    return render_template(
        "action_points/index.html",
        recommendation=recommendation,
        open_points=[point for point in points if point.retired_at is None],
        retired_points=[point for point in points if point.retired_at is not None],
        counts=entries.count_entries(session(), actor(), recommendation.id),
        changes=list_changes(session(), actor(), recommendation),
    )


@pages.route("/<review>/<ref>/add", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def add(review: str, ref: str) -> ResponseReturnValue:
    recommendation, form = _get(review, ref), PointForm()
    page: dict[str, Any] = {"form": form, "recommendation": recommendation}
    if request.method == "GET":
        return render_template("action_points/add.html", **page)
    if not form.validate():
        return render_template("action_points/add.html", **page), 422
    try:
        added = _editor(recommendation).add(form.text.data or "")
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("action_points/add.html", **page), 422
    return _done(review, ref, gettext("%(ref)s is added.", ref=added.ref))


@pages.route("/<review>/<point_ref>/reword", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def reword(review: str, point_ref: str) -> ResponseReturnValue:
    """Other words for the same; where the meaning changes, a new point takes its place."""
    point, form = _get_point(review, point_ref), RewordForm()
    own_ref = point.recommendation.ref
    page = {"form": form, **_about(point)}
    if request.method == "GET":
        form.seen.data = form.text.data = point.text
        return render_template("action_points/reword.html", **page)
    if not form.validate():
        return render_template("action_points/reword.html", **page), 422
    try:
        editor, text, seen = _editor(point.recommendation), form.text.data or "", form.seen.data or ""
        if form.meaning.data == OTHER:
            added = editor.replace(point_ref, text, seen)
            said = gettext("%(new)s takes the place of %(ref)s.", new=added.ref, ref=point_ref)
        else:
            editor.reword(point_ref, text, seen)
            said = gettext("%(ref)s is reworded.", ref=point_ref)
    except ChangedMeanwhile:
        _stands_now(form, point)
        return render_template("action_points/reword.html", **page), 409
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("action_points/reword.html", **page), 422
    return _done(review, own_ref, said)


@pages.route("/<review>/<point_ref>/split", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def split(review: str, point_ref: str) -> ResponseReturnValue:
    """One point becomes several; the first keeps the ref."""
    point, form = _get_point(review, point_ref), SplitForm()
    own_ref = point.recommendation.ref
    page = {"form": form, **_about(point)}
    if request.method == "GET":
        form.seen.data = form.part_1.data = point.text
        return render_template("action_points/split.html", **page)
    if not form.validate():
        return render_template("action_points/split.html", **page), 422
    try:
        texts = [part.data or "" for part in form.parts]
        parts = _editor(point.recommendation).split(point_ref, texts, form.seen.data or "")
    except ChangedMeanwhile:
        _stands_now(form, point)
        return render_template("action_points/split.html", **page), 409
    except ValidationFailed as error:
        form.form_errors.extend(error.sentences.values())
        return render_template("action_points/split.html", **page), 422
    refs = ", ".join(part.ref for part in parts[1:])
    return _done(review, own_ref, gettext("%(ref)s is split: %(refs)s are new.", ref=point_ref, refs=refs))


@pages.route("/<review>/<ref>/merge", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def merge(review: str, ref: str) -> ResponseReturnValue:
    """First which points (`refs` in the address), then the text of the one that stays."""
    recommendation, form = _get(review, ref), MergeForm()
    points = [each for each in list_points(session(), actor(), recommendation.id) if each.retired_at is None]
    form.offer(points)
    asked = request.args.getlist("refs") if request.method == "GET" else form.refs.data or []
    chosen = [point for point in points if point.ref in asked]
    counts = entries.count_entries(session(), actor(), recommendation.id)
    page: dict[str, Any] = {
        "form": form,
        "recommendation": recommendation,
        "chosen": chosen,
        "counts": counts,
    }
    if request.method == "GET":
        form.refs.data = [point.ref for point in chosen]
        form.seen.data, form.text.data = texts_of(chosen), "; ".join(point.text for point in chosen)
        return render_template("action_points/merge.html", **page, asks_again=len(asked) == 1)
    if not form.validate():
        return render_template("action_points/merge.html", **page), 422
    try:
        first = _editor(recommendation).merge(form.refs.data or [], form.text.data or "", form.seen.data)
    except ValidationFailed as error:
        form.form_errors.extend(error.sentences.values())
        return render_template("action_points/merge.html", **page), 422
    except ChangedMeanwhile:
        form.form_errors.append(gettext("A point was changed meanwhile: read the points again, then merge"))
        form.seen.show(texts_of(chosen))
        return render_template("action_points/merge.html", **page), 409
    return _done(review, ref, gettext("Merged into %(ref)s.", ref=first.ref))


@pages.route("/<review>/<point_ref>/retire", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def retire(review: str, point_ref: str) -> ResponseReturnValue:
    point = _get_point(review, point_ref)
    own_ref = point.recommendation.ref
    if request.method == "GET":
        return render_template("action_points/retire.html", **_about(point))
    _editor(point.recommendation).retire(point_ref)
    said = gettext("%(ref)s is retired. What was said on it stays on its page.", ref=point_ref)
    return _done(review, own_ref, said)


@pages.post("/<review>/<point_ref>/restore")
@requires(policy.may_edit_recommendations)
def restore(review: str, point_ref: str) -> ResponseReturnValue:
    point = get_any_action_point(session(), actor(), review, point_ref)
    own_ref = point.recommendation.ref
    _refuse(point.recommendation.review)
    _editor(point.recommendation).restore(point_ref)
    return _done(review, own_ref, gettext("%(ref)s is followed up again.", ref=point_ref))


@pages.post("/<review>/<ref>/order")
@requires(policy.may_edit_recommendations)
def order(review: str, ref: str) -> ResponseReturnValue:
    """Moves the point that the button names one place up or down."""
    recommendation = _get(review, ref)
    points = list_points(session(), actor(), recommendation.id)
    refs = [point.ref for point in points if point.retired_at is None]
    up, down = request.form.get("up"), request.form.get("down")
    at = refs.index(up) - 1 if up in refs else refs.index(down) if down in refs else -1
    if 0 <= at < len(refs) - 1:
        refs[at], refs[at + 1] = refs[at + 1], refs[at]
        _editor(recommendation).order(refs)
    return redirect(url_for("action_points.index", review=review, ref=ref), 303)


def _get(review: str, ref: str) -> Recommendation:
    recommendation = get_recommendation(session(), actor(), review, ref)
    _refuse(recommendation.review)
    return recommendation


def _get_point(review: str, point_ref: str) -> ActionPoint:
    point = get_action_point(session(), actor(), review, point_ref)
    _refuse(point.recommendation.review)
    return point


def _refuse(review: Review) -> None:
    """Somebody of another State, or a review that is closed."""
    if not policy.can_edit_recommendation(actor(), review):
        raise NotAllowed
    refuse_closed(review.closed_at)


def _editor(recommendation: Recommendation) -> PointEditor:
    return PointEditor(session(), actor(), recommendation, clock.now())


def _about(point: ActionPoint) -> dict[str, Any]:
    """What a page says of the point: how many entries are published on it, how many updates wait."""
    recommendation = point.recommendation
    counts = entries.count_entries(session(), actor(), recommendation.id).get(point.id)
    waiting = work.list_open_updates(session(), actor(), recommendation.id).get(point.id, [])
    return {
        "point": point,
        "recommendation": recommendation,
        "published": counts.published if counts else 0,
        "open_updates": len(waiting),
    }


def _stands_now(form: RewordForm | SplitForm, point: ActionPoint) -> None:
    """What was typed stays in the form; sent again, it changes what stands now."""
    form.form_errors.append(
        gettext(
            "Somebody changed this point while you wrote. It now says: “%(text)s”. Your text is in the form: compare,"
            " and send it again",
            text=point.text,
        )
    )
    form.seen.show(point.text)


def _done(review: str, ref: str, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("action_points.index", review=review, ref=ref), 303)
