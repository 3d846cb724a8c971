"""The calendar: what comes, as a picture and a table; then what was, newest first. All dates with their sources."""

from flask import Blueprint, current_app, render_template

from tracker import clock
from tracker.queries import milestones, reviews
from tracker.web.access import actor, public, state_code
from tracker.web.milestones.dates import dates_of, find_next, time_until, windows_of
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
    return render_template("milestones/sources.html", milestones=listed)
