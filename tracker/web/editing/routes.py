"""A coordinator adds a recommendation, corrects one, enters the position now, retires and restores it."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.failures import ChangedMeanwhile, NotAllowed, NotFound, ValidationFailed
from tracker.language import LANGUAGES, gettext
from tracker.models.recommendation_fields import RecommendationFields, label_of
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy import recommendations as policy
from tracker.queries import entries, work
from tracker.queries.recommendations import fields as queries
from tracker.queries.recommendations.changes import list_changes
from tracker.queries.recommendations.recommendation import get_recommendation, list_points
from tracker.queries.reviews import get_review
from tracker.services.imports.reading import list_spellings
from tracker.services.imports.vocabularies import ohchr_version
from tracker.services.recommendations import corrections, standing, translations
from tracker.services.reviews import refuse_closed
from tracker.web import places
from tracker.web.access import actor, requires
from tracker.web.editing.forms import PositionForm, RecommendationForm, RetireForm
from tracker.web.editing.translation_form import form_of
from tracker.web.transactions import session

pages = Blueprint("editing", __name__, url_prefix="/editing")


@pages.route("/new/<review>", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def add(review: str) -> ResponseReturnValue:
    """A recommendation that no file brought."""
    of_review = get_review(session(), actor(), review)
    _refuse(of_review)
    form, choices = _form(of_review)
    page: dict[str, Any] = {"form": form, "review": of_review, "choices": choices}
    if request.method == "GET":
        return render_template("editing/add.html", **page)
    wanted = form.read(list_spellings(session(), of_review.state_code), None) if form.validate() else None
    if wanted is None:
        return render_template("editing/add.html", **page), 422
    try:
        added = corrections.add_recommendation(session(), actor(), of_review, wanted, clock.now())
    except ValidationFailed as error:
        _explain(form, error)
        return render_template("editing/add.html", **page), 422
    flash(gettext("Added. It has one action point, its own text."), "success")
    return _to(review, added.ref)


@pages.route("/<review>/<ref>", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def correct(review: str, ref: str) -> ResponseReturnValue:
    """Its fields as they stand, and below what was changed last, before and after."""
    try:
        recommendation = _get(review, ref)
    except NotFound:
        return places.to_form("editing.correct", review, ref=ref)
    form, choices = _form(recommendation.review)
    before = queries.get_fields(session(), actor(), recommendation)
    if request.method == "GET":
        form.fill(before, queries.list_state_names(session(), actor(), before.state_codes))
        return _correction(form, choices, recommendation)
    spellings = list_spellings(session(), recommendation.review.state_code)
    wanted = form.read(spellings, before) if form.validate() else None
    if wanted is None:
        return _correction(form, choices, recommendation), 422
    try:
        changed = corrections.correct_recommendation(
            session(),
            actor(),
            recommendation,
            wanted,
            clock.now(),
            seen=form.seen.data,
            is_slip=bool(form.is_slip.data),
        )
    except ChangedMeanwhile as error:
        form.seen.show(error.theirs.digest)
        stands = _differences(wanted, error.theirs, choices)
        return _correction(form, choices, recommendation, stands), 409
    except ValidationFailed as error:
        _explain(form, error)
        return _correction(form, choices, recommendation), 422
    said = ", ".join(map(label_of, changed))
    if changed:
        flash(gettext("Corrected: %(fields)s.", fields=said), "success")
    else:
        flash(gettext("Nothing was different, so nothing was changed."))
    return _to(review, recommendation.ref)


def _correction(
    form: RecommendationForm,
    choices: queries.Choices,
    recommendation: Recommendation,
    stands: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "editing/correct.html",
        form=form,
        choices=choices,
        recommendation=recommendation,
        stands=stands,
        changes=list_changes(session(), actor(), recommendation),
    )


def _differences(
    wanted: RecommendationFields,
    theirs: RecommendationFields,
    choices: queries.Choices,
) -> list[tuple[str, str]]:
    """Label and what stands now of each field in which the form says something else."""
    found = []
    for name in theirs.changed_from(wanted):
        value = getattr(theirs, name)
        if name in ("theme_ids", "group_ids"):
            words = ", ".join(choices.label_of(name, each) for each in sorted(value))
        elif isinstance(value, frozenset):
            words = ", ".join(sorted(value))
        elif name in ("source_id", "heading_id"):
            words = choices.label_of(name, value) if value else ""
        else:
            words = getattr(value, "label", value) or ""
        found.append((label_of(name), words))
    return found


@pages.route("/<review>/<ref>/position", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def position(review: str, ref: str) -> ResponseReturnValue:
    """A later change of mind of the State, with its day and source. The position at adoption stays beside it."""
    recommendation = _get(review, ref)
    form = PositionForm()
    form.offer(recommendation)
    page: dict[str, Any] = {"form": form, "recommendation": recommendation}
    if request.method == "GET":
        form.fill(standing.position_now_of(recommendation))
        return render_template("editing/position.html", **page)
    if not form.validate():
        return render_template("editing/position.html", **page), 422
    now = clock.now()
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, now)
    try:
        standing.change_position_now(
            session(), actor(), recommendation, form.read(), today, now, form.seen.data
        )
    except ChangedMeanwhile as error:
        form.seen.show(error.theirs.seen)
        return render_template("editing/position.html", **page, stands=error.theirs), 409
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("editing/position.html", **page), 422
    flash(gettext("Stored. The position at adoption stays beside it."), "success")
    return _to(review, ref)


@pages.route("/<review>/<ref>/retire", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def retire(review: str, ref: str) -> ResponseReturnValue:
    """Asks once, with what follows from it. Of a retired one this page restores it."""
    recommendation, form = _get(review, ref), RetireForm()
    counts = entries.count_entries(session(), actor(), recommendation.id)
    page: dict[str, Any] = {
        "form": form,
        "recommendation": recommendation,
        "published": sum(count.published for count in counts.values()),
        "open_updates": sum(map(len, work.list_open_updates(session(), actor(), recommendation.id).values())),
    }
    if request.method == "GET":
        return render_template("editing/retire.html", **page)
    if not form.validate():
        return render_template("editing/retire.html", **page), 422
    standing.retire_recommendation(session(), actor(), recommendation, form.reason.data or "", clock.now())
    flash(gettext("Retired. Its page stays and tells the reason; you can restore it at any time."), "success")
    return _to(review, ref)


@pages.post("/<review>/<ref>/restore")
@requires(policy.may_edit_recommendations)
def restore(review: str, ref: str) -> ResponseReturnValue:
    recommendation = _get(review, ref)
    standing.restore_recommendation(session(), actor(), recommendation, clock.now())
    flash(gettext("Restored, with the points that were retired with it."), "success")
    return _to(review, ref)


@pages.route("/<review>/<ref>/translations/<language>", methods=["GET", "POST"])
@requires(policy.may_edit_recommendations)
def translate(review: str, ref: str, language: str) -> ResponseReturnValue:
    """The texts in one language, each beside the authentic one. They are added or corrected together."""
    try:
        recommendation = _get(review, ref)
    except NotFound:
        return places.to_form("editing.translate", review, ref=ref, language=language)
    if language not in LANGUAGES or language == recommendation.source.language:
        raise NotFound
    points = [each for each in list_points(session(), actor(), recommendation.id) if each.retired_at is None]
    stands = translations.get_translation(session(), actor(), recommendation, language)
    form = form_of(points)
    page: dict[str, Any] = {
        "form": form,
        "recommendation": recommendation,
        "language": language,
        "points": points,
        "stands": stands,
    }
    if request.method == "GET":
        form.fill(stands, translations.seen_of(session(), recommendation, stands))
        return render_template("editing/translate.html", **page)
    wanted = form.read(language) if form.validate() else None
    if wanted is None:
        return render_template("editing/translate.html", **page), 422
    try:
        is_changed = translations.correct_translation(
            session(), actor(), recommendation, language, wanted, clock.now(), seen=form.seen.data
        )
    except ChangedMeanwhile as error:
        form.seen.show(translations.seen_of(session(), recommendation, error.theirs))
        return render_template("editing/translate.html", **page, theirs=error.theirs, is_outdated=True), 409
    except ValidationFailed as error:
        form.add_errors(error.sentences)
        return render_template("editing/translate.html", **page), 422
    flash(
        gettext("Stored.") if is_changed else gettext("Nothing was different, so nothing was changed."),
        "success",
    )
    return _to_translations(review, ref, language)


@pages.post("/<review>/<ref>/translations/<language>/remove")
@requires(policy.may_edit_recommendations)
def remove_translation(review: str, ref: str, language: str) -> ResponseReturnValue:
    recommendation = _get(review, ref)
    translations.remove_translation(session(), actor(), recommendation, language, clock.now())
    flash(gettext("Removed. The history keeps what it said."), "success")
    return _to_translations(review, ref, None)


def _to_translations(review: str, ref: str, language: str | None) -> ResponseReturnValue:
    return redirect(url_for("recommendations.translations", review=review, ref=ref, language=language), 303)


def _get(review: str, ref: str) -> Recommendation:
    recommendation = get_recommendation(session(), actor(), review, ref)
    _refuse(recommendation.review)
    return recommendation


def _refuse(review: Review) -> None:
    """Somebody of another State, or a review that is closed."""
    if not policy.can_edit_recommendation(actor(), review):
        raise NotAllowed
    refuse_closed(review.closed_at)


def _form(review: Review) -> tuple[RecommendationForm, queries.Choices]:
    choices = queries.list_choices(session(), actor(), review, ohchr_version(review.cycle))
    form = RecommendationForm()
    form.offer(choices)
    return form, choices


def _explain(form: RecommendationForm, error: ValidationFailed) -> None:
    names = {"sdg_codes": "sdgs"}
    form.add_errors({names.get(name, name): sentence for name, sentence in error.sentences.items()})


def _to(review: str, ref: str) -> ResponseReturnValue:
    return redirect(url_for("recommendations.recommendation", review=review, ref=ref), 303)
