"""The calendar as a list: what was, what is open now, what comes."""

from flask import Blueprint, current_app, render_template

from tracker import clock
from tracker.queries import milestones
from tracker.web.access import actor, public, state_code
from tracker.web.transactions import session

pages = Blueprint("milestones", __name__)


@pages.get("/calendar")
@public
def calendar() -> str:
    today = clock.day_in(current_app.config["TRACKER"].TIMEZONE, clock.now())
    listed = milestones.list_milestones(session(), actor(), state_code())
    return render_template("milestones/calendar.html", milestones=listed, today=today)
