"""The home page of a review, the list of the reviews of a State, and what its coordinator does with one."""

from datetime import date

from flask import (
    Blueprint,
    current_app,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import BadInput, NotAllowed, NotFound
from tracker.language import gettext
from tracker.models.milestones import Milestone, MilestoneKind
from tracker.models.reviews import Review
from tracker.policy import reviews as policy
from tracker.policy.actors import Actor
from tracker.queries import entries, milestones, reviews
from tracker.queries.imports import list_imports
from tracker.services import reviews as services
from tracker.services.milestones import next_offset
from tracker.web import places
from tracker.web.access import actor, public, requires, state_code
from tracker.web.cache import cached_fragment, figures_of
from tracker.web.next_steps import steps_of
from tracker.web.pages import demonstration, method_url
from tracker.web.reviews.dates import dates_of_review
from tracker.web.reviews.forms import OpenForm
from tracker.web.transactions import session

pages = Blueprint("reviews", __name__)
NEWEST = 6
NEXT = 3
DATED = (MilestoneKind.REVIEW, MilestoneKind.ADOPTION, MilestoneKind.LETTER, MilestoneKind.MID_TERM_REPORT)
"""The dates of a review that the list of reviews names."""


@pages.get("/", defaults={"code": None})
@pages.get("/reviews/<code>", strict_slashes=False)
@public
def review(code: str | None) -> str | Response:
    """The newest review that has recommendations, or the one that is named. A code that is written in another way is
    led to the right address."""
    facts: reviews.ReviewFacts | None
    if code:
        try:
            facts = reviews.get_review_facts(session(), actor(), code)
        except NotFound:
            return redirect(url_for("reviews.review", code=reviews.find_code(session(), actor(), code)))
    else:
        facts = reviews.find_current_review(session(), actor(), state_code())
    steps = None if demonstration() or code else steps_of(actor())
    if facts is None:
        return render_template("reviews/review.html", review=None, steps=steps)
    if not figures_of(facts).recommendations:
        return _empty_review(facts)
    today = _today()
    state, fragment = cached_fragment(
        f"home of {today}", facts, lambda reader: _write_review(reader, facts, today)
    )
    return render_template(
        "reviews/review.html",
        review=facts,
        state=state,
        fragment=fragment,
        steps=steps,
        others=places.list_other_reviews(facts),
        can_prepare=policy.may_prepare_reviews(actor(), facts.state_code),
    )


def _empty_review(facts: reviews.ReviewFacts) -> str:
    """Says that nothing is here yet, what is known of the review, and what to do next."""
    who = actor()
    listed = milestones.list_milestones(session(), who, facts.state_code)
    return render_template(
        "reviews/empty.html",
        review=facts,
        state=reviews.get_review(session(), who, facts.code).state.name,
        dates=[each for each in listed if each.review_id == facts.id and each.kind in DATED],
        not_loaded=reviews.find_not_loaded(session(), who, facts.id),
        others=places.list_other_reviews(facts),
        can_prepare=policy.may_prepare_reviews(who, facts.state_code),
    )


def _write_review(reader: Actor, facts: reviews.ReviewFacts, today: date) -> tuple[str, Markup]:
    """The State's name and everything below the heading, the same for every reader."""
    row = reviews.get_review(session(), reader, facts.code)
    state = row.state.name
    fragment: Markup = get_template_attribute("components/review.html", "review")(
        facts,
        state,
        reviews.list_sources(session(), reader, facts.id),
        figures_of(facts),
        reviews.find_not_loaded(session(), reader, facts.id),
        entries.list_newest(session(), reader, facts.id, NEWEST),
        _next_milestones(reader, facts.state_code, today),
        today,
        method_url(),
    )
    return state, fragment


def _next_milestones(reader: Actor, state_code: str, today: date) -> list[tuple[Milestone, date | None]]:
    """The next milestones, each with the day of its next reminder."""
    return [
        (
            milestone,
            next_offset(milestone.starts_on, milestone.ends_on, today) if milestone.is_reminded else None,
        )
        for milestone in milestones.list_next_milestones(session(), reader, state_code, today, NEXT)
    ]


@pages.get("/reviews")
@public
def index() -> str:
    """The reviews of the reader's State side by side: dates, positions, levels by voice."""
    who, code = actor(), state_code()
    listed = reviews.list_reviews(session(), who, code)
    positions = reviews.count_positions(session(), who, code)
    dates: dict[int | None, list[Milestone]] = {}
    for milestone in milestones.list_milestones(session(), who, code):
        if milestone.kind in DATED:
            dates.setdefault(milestone.review_id, []).append(milestone)
    current = reviews.find_current_review(session(), who, code)
    return render_template(
        "reviews/index.html",
        reviews=listed,
        current=current,
        positions=positions,
        dates=dates,
        figures={each.id: figures_of(each) for each in listed if each.id in positions},
        can_prepare=policy.may_prepare_reviews(who, code),
    )


@pages.route("/reviews/open", methods=["GET", "POST"], endpoint="open")
@requires(policy.may_open_reviews)
def open_() -> ResponseReturnValue:
    """Opens a review of the own State, or continues one that is known and holds no recommendation."""
    form = OpenForm(cycle=request.args.get("cycle", type=int))
    known = reviews.list_reviews(session(), actor(), str(actor().state_code))
    if form.is_submitted() and form.is_valid():
        try:
            opened = services.open_review(
                session(), actor(), str(actor().state_code), form.cycle.data or 0, clock.now()
            )
            if form.names_source:
                services.add_source(session(), actor(), opened, form.source())
        except BadInput as error:
            form.form_errors.append(str(error))
        else:
            return redirect(url_for("reviews.prepare", code=opened.code), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("reviews/open.html", form=form, known=known), status


@pages.get("/reviews/<code>/prepare")
@requires(policy.may_open_reviews)
def prepare(code: str) -> str:
    """What is done and what comes next, until people can write; and what else the coordinator does with the review."""
    review = _get_own(code)
    facts = reviews.get_review_facts(session(), actor(), review.code)
    return render_template(
        "reviews/prepare.html",
        review=review,
        has_recommendations=bool(figures_of(facts).recommendations),
        steps=steps_of(actor(), facts, even_if_over=True),
        dates=dates_of_review(milestones.list_milestones_of(session(), actor(), review.id), _today()),
        sources=reviews.list_sources(session(), actor(), review.id),
        imports=list_imports(session(), actor(), review.id),
    )


@pages.route("/reviews/<code>/publish", methods=["GET", "POST"])
@requires(policy.may_open_reviews)
def publish(code: str) -> ResponseReturnValue:
    """Asks once, and says what everybody will read."""
    review = _get_own(code)
    facts = reviews.get_review_facts(session(), actor(), review.code)
    figures = figures_of(facts)
    if not figures.recommendations or review.is_published:
        return redirect(url_for("reviews.prepare", code=review.code), 303)
    if request.method == "GET":
        return render_template("reviews/publish.html", review=review, figures=figures)
    services.publish_review(session(), actor(), review, clock.now())
    flash(gettext("Published: everybody reads the review %(review)s now.", review=review.code), "success")
    return redirect(url_for("reviews.prepare", code=review.code), 303)


@pages.route("/reviews/<code>/close", methods=["GET", "POST"])
@requires(policy.may_open_reviews)
def close(code: str) -> ResponseReturnValue:
    """Asks once."""
    review = _get_own(code)
    if request.method == "GET":
        return render_template("reviews/close.html", review=review)
    services.close_review(session(), actor(), review, clock.now())
    flash(gettext("Closed: the review %(review)s takes no entries any more.", review=review.code), "success")
    return redirect(url_for("reviews.prepare", code=review.code), 303)


@pages.post("/reviews/<code>/reopen")
@requires(policy.may_open_reviews)
def reopen(code: str) -> Response:
    """It takes entries again."""
    review = _get_own(code)
    services.reopen_review(session(), actor(), review, clock.now())
    flash(gettext("Open again: the review %(review)s takes entries.", review=review.code), "success")
    return redirect(url_for("reviews.prepare", code=review.code), 303)


def _today() -> date:
    return clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())


def _get_own(code: str) -> Review:
    """Unseen is unknown; one of another State is not the actor's to prepare."""
    review = reviews.get_review(session(), actor(), code)
    if not policy.can_prepare_review(actor(), review):
        raise NotAllowed
    return review
