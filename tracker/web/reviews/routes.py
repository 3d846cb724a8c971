"""The home page of a review."""

from datetime import date

from flask import Blueprint, current_app, get_template_attribute, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker import clock
from tracker.failures import NotFound
from tracker.models.milestones import Milestone
from tracker.policy.actors import Actor
from tracker.queries import entries, milestones, reviews
from tracker.services.milestones import next_offset
from tracker.web.access import actor, public, state_code
from tracker.web.cache import cached_fragment, figures_of
from tracker.web.pages import method_url
from tracker.web.transactions import session

pages = Blueprint("reviews", __name__)
NEWEST = 6
NEXT = 3


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
    if facts is None:
        return render_template("reviews/review.html", review=None)
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    state, fragment = cached_fragment(
        f"home of {today}", facts, lambda reader: _write_review(reader, facts, today)
    )
    return render_template("reviews/review.html", review=facts, state=state, fragment=fragment)


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
