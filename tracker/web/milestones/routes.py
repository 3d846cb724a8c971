"""The calendar as a list: what was, what is open now, what comes."""

from flask import Blueprint, current_app, render_template

from tracker import clock
from tracker.queries import milestones, reviews
from tracker.web.access import public
from tracker.web.transactions import session

pages = Blueprint("milestones", __name__)


@pages.get("/calendar")
@public
def calendar() -> str:
    review = reviews.find_current_review(session())
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    found = milestones.list_milestones(session(), review.state_code) if review else []
    return render_template("milestones/calendar.html", milestones=found, today=today)
