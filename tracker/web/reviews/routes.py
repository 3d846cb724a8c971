"""The home page of a review."""

from datetime import date

from flask import Blueprint, current_app, render_template

from tracker import clock
from tracker.models.milestones import Milestone
from tracker.policy.actors import VISITOR
from tracker.queries import entries, figures, milestones, reviews
from tracker.queries.kept import Kept
from tracker.services.milestones import next_offset
from tracker.web.access import public
from tracker.web.pages import written_once
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
    return written_once(f"home of {today}", facts, lambda: _review(facts, today))


def _review(facts: reviews.ReviewFacts, today: date) -> str:
    kept: Kept = current_app.extensions["kept"]
    found = kept.get("figures", facts, lambda: figures.get_figures(session(), facts.id))
    return render_template(
        "reviews/review.html",
        review=facts,
        heads=kept.get("heads", facts, lambda: _heads(facts.code, facts.id)),
        figures=found,
        newest=kept.get("newest", facts, lambda: entries.list_newest(session(), VISITOR, facts.id, NEWEST)),
        next_milestones=_next_milestones(facts.state_code, today),
    )


def _next_milestones(state_code: str, today: date) -> list[tuple[Milestone, date | None]]:
    """What comes next, each with the day of its next reminder."""
    return [
        (found, next_offset(found.starts_on, found.ends_on, today) if found.is_reminded else None)
        for found in milestones.list_next_milestones(session(), state_code, today, NEXT)
    ]


def _heads(code: str, review_id: int) -> dict[str, object]:
    """What the heading says of the State and of the sources."""
    found = reviews.get_review(session(), code)
    return {
        "state": {language: getattr(found.state, f"name_{language}") for language in ("en", "ru", "ky")},
        "sources": [(source.title, source.dated_on) for source in reviews.list_sources(session(), review_id)],
    }
