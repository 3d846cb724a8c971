"""The home page of a review."""

from datetime import date

from flask import Blueprint, current_app, get_template_attribute, render_template
from markupsafe import Markup

from tracker import clock
from tracker.models.milestones import Milestone
from tracker.policy.actors import VISITOR
from tracker.queries import entries, figures, milestones, reviews
from tracker.services.milestones import next_offset
from tracker.web.access import public
from tracker.web.cache import cached_fragment, get_cache
from tracker.web.pages import page_language
from tracker.web.transactions import session

pages = Blueprint("reviews", __name__)
NEWEST = 6
NEXT = 4


@pages.get("/", defaults={"code": None})
@pages.get("/reviews/<code>")
@public
def review(code: str | None) -> str:
    """The newest review that has recommendations, or the one that is named."""
    facts = reviews.get_review_facts(session(), code) if code else reviews.find_current_review(session())
    if facts is None:
        return render_template("reviews/review.html", review=None)
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    state, fragment = cached_fragment(f"home of {today}", facts, lambda: _write_review(facts, today))
    return render_template("reviews/review.html", review=facts, state=state, fragment=fragment)


def _write_review(facts: reviews.ReviewFacts, today: date) -> tuple[str, Markup]:
    """The State's name and everything below the heading, with the eyes of a visitor."""
    row = reviews.get_review(session(), facts.code)
    state = getattr(row.state, f"name_{page_language()}")
    fragment: Markup = get_template_attribute("components/review.html", "review")(
        facts,
        state,
        reviews.list_sources(session(), facts.id),
        get_cache().get("figures", facts, lambda: figures.get_figures(session(), facts.id)),
        entries.list_newest(session(), VISITOR, facts.id, NEWEST),
        _next_milestones(facts.state_code, today),
    )
    return state, fragment


def _next_milestones(state_code: str, today: date) -> list[tuple[Milestone, date | None]]:
    """What comes next, each with the day of its next reminder."""
    return [
        (
            milestone,
            next_offset(milestone.starts_on, milestone.ends_on, today) if milestone.is_reminded else None,
        )
        for milestone in milestones.list_next_milestones(session(), state_code, today, NEXT)
    ]
